import { describe, expect, test, vi } from 'vitest';
import type { StandardSchema } from '../../../src/core/standard-schema.ts';
import { array } from '../../../src/schema/array.ts';
import { fromText } from '../../../src/schema/from-text.ts';
import { int } from '../../../src/schema/number.ts';
import { object } from '../../../src/schema/object.ts';
import { optional } from '../../../src/schema/optional.ts';
import { string } from '../../../src/schema/string.ts';
import { createModes } from '../../../src/secure/modes.ts';
import { secure } from '../../../src/secure/secure.ts';
import { as, bearer, codeOf, get, ok, open, quiet } from '../fixtures.ts';

/** Takes anything, and remembers it. */
function foreign(seen: unknown[] = []): StandardSchema<unknown, unknown> {
  const validate = (value: unknown): { readonly value: unknown } => {
    seen.push(value);
    return { value };
  };
  return { '~standard': { version: 1, vendor: 'other', validate } };
}

const page = fromText(
  object({
    q: optional(string({ max: 20 }), ''),
    limit: optional(int({ min: 1 }), 10),
    tag: optional(array(string()), []),
  }),
);

describe('queryStage()', () => {
  const handler = secure({ ...open, query: page }, (_request, { query }) => Response.json(query));

  test.each([
    ['/', { q: '', limit: 10, tag: [] }],
    ['/?q=pen&limit=7', { q: 'pen', limit: 7, tag: [] }],
    ['/?tag=a&tag=b', { q: '', limit: 10, tag: ['a', 'b'] }],
    ['/?q=%C3%A4+b', { q: 'ä b', limit: 10, tag: [] }],
    ['/?', { q: '', limit: 10, tag: [] }],
    ['/?&&', { q: '', limit: 10, tag: [] }],
  ])('reads %s', async (path, query) => {
    expect(await (await handler(get(path))).json()).toEqual(query);
  });

  test.each([
    ['another name', '/?admin=1'],
    ['a number that is none', '/?limit=1e9'],
    // Hostile list 42.
    ['two values where one belongs', '/?limit=1&limit=2'],
    ['two values, spelled in two ways', '/?limit=1&%6Cimit=2'],
    ['brackets', '/?limit[]=1'],
    ['a path of names', '/?limit.min=1'],
    ['the name of a prototype', '/?__proto__=x'],
    ['the name of a prototype in brackets', '/?__proto__[limit]=1'],
    ['a constructor', '/?constructor=x'],
    ['a lone percent', '/?q=%'],
    ['an escape that is none', '/?q=%zz'],
    ['a byte that is no UTF-8', '/?q=%ff'],
    ['an overlong slash', '/?q=%c0%af'],
    ['a name that is no UTF-8', '/?%ff=1'],
    ['half a character', '/?q=%ed%a0%80'],
    ['101 of one name', `/?${'tag=a&'.repeat(101)}`],
    ['an empty name', '/?=1'],
  ])('refuses %s', async (_what, path) => {
    const run = vi.fn(ok);
    const response = await secure({ ...open, query: page }, run)(get(path));
    expect([response.status, await codeOf(response), run.mock.calls.length]).toEqual([400, 'query_invalid', 0]);
  });

  test('names the place and never the value', async () => {
    const text = await (await handler(get('/?limit=hunter2'))).text();
    expect(JSON.parse(text)).toMatchObject({ code: 'query_invalid', issues: [{ path: ['limit'] }] });
    expect(text).not.toContain('hunter2');
  });

  // Many validators take what an object inherits for what was sent.
  test('gives a foreign schema texts and lists of them, without a prototype', async () => {
    const seen: unknown[] = [];
    await secure({ ...open, query: foreign(seen) }, ok)(get('/?a=1&b=2&b=3&b=4&__proto__=x&c'));
    const expected: Record<string, unknown> = Object.create(null);
    Object.assign(expected, { a: '1', b: ['2', '3', '4'], c: '' });
    Object.defineProperty(expected, '__proto__', { value: 'x', enumerable: true });
    expect(seen).toEqual([expected]);
    expect(Object.getPrototypeOf(seen[0])).toBeNull();
    expect(Reflect.get({}, 'x')).toBeUndefined();
  });

  test('bounds how many a foreign schema gets', async () => {
    const query = foreign();
    expect((await secure({ ...open, query }, ok)(get(`/?${'a=1&'.repeat(100)}`))).status).toBe(200);
    expect(await codeOf(await secure({ ...open, query }, ok)(get(`/?${'a=1&'.repeat(101)}`)))).toBe('query_invalid');
  });

  test('answers 500 where a foreign schema throws, and runs no handler', async () => {
    const broken: StandardSchema = {
      '~standard': { version: 1, vendor: 'other', validate: () => Promise.reject(new Error('secret')) },
    };
    const run = vi.fn(ok);
    const response = await secure({ ...open, query: broken, ...quiet }, run)(get('/?a'));
    expect([response.status, run.mock.calls.length]).toEqual([500, 0]);
  });

  test('is not read where the policy has no schema for it', async () => {
    const response = await secure(open, (_request, context) => Response.json([context.query ?? null]))(get('/?q=%zz'));
    expect(await response.json()).toEqual([null]);
  });

  // Hostile list 19: what would be valid is for those who may ask.
  test('is looked at when who asks is known', async () => {
    const { auth } = bearer();
    const guarded = secure({ ...open, auth, scopes: ['orders:write'], query: page }, ok);
    expect((await guarded(get('/?limit=x'))).status).toBe(401);
    expect((await guarded(get('/?limit=x', as('reader')))).status).toBe(403);
    expect((await guarded(get('/?limit=x', as('writer')))).status).toBe(400);
  });

  test('leaves what came, where it only reports; what comes late changes nothing', async () => {
    let settle = (): void => undefined;
    const slow: StandardSchema<unknown, unknown> = {
      '~standard': {
        version: 1,
        vendor: 'other',
        validate: () => new Promise((resolve) => settle = () => resolve({ value: 'late' })),
      },
    };
    const reporting = secure({
      ...open,
      query: slow,
      mode: createModes({ query: { mode: 'report', until: '2999-01-01', reason: 'trial' } }),
      timeouts: { stageMs: 5 },
      onEvent: () => undefined,
      authorize: async () => {
        settle();
        return await new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 5));
      },
    }, (_request, { query, wouldDeny }) => Response.json([query, wouldDeny]));
    expect(await (await reporting(get('/?a=1'))).json()).toEqual([
      { a: '1' },
      [{ stage: 'query', code: 'deadline_exceeded' }],
    ]);
  });
});

describe('paramsStage()', () => {
  const params = fromText(object({ id: int({ min: 1 }) }));
  const handler = secure({ ...open, params, ...quiet }, (_request, context) => Response.json(context.params.id));
  const refused: readonly (readonly [string, object])[] = [
    ['what does not fit', { id: 'x' }],
    ['what is missing', {}],
    ['another name', { id: '1', admin: '1' }],
    ['a list where one belongs', { id: ['1', '2'] }],
    ['an object', { id: { toString: () => '1' } }],
    ['a number, which no router makes', { id: 1 }],
    ['an undefined', { id: undefined }],
    ['a prototype’s', Object.create({ id: '1' })],
    ['the name of a prototype', JSON.parse('{"id":"1","__proto__":{"admin":"1"}}')],
    ['101 of them', Object.fromEntries(Array.from({ length: 101 }, (_, n) => [`p${n}`, '1']))],
  ];

  test.each([
    ['an object', { params: { id: '7' } }],
    ['a promise of one, as in Next.js', { params: Promise.resolve({ id: '7' }) }],
    ['one without a prototype, as of URLPattern', { params: Object.assign(Object.create(null), { id: '7' }) }],
  ])('reads %s', async (_what, beside) => {
    expect(await (await handler(get(), beside)).json()).toBe(7);
  });

  test.each(refused)('refuses %s', async (_what, given) => {
    const response = await handler(get(), { params: given });
    expect([response.status, await codeOf(response)]).toEqual([400, 'params_invalid']);
  });

  // Without what the router says there is nothing to check: it is the server that is wrong.
  const rejected = Promise.reject(new Error('secret'));
  rejected.catch(() => undefined);
  test.each<readonly [string, readonly unknown[]]>([
    ['nothing', []],
    ['null', [null]],
    ['no parameters', [{ peerAddress: '192.0.2.1' }]],
    ['undefined', [{ params: undefined }]],
    ['a text', [{ params: 'id' }]],
    ['a promise of nothing', [{ params: Promise.resolve() }]],
    ['a promise that rejects', [{ params: rejected }]],
    ['those of a prototype', [Object.create({ params: { id: '7' } })]],
    ['those of another place', [undefined, { params: { id: '7' } }]],
    ['a getter that throws', [{
      get params(): never {
        throw new Error('secret');
      },
    }]],
  ])('answers 500 where the router has passed %s', async (_what, platform) => {
    const response = await handler(get(), ...platform);
    expect([response.status, await codeOf(response)]).toEqual([500, 'internal_error']);
  });

  test('gives a foreign schema what a router matched, lists too', async () => {
    const seen: unknown[] = [];
    await secure({ ...open, params: foreign(seen) }, ok)(get(), { params: { slug: ['a', 'b'], id: '1' } });
    expect(seen).toEqual([Object.assign(Object.create(null), { slug: ['a', 'b'], id: '1' })]);
  });

  test('takes none that come late, where it only reports', async () => {
    let settle = (_params: object): void => undefined;
    const late = new Promise<object>((resolve) => settle = resolve);
    const reporting = secure({
      ...open,
      params,
      mode: createModes({ params: 'report' }),
      timeouts: { stageMs: 5 },
      onEvent: () => undefined,
      authorize: async () => {
        settle({ id: '7' });
        return await new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 5));
      },
    }, (_request, context) => Response.json(context.params ?? null));
    expect(await (await reporting(get(), { params: late })).json()).toBeNull();
  });

  test.each(['params', 'query'])('%s are text: a schema of values must be wrapped', (field) => {
    expect(() => secure({ ...open, [field]: object({ id: int() }) } as never, ok)).toThrow(/fromText/);
    expect(() => secure({ ...open, [field]: { id: 'string' } } as never, ok)).toThrow(TypeError);
  });
});
