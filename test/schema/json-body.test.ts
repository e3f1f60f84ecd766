import { describe, expect, expectTypeOf, test } from 'vitest';
import type { StandardSchema } from '../../src/core/standard-schema.ts';
import {
  int,
  type JsonBodyLimits,
  object,
  optional,
  readJson,
  type Schema,
  string,
  unknown,
} from '../../src/schema/index.ts';

const order = object({ sku: string(), quantity: optional(int()) });

type Init = RequestInit & { readonly duplex?: 'half' };

function post(body: BodyInit | null, headers: Readonly<Record<string, string>> = {}, init: Init = {}): Request {
  return new Request('https://api.test/', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
    ...init,
  });
}

/** A stand-in with any headers: some platforms drop framing headers that are given to a new Request. */
function withHeaders(request: Request, headers: Readonly<Record<string, string>>): Request {
  const { body, signal } = request;
  return { headers: new Headers(headers), body, bodyUsed: false, signal } as Request;
}

async function codeOf(
  request: Request,
  schema: StandardSchema<unknown, unknown> = order,
  limits?: JsonBodyLimits,
): Promise<unknown> {
  try {
    await readJson(request, schema, limits);
    return 'accepted';
  } catch (error) {
    return Reflect.get(Object(error), 'code') ?? error;
  }
}

describe('readJson()', () => {
  test('readJson() resolves with the output of the schema', async () => {
    const value = await readJson(post('{"sku":"pen","quantity":2}'), order);
    expectTypeOf(value).toEqualTypeOf<{ sku: string; quantity?: number }>();
    expect(value).toStrictEqual({ sku: 'pen', quantity: 2 });
  });

  test('readJson() coerces nothing', async () => {
    await expect(readJson(post('{"sku":"pen","quantity":"2"}'), order)).rejects.toMatchObject({
      code: 'body_invalid',
      status: 400,
      issues: [{ code: 'not_integer', path: ['quantity'], message: 'must be a safe integer' }],
    });
  });

  // Hostile list 46. The first ones cross origins without a preflight.
  test.each([
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/jsonx',
    'text/json',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'application/json, application/json',
    'application/json, text/plain',
    'text/plain; x=application/json',
    'application/vnd.api+json',
    'application/problem+json',
  ])('readJson() refuses the media type %j', async (type) => {
    const request = withHeaders(post('{"sku":"a"}'), type === '' ? {} : { 'content-type': type });
    expect(await codeOf(request)).toBe('media_type_unsupported');
  });

  test.each(['application/json', 'Application/JSON; charset=UTF-8', 'application/json; charset="utf-8"; x=y'])(
    'readJson() takes the media type %j',
    async (type) => {
      expect(await codeOf(post('{"sku":"a"}', { 'content-type': type }))).toBe('accepted');
    },
  );

  // honojs/middleware#891: a substring is not a type.
  test.each([
    ['application/vnd.api+json', 'accepted'],
    ['application/problem+json; charset=utf-8', 'accepted'],
    ['application/json', 'accepted'],
    ['application/vnd.api+json; charset=utf-16', 'media_type_unsupported'],
    ['application/+json', 'media_type_unsupported'],
    ['application/x+jsonx', 'media_type_unsupported'],
    ['application/x+json+xml', 'media_type_unsupported'],
    ['text/x+json', 'media_type_unsupported'],
    ['image/svg+xml', 'media_type_unsupported'],
  ])('readJson() with allowSuffix: %s is %s', async (type, expected) => {
    expect(await codeOf(post('{"sku":"a"}', { 'content-type': type }), order, { allowSuffix: true })).toBe(expected);
  });

  // Hostile list 47: not {}.
  test('readJson() refuses an empty body, also where the schema would take {}', async () => {
    expect(await codeOf(post(''), object({}))).toBe('json_malformed');
    expect(await codeOf(post(null), object({}))).toBe('json_malformed');
    expect(await codeOf(post(' \n'), unknown())).toBe('json_malformed');
  });

  // Hostile list 17.
  test('readJson() refuses a content coding', async () => {
    expect(await codeOf(post('{"sku":"a"}', { 'content-encoding': 'gzip' }))).toBe('content_encoding_unsupported');
  });

  // Hostile list 16: whatever the length says, or does not.
  test('readJson() stops at the byte, and believes no header', async () => {
    let pulls = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull(controller): void {
        pulls++;
        controller.enqueue(new Uint8Array(100).fill(0x20));
      },
    }, { highWaterMark: 0 });
    const request = post(endless, {}, { duplex: 'half' });
    expect(await codeOf(request, order, { maxBytes: 250 })).toBe('body_too_large');
    expect(pulls).toBeLessThan(10);
    const headers = { 'content-type': 'application/json' };
    expect(
      await codeOf(withHeaders(post('{"sku":"a"}'), { ...headers, 'content-length': '999' }), order, {
        maxBytes: 250,
      }),
    ).toBe('body_too_large');
    expect(await codeOf(withHeaders(post('{"sku":"a"}'), { ...headers, 'content-length': '1e2' }))).toBe(
      'content_length_invalid',
    );
    expect(
      await codeOf(withHeaders(post('{"sku":"abc"}'), { ...headers, 'content-length': '2' }), order, {
        maxBytes: 5,
      }),
    ).toBe('body_too_large');
  });

  test('readJson() takes 65,536 bytes by default, and no more', async () => {
    const body = (length: number): string => `{"sku":"a"}${' '.repeat(length - 11)}`;
    expect(await codeOf(post(body(65_536)))).toBe('accepted');
    expect(await codeOf(post(body(65_537)))).toBe('body_too_large');
  });

  test('readJson() gives up on a body that never ends, and on one that breaks', async () => {
    const silent = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) }, { highWaterMark: 0 });
    expect(await codeOf(post(silent, {}, { duplex: 'half' }), order, { timeoutMs: 20 })).toBe('body_timeout');
    const gone = AbortSignal.abort();
    expect(await codeOf(post('{"sku":"a"}'), order, { signal: gone })).toBe('body_unreadable');
  });

  // Hostile list 28: request.json() makes U+FFFD of it.
  test('readJson() refuses invalid UTF-8, a byte order mark and lone surrogates', async () => {
    const raw = [...new TextEncoder().encode('{"sku":"X"}')];
    const replaced = new Uint8Array(raw.map((byte) => byte === 0x58 ? 0xff : byte));
    expect(await codeOf(post(replaced))).toBe('utf8_malformed');
    expect(await codeOf(post(new Uint8Array([0xef, 0xbb, 0xbf, ...raw])))).toBe('json_malformed');
    expect(await codeOf(post('{"sku":"\\ud800"}'), unknown())).toBe('json_malformed');
  });

  // Hostile list 1, 2, 14, 39: before any validator sees it.
  test.each([
    ['{"sku":"a","__proto__":{"isAdmin":true}}', 'json_forbidden_key'],
    ['{"sku":"a","\\u005f\\u005fproto__":1}', 'json_forbidden_key'],
    ['{"sku":"a","sku":"b"}', 'json_duplicate_key'],
    ['{"sku":"a","quantity":1e400}', 'json_malformed'],
    ['{"sku":"a"', 'json_malformed'],
  ])('readJson() refuses %s', async (body, code) => {
    expect(await codeOf(post(body))).toBe(code);
  });

  /** Counts how often it is asked. */
  function counting(): { readonly schema: StandardSchema<unknown, unknown>; readonly asked: () => number } {
    let asked = 0;
    const validate = (value: unknown): { readonly value: unknown } => {
      asked++;
      return { value };
    };
    return { schema: { '~standard': { version: 1, vendor: 'x', validate } }, asked: () => asked };
  }

  // Hostile list 15: a validator recurses.
  test('readJson() refuses depth before the schema is asked', async () => {
    const { schema, asked } = counting();
    const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
    expect(await codeOf(post(nested(32)), schema)).toBe('accepted');
    expect(await codeOf(post(nested(33)), schema)).toBe('json_too_deep');
    expect(await codeOf(post(nested(3000)), schema)).toBe('json_too_deep');
    expect(await codeOf(post(nested(3)), schema, { maxDepth: 2 })).toBe('json_too_deep');
    expect(asked()).toBe(1);
  });

  // Hostile list 18.
  test('readJson() refuses too many keys before the schema is asked', async () => {
    const { schema, asked } = counting();
    const keys = (count: number): string => JSON.stringify(Array.from({ length: count }, () => ({ a: 0 })));
    expect(await codeOf(post(keys(5)), schema, { maxKeys: 5 })).toBe('accepted');
    expect(await codeOf(post(keys(6)), schema, { maxKeys: 5 })).toBe('json_too_large');
    expect(await codeOf(post('[{"a":{"b":[{"c":0}]}}]'), schema, { maxKeys: 2 })).toBe('json_too_large');
    expect(await codeOf(post('{"":0}'), schema, { maxKeys: 0 })).toBe('json_too_large');
    expect(await codeOf(post('[[0,1,2],"aaaaaaaaaaaaaaa"]'), schema, { maxKeys: 0 })).toBe('accepted');
    expect(await codeOf(post(keys(20_001)), schema, { maxBytes: 1_000_000 })).toBe('json_too_large');
    expect(asked()).toBe(2);
  });

  test('readJson() throws on a body that was read before', async () => {
    const request = post('{"sku":"a"}');
    await request.text();
    expect(await codeOf(request)).toBeInstanceOf(TypeError);
  });

  // Hostile list 53.
  test.each([[undefined], [null], [{}], [() => true], ['object']])(
    'readJson() throws on the schema %j',
    async (schema) => {
      await expect(Reflect.apply(readJson, undefined, [post('{}'), schema])).rejects.toBeInstanceOf(TypeError);
    },
  );

  test.each([
    [{ maxByte: 5 }, TypeError],
    [{ allowSuffix: 'no' }, TypeError],
    [{ maxBytes: NaN }, RangeError],
    [{ maxDepth: -1 }, RangeError],
    [{ maxKeys: 1.5 }, RangeError],
    [{ timeoutMs: 0 }, RangeError],
  ])('readJson() throws on the limits %j', async (limits, error) => {
    await expect(Reflect.apply(readJson, undefined, [post('{}'), order, limits])).rejects.toBeInstanceOf(error);
  });

  // Object.prototype may have been given a bound by somebody else.
  test('readJson() takes no inherited limit', async () => {
    expect(await codeOf(post('{"sku":"a"}'), order, Object.create({ maxDepth: 1e9 }))).toBeInstanceOf(TypeError);
  });

  // Hostile list 54.
  test('readJson() keeps the requests of one schema apart', async () => {
    const schema: Schema<{ sku: string; quantity?: number }> = order;
    const all = await Promise.all(
      Array.from({ length: 50 }, (_, index) => readJson(post(`{"sku":"${index}"}`), schema)),
    );
    expect(all.map(({ sku }) => Number(sku))).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });
});
