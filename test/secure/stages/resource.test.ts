import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../../src/core/refusal.ts';
import { createIfMatch } from '../../../src/net/if-match.ts';
import { secure } from '../../../src/secure/secure.ts';
import { as, bearer, codeOf, get, ok, open, quiet } from '../fixtures.ts';

describe('secure(): resource and authorize', () => {
  const { auth } = bearer();
  const orders = new Map([['/1', { owner: 'alice' }], ['/2', { owner: 'bob' }]]);
  const policy = {
    ...open,
    auth,
    resource: ({ url }: { readonly url: URL }) => orders.get(url.pathname),
    ...quiet,
  };

  test('answers 404 for what does not exist, without asking authorize', async () => {
    const authorize = vi.fn(() => true);
    const response = await secure({ ...policy, authorize }, ok)(get('/3', as('reader')));
    expect([response.status, authorize.mock.calls.length]).toEqual([404, 0]);
  });

  test("answers 403 for what is another's, or 404 with the same body when that is to be hidden", async () => {
    const authorize = (
      { principal, resource }: {
        readonly principal: { readonly id: string };
        readonly resource: { readonly owner: string };
      },
    ): boolean => principal.id === resource.owner;
    const shown = await secure({ ...policy, authorize }, ok)(get('/2', as('reader')));
    const hidden = secure({ ...policy, authorize, notFoundInsteadOfForbidden: true }, ok);
    expect([shown.status, await codeOf(shown)]).toEqual([403, 'forbidden']);
    const [forbidden, missing] = [await hidden(get('/2', as('reader'))), await hidden(get('/3', as('reader')))];
    const withoutId = async (response: Response): Promise<object> => ({ ...(await response.json()), requestId: '' });
    expect(await withoutId(forbidden)).toEqual(await withoutId(missing));
  });

  // A forgotten await is a promise, and a promise is truthy.
  const NOT_TRUE: readonly (readonly [string, () => unknown])[] = [
    ['undefined', () => undefined],
    ['1', () => 1],
    ['"yes"', () => 'yes'],
    ['an object', () => ({})],
    ['a promise of undefined', () => Promise.resolve()],
    ['a function', () => () => true],
    ['a boxed true', () => Object(true)],
  ];
  test.each(NOT_TRUE)('denies when authorize returns %s', async (_what, authorize) => {
    const response = await secure({ ...policy, authorize: authorize as () => boolean }, ok)(get('/1', as('reader')));
    expect(response.status).toBe(403);
  });

  test.each(['resource', 'authorize'])('answers 500 and runs no handler when %s throws', async (name) => {
    const handler = vi.fn(ok);
    const broken = (): never => {
      throw new Error('secret');
    };
    const response = await secure({ ...policy, authorize: () => true, [name]: broken }, handler)(
      get('/1', as('reader')),
    );
    expect([response.status, handler.mock.calls.length]).toEqual([500, 0]);
    expect(await response.text()).not.toContain('secret');
  });

  test('runs authorize without a resource, for what depends on the request alone', async () => {
    const handler = secure({ ...open, auth, authorize: ({ principal }) => principal.id === 'alice' }, ok);
    expect([(await handler(get('/', as('reader')))).status, (await handler(get('/', as('writer')))).status]).toEqual([
      200,
      403,
    ]);
  });

  // A loader that answers with nothing of its own has found something.
  test.each([[false], [0], [''], [[]]])('takes %o for a resource', async (found) => {
    const authorize = vi.fn(() => true);
    const response = await secure({ ...policy, resource: () => found as unknown, authorize }, ok)(
      get('/1', as('reader')),
    );
    expect([response.status, authorize.mock.calls.length]).toEqual([200, 1]);
  });

  // Hostile list 62.
  test('answers 404 for null and for a promise of nothing', async () => {
    const authorize = vi.fn(() => true);
    for (const resource of [() => null, () => Promise.resolve(null), () => Promise.resolve(undefined)]) {
      expect((await secure({ ...policy, resource, authorize }, ok)(get('/1', as('reader')))).status).toBe(404);
    }
    expect(authorize).not.toHaveBeenCalled();
  });

  // A check of this package that is thrown, and not answered, would tell that there is something to be had.
  test.each([
    ['throws', () => {
      throw new Refusal('forbidden');
    }],
    [
      'rejects with',
      () => Promise.reject(new Refusal('insufficient_scope', { headers: { 'www-authenticate': 'Bearer' } })),
    ],
  ])('hides also what authorize %s', async (_what, authorize) => {
    const hidden = secure({ ...policy, authorize, notFoundInsteadOfForbidden: true }, ok);
    const [forbidden, missing] = [await hidden(get('/2', as('reader'))), await hidden(get('/3', as('reader')))];
    expect([forbidden.status, forbidden.headers.get('www-authenticate')]).toEqual([404, null]);
    const withoutId = async (response: Response): Promise<object> => ({ ...(await response.json()), requestId: '' });
    expect(await withoutId(forbidden)).toEqual(await withoutId(missing));
    expect((await secure({ ...policy, authorize }, ok)(get('/2', as('reader')))).status).toBe(403);
  });

  test('hides no error, and no other refusal', async () => {
    const authorize = (): never => {
      throw new Refusal('store_unavailable');
    };
    expect(
      (await secure({ ...policy, authorize, notFoundInsteadOfForbidden: true }, ok)(get('/1', as('reader')))).status,
    )
      .toBe(503);
  });

  test('shows authorize and the handler the same, frozen', async () => {
    const seen: object[] = [];
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
    const handler = secure({
      ...policy,
      resource: (context) => {
        seen.push(context);
        return { owner: 'alice' };
      },
      authorize: (context) => {
        seen.push(context);
        return true;
      },
    }, (_request, context) => {
      seen.push(context);
      return Response.json(context.resource);
    });
    expect(await (await handler(get('/1', { ...as('reader'), traceparent }))).json()).toEqual({ owner: 'alice' });
    expect(seen.map((context) => Object.isFrozen(context))).toEqual([true, true, true]);
    const loaded = { owner: 'alice' };
    expect(seen.map((context) => Reflect.get(context, 'resource'))).toEqual([undefined, loaded, loaded]);
    expect(seen[2]).toEqual(seen[1]);
    expect({ ...seen[0], resource: { owner: 'alice' } }).toEqual(seen[2]);
    expect(seen[0]).toMatchObject({ trace: { sampled: true }, claims: { sub: 'alice' }, method: 'GET' });
  });
});

describe('secure(): precondition', () => {
  const { auth } = bearer();
  const versionOf = ({ version }: { readonly version: number }): string => String(version);
  const policy = {
    methods: ['GET', 'PUT'] as const,
    auth,
    resource: ({ url }: { readonly url: URL }) => url.pathname === '/1' ? { owner: 'alice', version: 7 } : undefined,
    authorize: ({ principal, resource }: {
      readonly principal: { readonly id: string };
      readonly resource: { readonly owner: string };
    }) => principal.id === resource.owner,
    ...quiet,
  };
  const put = (headers: Readonly<Record<string, string>>, path = '/1'): Request =>
    new Request(`https://api.test${path}`, { method: 'PUT', headers });
  const handler = secure({ ...policy, precondition: createIfMatch({ versionOf, required: true }) }, ok);

  // Hostile list 64.
  test.each([
    ['the version that is there', { ...as('reader'), 'if-match': '"7"' }, 200, ''],
    ['another', { ...as('reader'), 'if-match': '"6"' }, 412, 'precondition_failed'],
    ['none', as('reader'), 428, 'precondition_required'],
    ['a weak one', { ...as('reader'), 'if-match': 'W/"7"' }, 412, 'precondition_failed'],
    ['what is no list', { ...as('reader'), 'if-match': '7' }, 400, 'request_malformed'],
    // What somebody else may not see has no version for him either.
    ['of another’s the version that is there', { ...as('writer'), 'if-match': '"7"' }, 403, 'forbidden'],
    ['of another’s another', { ...as('writer'), 'if-match': '"6"' }, 403, 'forbidden'],
    ['of another’s none', as('writer'), 403, 'forbidden'],
  ])('a change that names %s', async (_what, headers, status, code) => {
    const response = await handler(put(headers));
    expect([response.status, response.ok ? '' : await codeOf(response)]).toEqual([status, code]);
  });

  test('of what is not there', async () => {
    expect((await handler(put({ ...as('reader'), 'if-match': '*' }, '/2'))).status).toBe(404);
  });

  test('a request that changes nothing needs none', async () => {
    expect((await handler(get('/1', as('reader')))).status).toBe(200);
  });

  test('a version that is none is an error of the server', async () => {
    for (const wrong of [() => 'a b', () => Promise.resolve('7'), () => 7, () => ({})]) {
      const precondition = createIfMatch({ versionOf: wrong as () => string });
      const response = await secure({ ...policy, precondition }, ok)(put({ ...as('reader'), 'if-match': '"7"' }));
      expect(response.status).toBe(500);
    }
  });

  test('needs a resource', () => {
    const precondition = createIfMatch({ versionOf });
    expect(() => secure({ methods: ['PUT'], auth, precondition } as never, ok)).toThrow(/needs a resource/);
  });
});
