import { describe, expect, expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { type Refusal, toProblem } from '../../src/core/index.ts';
import {
  array,
  createFormReader,
  file,
  type FormReader,
  fromText,
  int,
  lazy,
  object,
  optional,
  string,
  union,
} from '../../src/schema/index.ts';
import { polluting, withPollution } from './pollution.ts';

const order = object({ sku: string(), quantity: optional(int()) });
const reader = createFormReader(order);
const URL_ENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=XbX';
const PART = '--XbX\r\nContent-Disposition: form-data; name="sku"\r\n\r\npen\r\n--XbX--\r\n';

function post(
  body: BodyInit | null,
  headers: Readonly<Record<string, string>> = { 'content-type': URL_ENCODED },
): Request {
  return new Request('https://api.test/', { method: 'POST', body, headers });
}

/** A stand-in with any headers: some platforms drop framing headers that are given to a new Request. */
function withHeaders(request: Request, headers: Readonly<Record<string, string>>): Request {
  const { body, signal } = request;
  return { headers: new Headers(headers), body, bodyUsed: false, signal } as Request;
}

/** A body that tells how often it was asked for more. */
function counted(): { readonly body: ReadableStream<Uint8Array>; readonly pulls: () => number } {
  let pulls = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller): void {
      pulls++;
      controller.enqueue(new Uint8Array(100).fill(0x61));
    },
  }, { highWaterMark: 0 });
  return { body, pulls: () => pulls };
}

async function codeOf(request: Request, form: FormReader = reader): Promise<unknown> {
  try {
    await form.read(request);
    return 'accepted';
  } catch (error) {
    return Reflect.get(Object(error), 'code') ?? error;
  }
}

describe('createFormReader()', () => {
  test('createFormReader() reads forms of both kinds as readForm() does', async () => {
    const value = await reader.read(post('sku=pen&quantity=2'));
    expectTypeOf(value).toEqualTypeOf<{ sku: string; quantity?: number }>();
    expectTypeOf(reader.check).returns.toEqualTypeOf<Refusal | undefined>();
    expect(value).toStrictEqual({ sku: 'pen', quantity: 2 });
    expect(await reader.read(post(PART, { 'content-type': MULTIPART }))).toStrictEqual({ sku: 'pen' });
  });

  test('createFormReader() reads files', async () => {
    const form = new FormData();
    form.set('face', new File(['abc'], 'me.png', { type: 'image/png' }));
    const faces = createFormReader(object({ face: file({ maxBytes: 3 }) }), { maxFiles: 1 });
    const request = new Request('https://api.test/', { method: 'POST', body: form });
    expect(faces.check(request)).toBe(undefined);
    expect((await faces.read(request)).face.name).toBe('me.png');
  });

  test('createFormReader() is frozen, and one reader keeps its requests apart', async () => {
    expect(Object.isFrozen(reader)).toBe(true);
    const all = await Promise.all(Array.from({ length: 50 }, (_, index) => reader.read(post(`sku=${index}`))));
    expect(all.map(({ sku }) => Number(sku))).toEqual(Array.from({ length: 50 }, (_, index) => index));
  });

  test('createFormReader() gives a foreign schema strings, and keeps its words', async () => {
    const foreign = createFormReader(z.strictObject({ sku: z.string(), quantity: z.coerce.number().int() }));
    expect(await foreign.read(post('sku=pen&quantity=2'))).toEqual({ sku: 'pen', quantity: 2 });
    await expect(foreign.read(post('sku=pen&quantity=hunter2'))).rejects.toMatchObject({
      issues: [{ code: 'invalid', path: ['quantity'], message: 'is not valid' }],
    });
    expect(await createFormReader(fromText(order)).read(post('sku=pen&quantity=2'))).toEqual({
      sku: 'pen',
      quantity: 2,
    });
  });

  test.each([
    ['nothing', undefined],
    ['no schema', { check: () => true }],
    ['a string', string()],
    ['an array', array(string())],
    ['a union with a branch that is none', union(order, string())],
    ['a lazy string', lazy(() => string())],
  ])('createFormReader() throws on %s for a schema', (_name, schema) => {
    expect(() => Reflect.apply(createFormReader, undefined, [schema])).toThrow(TypeError);
  });

  test.each([
    [{ maxField: 5 }, TypeError],
    [{ signal: undefined }, TypeError],
    [Object.create({ maxBytes: 1e9 }), TypeError],
    [[], TypeError],
    [{ maxBytes: 1.5 }, RangeError],
    [{ maxBytes: NaN }, RangeError],
    [{ maxBytes: '5' }, RangeError],
    [{ timeoutMs: 0 }, RangeError],
    [{ timeoutMs: 2_147_483_648 }, RangeError],
    [{ maxFields: -1 }, RangeError],
    [{ maxFields: null }, RangeError],
    [{ maxFiles: Infinity }, RangeError],
  ])('createFormReader() throws on the limits %j', (limits, error) => {
    expect(() => Reflect.apply(createFormReader, undefined, [order, limits])).toThrow(error);
  });

  test('createFormReader() takes no inherited limit', () => {
    const error = withPollution('maxBytes', polluting(1e9), () => {
      try {
        return createFormReader(order);
      } catch (caught) {
        return caught;
      }
    });
    expect(error).toBeInstanceOf(TypeError);
  });

  test('createFormReader() keeps its limits, whatever becomes of the options', async () => {
    const limits = { maxBytes: 10, maxFields: 1 };
    const small = createFormReader(order, limits);
    limits.maxBytes = limits.maxFields = 1000;
    expect(await codeOf(post('sku=pen'), small)).toBe('accepted');
    expect(await codeOf(post('sku=pencils'), small)).toBe('body_too_large');
    expect(await codeOf(post('sku=a&b=c'), small)).toBe('body_too_large');
    expect(small.check(withHeaders(post('x'), { 'content-type': URL_ENCODED, 'content-length': '11' }))?.code).toBe(
      'body_too_large',
    );
  });

  // Together they are no safe integer, and no reason for an error at the first request.
  test('createFormReader() takes counts without an end', async () => {
    const many = createFormReader(order, { maxFields: Number.MAX_SAFE_INTEGER, maxFiles: Number.MAX_SAFE_INTEGER });
    expect(await codeOf(post('sku=pen'), many)).toBe('accepted');
  });

  test('createFormReader() gives up on a body that is late, and when the request does', async () => {
    const silent = (): ReadableStream => new ReadableStream({ pull: () => new Promise(() => undefined) });
    const init = { method: 'POST', duplex: 'half', headers: { 'content-type': URL_ENCODED } };
    const slow = new Request('https://api.test/', { ...init, body: silent() });
    expect(await codeOf(slow, createFormReader(order, { timeoutMs: 20 }))).toBe('body_timeout');
    const gone = new Request('https://api.test/', { ...init, body: silent(), signal: AbortSignal.abort() });
    expect(await codeOf(gone)).toBe('body_unreadable');
  });

  test('createFormReader() throws on a body that was read before', async () => {
    const request = post('sku=pen');
    await request.arrayBuffer();
    expect(await codeOf(request)).toBeInstanceOf(TypeError);
  });
});

describe('FormReader.check()', () => {
  test('check() reads no byte', () => {
    const { body, pulls } = counted();
    const init = { method: 'POST', body, duplex: 'half', headers: { 'content-type': URL_ENCODED } };
    const request = new Request('https://api.test/', init);
    expect([reader.check(request), request.bodyUsed, pulls()]).toEqual([undefined, false, 0]);
  });

  test('check() lets pass what could be a form, and believes nothing else of it', async () => {
    const empty = post('');
    expect([reader.check(empty), await codeOf(empty)]).toEqual([undefined, 'body_invalid']);
    const lying = withHeaders(post('a'.repeat(70_000)), { 'content-type': URL_ENCODED, 'content-length': '5' });
    expect([reader.check(lying), await codeOf(lying)]).toEqual([undefined, 'body_too_large']);
    const other = post('sku=pen', { 'content-type': MULTIPART });
    expect([reader.check(other), await codeOf(other)]).toEqual([undefined, 'body_invalid']);
  });

  const length = (text: string): Readonly<Record<string, string>> => ({
    'content-type': URL_ENCODED,
    'content-length': text,
  });

  // Hostile list (http) B4, B6; (secure) 35, 36.
  test.each<[string, Readonly<Record<string, string>>]>([
    ['body_too_large', length('65537')],
    ['body_too_large', length('1073741824')],
    ...['abc', '-1', '1e9', '0x10', '+5', '5,5', '5, 6', '9007199254740993'].map(
      (text): [string, Readonly<Record<string, string>>] => ['content_length_invalid', length(text)],
    ),
    ['content_encoding_unsupported', { 'content-type': URL_ENCODED, 'content-encoding': 'gzip' }],
    ['content_encoding_unsupported', { 'content-type': MULTIPART, 'content-encoding': 'br, identity' }],
    ['media_type_unsupported', {}],
    ['media_type_unsupported', { 'content-type': 'application/json', 'content-length': 'abc' }],
  ])('check() answers %s to the headers %j, and read() the same without a byte', async (code, headers) => {
    const { body, pulls } = counted();
    const bare = new Request('https://api.test/', Object.assign({ method: 'POST', body }, { duplex: 'half' }));
    const request = withHeaders(bare, headers);
    const refusal = reader.check(request);
    expect([refusal?.code, await codeOf(request), pulls()]).toEqual([code, code, 0]);
    expect(refusal === undefined ? 0 : toProblem(refusal).status).toBeGreaterThanOrEqual(400);
  });
});
