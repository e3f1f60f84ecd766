import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../../src/core/refusal.ts';
import type { StandardSchema } from '../../../src/core/standard-schema.ts';
import { object } from '../../../src/schema/object.ts';
import { string } from '../../../src/schema/string.ts';
import { createModes } from '../../../src/secure/modes.ts';
import { secure } from '../../../src/secure/secure.ts';
import { codeOf, get, open, quiet } from '../fixtures.ts';

const schema = object({ name: string({ max: 10 }) }, { unknown: 'strip' });
const JSON_TYPE = { 'content-type': 'application/json' };
const mode = createModes({ response: { mode: 'report', until: '2999-01-01', reason: 'trial' } });
const ROW = { name: 'pen', passwordHash: 's3cret' };

const answer = async (made: () => unknown, more: object = {}): Promise<Response> =>
  await secure({ ...open, ...quiet, response: schema, ...more }, made as () => Response)(get());

function foreign(validate: (value: unknown) => unknown): StandardSchema<unknown, unknown> {
  return { '~standard': { version: 1, vendor: 'other', validate: validate as () => { value: unknown } } };
}

describe('responseFilter()', () => {
  // Hostile list 66: a row of the database has more columns than its page shows.
  test('lets out what its schema names', async () => {
    const text = await (await answer(() => Response.json(ROW))).text();
    expect(text).toBe('{"name":"pen"}');
  });

  test('keeps status and headers, cookies too, but not the length of what it was', async () => {
    const headers = new Headers({ 'content-type': 'application/problem+json', 'content-length': '999', 'x-a': 'b' });
    headers.append('set-cookie', 'a=1');
    headers.append('set-cookie', 'b=2');
    const response = await answer(() => new Response(JSON.stringify(ROW), { status: 201, headers }));
    expect([response.status, response.headers.get('x-a'), response.headers.get('content-length')]).toEqual([
      201,
      'b',
      null,
    ]);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.json()).toEqual({ name: 'pen' });
  });

  // Else one bisects columns by hand. Places and rules, no values.
  test('tells onError where it does not fit', async () => {
    const errors: unknown[] = [];
    await answer(() => Response.json({ name: 's3cret'.repeat(10) }), {
      onError: (error: unknown) => errors.push(error),
    });
    expect(errors).toMatchObject([{ cause: [{ code: 'too_long', path: ['name'] }] }]);
    expect(JSON.stringify(Reflect.get(Object(errors[0]), 'cause'))).not.toContain('s3cret');
  });

  const REFUSED: readonly (readonly [string, () => unknown])[] = [
    ['what does not fit', () => Response.json({ name: 's3cret'.repeat(10) })],
    ['what is missing', () => Response.json({ title: 's3cret' })],
    ['a list', () => Response.json([ROW])],
    ['a text that is no JSON', () => new Response('s3cret', { headers: JSON_TYPE })],
    ['what is no UTF-8', () => new Response(new Uint8Array([0x22, 0xff, 0x22]), { headers: JSON_TYPE })],
    ['a key twice', () => new Response('{"name":"a","name":"s3cret"}', { headers: JSON_TYPE })],
    ['a page', () => new Response('<p>s3cret', { headers: { 'content-type': 'text/html' } })],
    ['JSON of no type', () => new Response(JSON.stringify(ROW), { headers: { 'content-type': '' } })],
    ['JSON of another type', () => new Response(JSON.stringify(ROW), { headers: { 'content-type': 'text/plain' } })],
    ['an empty body of JSON', () => new Response('', { headers: JSON_TYPE })],
    [
      'a body that fails',
      () =>
        new Response(new ReadableStream({ pull: (controller) => controller.error(new Error('s3cret')) }), {
          headers: JSON_TYPE,
        }),
    ],
    ['a body that somebody reads', () => {
      const response = Response.json(ROW);
      response.body?.getReader();
      return response;
    }],
  ];
  test.each(REFUSED)('answers 500 for %s, and lets nothing of it out', async (_what, made) => {
    const onError = vi.fn();
    const response = await answer(made, { onError });
    const text = await response.text();
    expect([response.status, JSON.parse(text)['code']]).toEqual([500, 'internal_error']);
    expect(text).not.toContain('s3cret');
    expect(onError).toHaveBeenCalledTimes(1);
  });

  test('says where it failed in the log, and nothing of what', async () => {
    const onError = vi.fn();
    await answer(() => Response.json({ name: 's3cret'.repeat(10) }), { onError });
    await answer(() => new Response('s3cret', { headers: JSON_TYPE }), { onError });
    for (const [error] of onError.mock.calls) expect(`${error}${error.stack}${error.cause}`).not.toContain('s3cret');
  });

  const FOREIGN: readonly (readonly [string, (value: unknown) => unknown])[] = [
    ['throws', () => {
      throw new Error('broken');
    }],
    ['rejects', () => Promise.reject(new Error('broken'))],
    ['answers nothing', () => undefined],
    ['answers a value beside issues', () => ({ value: ROW, issues: [{ message: 'no' }] })],
    ['answers what JSON has no word for', () => ({ value: undefined })],
    ['answers a function', () => ({ value: () => 1 })],
    ['answers a BigInt', () => ({ value: 1n })],
    ['answers a circle', () => {
      const value: Record<string, unknown> = {};
      value['self'] = value;
      return { value };
    }],
  ];
  test.each(FOREIGN)('answers 500 where a foreign schema %s', async (_what, validate) => {
    expect((await answer(() => Response.json(ROW), { response: foreign(validate) })).status).toBe(500);
  });

  test('takes what a foreign schema makes of it, also later', async () => {
    const response = foreign(async () => await Promise.resolve({ value: { made: true } }));
    expect(await (await answer(() => Response.json(ROW), { response })).json()).toEqual({ made: true });
  });

  test.each([
    ['an answer without a body', () => new Response(null, { status: 204 }), 204],
    ['a redirect', () => Response.redirect('https://api.test/a', 303), 303],
    ['a refusal of the handler’s', () => Response.json({ why: 'x' }, { status: 409 }), 409],
    ['a thrown refusal', () => {
      throw new Refusal('not_found');
    }, 404],
  ])('lets %s pass', async (_what, made, status) => {
    expect((await answer(made)).status).toBe(status);
  });

  test('answers HEAD as GET', async () => {
    const handler = secure({ ...open, ...quiet, response: schema }, () => Response.json({ title: 's3cret' }));
    expect((await handler(new Request('https://api.test/', { method: 'HEAD' }))).status).toBe(500);
  });

  test('is no list of names', () => {
    expect(() => secure({ ...open, response: ['name'] } as never, () => new Response())).toThrow(/schema/);
  });
});

describe('responseFilter() that only reports', () => {
  // Not even its bytes are other ones: what is compressed is no text.
  test.each([
    ['what does not fit', JSON.stringify({ title: 'x' }), 'application/json'],
    ['what is no JSON', '{', 'application/json'],
    ['a page', '<p>', 'text/html'],
    ['a byte order mark', '\ufeff{"name":"pen"}', 'application/json'],
  ])('leaves %s as it is, and says so', async (_what, text, type) => {
    const events: unknown[] = [];
    const bytes = new TextEncoder().encode(text);
    const onEvent = (event: object): void => void events.push(event);
    const made = (): Response => new Response(bytes, { headers: { 'content-type': type } });
    const response = await answer(made, { mode, onEvent });
    expect([response.status, new Uint8Array(await response.arrayBuffer())]).toEqual([200, bytes]);
    expect(events).toMatchObject([
      { outcome: 'not_enforced', stage: 'response' },
      { outcome: 'would_deny', stage: 'response', code: 'internal_error' },
      { outcome: 'allowed' },
    ]);
  });

  test('leaves bytes that are no text', async () => {
    const bytes = new Uint8Array([0x1f, 0x8b, 0xff, 0x00]);
    const response = await answer(() => new Response(bytes, { headers: JSON_TYPE }), {
      mode,
      onEvent: () => undefined,
    });
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test('filters what fits, and still answers 500 for a body that fails', async () => {
    const onEvent = (): void => undefined;
    expect(await (await answer(() => Response.json(ROW), { mode, onEvent })).json()).toEqual({ name: 'pen' });
    const failing = new ReadableStream({ pull: (controller) => controller.error(new Error('secret')) });
    const response = await answer(() => new Response(failing, { headers: JSON_TYPE }), { mode, onEvent });
    expect(await codeOf(response)).toBe('internal_error');
  });

  test('needs a schema', () => {
    expect(() => secure({ ...open, mode }, () => new Response())).toThrow(/mode of response/);
  });
});
