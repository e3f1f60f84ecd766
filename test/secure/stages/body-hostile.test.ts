import { describe, expect, test, vi } from 'vitest';
import { object } from '../../../src/schema/object.ts';
import { string } from '../../../src/schema/string.ts';
import { secure } from '../../../src/secure/secure.ts';
import { codeOf, open, ORIGIN, post, quiet } from '../fixtures.ts';

const policy = { ...open, methods: ['POST', 'DELETE'] as const, body: object({ name: string() }) };

async function answer(request: Request): Promise<readonly [number, string, number]> {
  const handler = vi.fn((_request: Request, { body }: { readonly body: unknown }) => Response.json(body));
  const response = await secure(policy, handler)(request);
  return [response.status, response.ok ? '' : await codeOf(response), handler.mock.calls.length];
}

describe('a JSON body', () => {
  // Hostile list 39: a type that nobody reads must never mean "as it is".
  test.each([
    ['application/json', 200],
    ['Application/JSON', 200],
    ['application/json; charset=utf-8', 200],
    ['application/json;charset="UTF-8"', 200],
    ['application/json\t;x', 415],
    ['application/json ;charset=utf-8;charset=utf-7', 415],
    ['application/json, application/json', 415],
    ['application/json, text/plain', 415],
    ['application/vnd.x+json', 415],
    ['application/jsonp', 415],
    ['application/json-seq', 415],
    ['text/json', 415],
    ['text/plain', 415],
    ['application/x-www-form-urlencoded', 415],
    ['multipart/form-data; boundary=a', 415],
    ['*/*', 415],
    ['json', 415],
    ['', 415],
  ])('of type %j', async (type, status) => {
    const [answered, code, calls] = await answer(post('{"name":"a"}', { 'content-type': type }));
    expect([answered, code, calls]).toEqual([
      status,
      status === 200 ? '' : 'media_type_unsupported',
      status === 200 ? 1 : 0,
    ]);
  });

  test('without a type is refused', async () => {
    const request = new Request(ORIGIN, { method: 'POST', body: new TextEncoder().encode('{"name":"a"}') });
    expect(await answer(request)).toEqual([415, 'media_type_unsupported', 0]);
  });

  // Hostile list 41.
  test.each([
    ['{"name":"a","name":"b"}', 'json_duplicate_key'],
    ['{"name":"a","n\\u0061me":"b"}', 'json_duplicate_key'],
    ['{"name":"a","__proto__":{}}', 'json_forbidden_key'],
    ['{"constructor":{"prototype":{"admin":true}},"name":"a"}', 'json_forbidden_key'],
    ['{"name":"a","constructor":{}}', 'body_invalid'],
    ['['.repeat(8000), 'json_too_deep'],
    ['{"name":1e400}', 'json_malformed'],
    ['{"name":"\\ud800"}', 'json_malformed'],
    ['\ufeff{"name":"a"}', 'json_malformed'],
    ['{"name":NaN}', 'json_malformed'],
    ['{"name":"a"} x', 'json_malformed'],
    ['{"name":"a"}{"name":"b"}', 'json_malformed'],
    ['{"name":123456789012345678901234567890}', 'body_invalid'],
    ['null', 'body_invalid'],
    ['[]', 'body_invalid'],
    ['"name"', 'body_invalid'],
  ])('%s is refused', async (text, code) => {
    expect(await answer(post(text))).toEqual([400, code, 0]);
  });

  // Hostile list 35: NaN passes every comparison.
  test.each([['abc'], ['1e1'], ['0x10'], ['-1'], ['1, 1'], ['']])('with a length of %j is refused', async (length) => {
    const [status, code, calls] = await answer(post('{"name":"a"}', { 'content-length': length }));
    expect([status, code, calls]).toEqual([400, 'content_length_invalid', 0]);
  });

  test('with a length that lies is measured', async () => {
    const lying = post(`{"name":"${'a'.repeat(70_000)}"}`, { 'content-length': '20' });
    expect(await answer(lying)).toEqual([413, 'body_too_large', 0]);
  });

  // Hostile list 40.
  test('is demanded of DELETE, too, and where none is declared refused', async () => {
    expect(await answer(new Request(ORIGIN, { method: 'DELETE' }))).toEqual([415, 'media_type_unsupported', 0]);
    const request = new Request(ORIGIN, { method: 'DELETE', body: '{}' });
    expect(await codeOf(await secure({ ...open, methods: ['DELETE'] }, () => new Response())(request))).toBe(
      'body_not_allowed',
    );
  });

  // Of a body that is announced and not seen here the next server may make another request.
  test.each([[{ 'content-length': '2' }], [{ 'content-length': '00' }], [{ 'transfer-encoding': 'chunked' }]])(
    'that is announced by %j where there can be none is refused',
    async (headers) => {
      const handler = vi.fn(() => new Response());
      const response = await secure({ ...open, methods: ['GET'] }, handler)(new Request(ORIGIN, { headers }));
      expect([response.status, await codeOf(response)]).toEqual([400, 'body_not_allowed']);
      expect(handler).not.toHaveBeenCalled();
    },
  );

  // Hostile list 34: something in front has read it: no fault of the client's, and nothing is served unvalidated.
  test.each([[policy], [{ ...open, methods: ['POST'] as const }]])(
    'that was read before is an error of the server',
    async (
      guarded,
    ) => {
      const onError = vi.fn();
      const request = post('{"name":"a"}', { 'content-length': '' });
      request.headers.delete('content-length');
      await request.text();
      const handler = vi.fn(() => new Response());
      const response = await secure({ ...guarded, onError } as never, handler)(request);
      expect([response.status, handler.mock.calls.length]).toEqual([500, 0]);
      expect(String(onError.mock.calls[0]?.[0])).toMatch(/already read/);
    },
  );

  test('is read once: the handler finds it in its context, and the request used up', async () => {
    const response = await secure(policy, async (request, { body }) => {
      return Response.json([body.name, request.bodyUsed, await request.text().catch(() => 'used')]);
    })(post('{"name":"a"}'));
    expect(await response.json()).toEqual(['a', true, 'used']);
  });

  test('is not read where the client has gone before it came', async () => {
    const gone = new AbortController();
    const body = new ReadableStream<Uint8Array>({ pull: () => gone.abort() }, { highWaterMark: 0 });
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body,
      duplex: 'half',
      signal: gone.signal,
      headers: { 'content-type': 'application/json' },
    };
    const response = await secure({ ...policy, ...quiet }, () => new Response())(new Request(ORIGIN, init));
    expect([response.status, await codeOf(response)]).toEqual([400, 'body_unreadable']);
  });
});
