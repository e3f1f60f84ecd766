import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BodyOptions, checkContentLength, checkJsonType, readBody } from '../../src/net/body.ts';

/** A stand-in with any headers: some platforms drop framing headers that are given to a new Request. */
function requestWith(headers: Record<string, string>, body: ReadableStream<unknown> | null = null): Request {
  return { headers: new Headers(headers), body, bodyUsed: false, signal: new AbortController().signal } as Request;
}

function streamOf(...chunks: readonly unknown[]): ReadableStream<unknown> {
  let next = 0;
  return new ReadableStream({
    pull(controller) {
      if (next < chunks.length) controller.enqueue(chunks[next++]);
      else controller.close();
    },
  });
}

/** A stream that never ends, and that tells whether it was cancelled. */
function endless(
  chunk: () => unknown,
  everyMs?: number,
): { readonly stream: ReadableStream<unknown>; readonly cancelled: () => boolean } {
  let cancelled = false;
  const stream = new ReadableStream({
    async pull(controller) {
      if (everyMs !== undefined) await new Promise((resolve) => setTimeout(resolve, everyMs));
      if (!cancelled) controller.enqueue(chunk());
    },
    cancel() {
      cancelled = true;
    },
  });
  return { stream, cancelled: () => cancelled };
}

function bytes(length: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(length).map((_, index) => index);
}

async function codeOf(request: Request, options?: BodyOptions): Promise<unknown> {
  try {
    await readBody(request, options);
    return 'accepted';
  } catch (error) {
    return Reflect.get(Object(error), 'code') ?? error;
  }
}

describe('checkContentLength', () => {
  it.each(['0', '5', '1024', '00005'])('checkContentLength() allows %j where 1,024 bytes are', (length) => {
    expect(checkContentLength(requestWith({ 'content-length': length }), 1024)).toBe(undefined);
  });

  it('checkContentLength() allows a request that does not say', () => {
    expect(checkContentLength(requestWith({}), 0)).toBe(undefined);
  });

  it.each(['1025', '4294967296', '999999999999999'])('checkContentLength() refuses %j as too large', (length) => {
    expect(checkContentLength(requestWith({ 'content-length': length }), 1024)).toMatchObject({
      code: 'body_too_large',
      status: 413,
    });
  });

  // RFC 9110 section 8.6: 1*DIGIT. What is not becomes NaN, which is not greater than any limit.
  it.each([
    'abc',
    '',
    '-1',
    '-0',
    '+5',
    '1e9',
    '0x10',
    '5,5',
    '5, 5',
    '5, 6',
    '5 5',
    '5.0',
    '5;',
    'Infinity',
    'NaN',
    '\u00b25',
    '9007199254740993',
  ])(
    'checkContentLength() refuses %j as invalid',
    (length) => {
      const refusal = checkContentLength(requestWith({ 'content-length': length }), 1024);
      expect(refusal).toMatchObject({ code: 'content_length_invalid', status: 400 });
    },
  );

  it('checkContentLength() refuses a length of a megabyte of digits at once', () => {
    expect(checkContentLength(requestWith({ 'content-length': '0'.repeat(1_000_000) }), 1024)?.code).toBe(
      'content_length_invalid',
    );
  });

  // A small request that becomes a large one.
  it.each(['gzip', 'br', 'deflate', 'zstd', 'GZIP', 'identity, gzip', 'gzip, identity', 'x', ''])(
    'checkContentLength() refuses the content coding %j',
    (coding) => {
      const refusal = checkContentLength(requestWith({ 'content-encoding': coding }), 1024);
      expect(refusal).toMatchObject({ code: 'content_encoding_unsupported', status: 415 });
    },
  );

  it.each(['identity', 'Identity'])('checkContentLength() allows the content coding %j', (coding) => {
    expect(checkContentLength(requestWith({ 'content-encoding': coding }), 1024)).toBe(undefined);
  });

  it.each([NaN, -1, Infinity, 1.5, undefined, '5'])(
    'checkContentLength() throws a RangeError for a limit of %j',
    (maxBytes) => {
      expect(() => Reflect.apply(checkContentLength, undefined, [requestWith({}), maxBytes])).toThrow(RangeError);
    },
  );
});

describe('checkJsonType', () => {
  it.each([
    'application/json',
    'APPLICATION/JSON',
    'application/json;charset=utf-8',
    'application/json\t; charset=UTF-8',
    'application/json; charset="utf-8"',
    'application/json;',
    'application/json; version=1',
  ])('checkJsonType() allows %j', (type) => {
    expect(checkJsonType(requestWith({ 'content-type': type }))).toBe(undefined);
  });

  it.each([
    // CORS-safelisted types: a form of any site can send them without a preflight.
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain; application/json',
    'text/plain;x="application/json"',
    'text/plain; charset=application/json',
    // Two lines, which reach us joined: one parser acts on the first, another on the last.
    'application/json, text/plain',
    'text/plain, application/json',
    'application/json, application/json',
    'application/json;x=y, text/plain',
    'application/json;x="y, text/plain',
    'application/jsonx',
    'application/json/../text',
    'application/json+xml',
    'application/problem+json',
    'text/json',
    'json',
    '*/*',
    'application/*',
    'application/json\u00a0',
    // Another charset reads other text out of the same bytes.
    'application/json; charset=utf-7',
    'application/json; charset=utf-16',
    'application/json; charset=iso-8859-1',
    'application/json; charset=utf8',
    'application/json; charset=""',
    'application/json; charset= utf-8',
    'application/json; charset=utf-16; charset=utf-8',
    '',
  ])('checkJsonType() refuses %j', (type) => {
    expect(checkJsonType(requestWith({ 'content-type': type }))).toMatchObject({
      code: 'media_type_unsupported',
      status: 415,
    });
  });

  it('checkJsonType() refuses a request without a content type', () => {
    expect(checkJsonType(requestWith({}))).toMatchObject({ code: 'media_type_unsupported' });
  });

  it('checkJsonType() refuses two content types of one request', () => {
    const headers = new Headers([['content-type', 'application/json'], ['content-type', 'application/json']]);
    expect(checkJsonType({ headers } as Request)).toMatchObject({ code: 'media_type_unsupported' });
  });
});

describe('readBody', () => {
  it('readBody() reads the body of a real request', async () => {
    const request = new Request('http://api.test/', { method: 'POST', body: 'h\u00e9llo' });
    expect(new TextDecoder().decode(await readBody(request))).toBe('h\u00e9llo');
  });

  it('readBody() reads the streamed body of a real request', async () => {
    const stream = new ReadableStream<Uint8Array>({
      start(controller) {
        controller.enqueue(bytes(3));
        controller.enqueue(bytes(2));
        controller.close();
      },
    });
    const init = { method: 'POST', body: stream, duplex: 'half' };
    expect([...await readBody(new Request('http://api.test/', init))]).toStrictEqual([0, 1, 2, 0, 1]);
  });

  it('readBody() reads nothing from a request without a body', async () => {
    expect((await readBody(new Request('http://api.test/'))).length).toBe(0);
    expect((await readBody(requestWith({}, streamOf()))).length).toBe(0);
  });

  it('readBody() gives the chunks one after the other, in bytes that are its own', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 20 }), { maxLength: 20 }), async (chunks) => {
        const expected = chunks.flatMap((chunk) => [...chunk]);
        const body = await readBody(requestWith({}, streamOf(...chunks)), { maxBytes: expected.length });
        expect([...body]).toStrictEqual(expected);
        expect(body.buffer.byteLength).toBe(expected.length);
        chunks.forEach((chunk) => chunk.fill(0));
        expect([...body]).toStrictEqual(expected);
      }),
      { numRuns: 50 },
    );
  });

  // A source may use one buffer for every chunk.
  it('readBody() copies a chunk before it asks for the next', async () => {
    const shared = new Uint8Array(2);
    let round = 0;
    const stream = new ReadableStream({
      pull(controller) {
        if (++round > 3) return controller.close();
        controller.enqueue(shared.fill(round));
      },
    }, { highWaterMark: 0 });
    expect([...await readBody(requestWith({}, stream))]).toStrictEqual([1, 1, 2, 2, 3, 3]);
  });

  it('readBody() takes exactly maxBytes and refuses one byte more', async () => {
    for (const [first, second] of [[1024, 0], [1000, 24], [0, 1024]] as const) {
      expect(await codeOf(requestWith({}, streamOf(bytes(first), bytes(second))), { maxBytes: 1024 })).toBe('accepted');
      const over = requestWith({}, streamOf(bytes(first), bytes(second + 1)));
      expect(await codeOf(over, { maxBytes: 1024 })).toBe('body_too_large');
    }
    expect(await codeOf(requestWith({}, streamOf(bytes(1))), { maxBytes: 0 })).toBe('body_too_large');
    expect(await codeOf(requestWith({}, streamOf()), { maxBytes: 0 })).toBe('accepted');
  });

  it('readBody() takes 65,536 bytes where nobody says how many', async () => {
    expect(await codeOf(requestWith({}, streamOf(bytes(65_536))))).toBe('accepted');
    expect(await codeOf(requestWith({}, streamOf(bytes(65_537))))).toBe('body_too_large');
  });

  // A length that is smaller than the body, as an attacker or a gateway writes it.
  it('readBody() counts what it reads, whatever the length says', async () => {
    const lying = requestWith({ 'content-length': '1' }, streamOf(bytes(600), bytes(600)));
    expect(await codeOf(lying, { maxBytes: 1024 })).toBe('body_too_large');
    const honest = requestWith({ 'content-length': '1' }, streamOf(bytes(600)));
    expect(await codeOf(honest, { maxBytes: 1024 })).toBe('accepted');
  });

  it('readBody() refuses by the headers before it reads a byte', async () => {
    for (
      const [headers, code] of [
        [{ 'content-length': '2000' }, 'body_too_large'],
        [{ 'content-length': '1e3' }, 'content_length_invalid'],
        [{ 'content-encoding': 'gzip' }, 'content_encoding_unsupported'],
      ] as const
    ) {
      const stream = streamOf(bytes(1));
      expect(await codeOf(requestWith(headers, stream), { maxBytes: 1024 })).toBe(code);
      expect(stream.locked).toBe(false);
    }
  });

  it('readBody() stops an endless body at the limit and cancels its source', async () => {
    const { stream, cancelled } = endless(() => bytes(100));
    expect(await codeOf(requestWith({}, stream), { maxBytes: 1000 })).toBe('body_too_large');
    expect(cancelled()).toBe(true);
  });

  it('readBody() gives up on a body that never comes, and cancels its source', async () => {
    let cancelled = false;
    const stream = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    expect(await codeOf(requestWith({}, stream), { timeoutMs: 20 })).toBe('body_timeout');
    expect(cancelled).toBe(true);
  });

  // One byte at a time keeps a deadline per chunk alive for ever.
  it('readBody() gives up on a body that trickles', async () => {
    const { stream, cancelled } = endless(() => bytes(1), 5);
    expect(await codeOf(requestWith({}, stream), { timeoutMs: 60 })).toBe('body_timeout');
    expect(cancelled()).toBe(true);
  });

  // Empty chunks never reach a limit of bytes; ready at once, they never let a timer run.
  it('readBody() gives up on an endless row of empty chunks', async () => {
    const { stream, cancelled } = endless(() => new Uint8Array(0));
    expect(await codeOf(requestWith({}, stream), { timeoutMs: 5000 })).toBe('body_unreadable');
    expect(cancelled()).toBe(true);
  });

  it('readBody() bears some empty chunks', async () => {
    const chunks = [...new Array<Uint8Array>(1000).fill(bytes(0)), bytes(3)];
    expect((await readBody(requestWith({}, streamOf(...chunks)))).length).toBe(3);
  });

  it('readBody() takes linear time for chunks of one byte', async () => {
    const start = Date.now();
    let left = 65_536;
    const stream = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(1));
        else controller.close();
      },
    });
    expect((await readBody(requestWith({}, stream))).length).toBe(65_536);
    expect(Date.now() - start).toBeLessThan(5000);
  });

  it('readBody() gives up when the signal aborts, and cancels the source', async () => {
    const { stream, cancelled } = endless(() => bytes(1), 1);
    const controller = new AbortController();
    const pending = codeOf(requestWith({}, stream), { signal: controller.signal });
    setTimeout(() => controller.abort(new Error('gone')), 10);
    expect(await pending).toBe('body_unreadable');
    expect(cancelled()).toBe(true);
  });

  it('readBody() gives up at once when the signal has aborted before', async () => {
    const signal = AbortSignal.abort(new Error('gone'));
    expect(await codeOf(requestWith({}, streamOf(bytes(1))), { signal })).toBe('body_unreadable');
  });

  it("readBody() gives up when the request's own signal aborts", async () => {
    const controller = new AbortController();
    const request = { ...requestWith({}, endless(() => bytes(1), 1).stream), signal: controller.signal } as Request;
    const pending = codeOf(request);
    controller.abort();
    expect(await pending).toBe('body_unreadable');
  });

  it('readBody() refuses a body whose source fails, with the failure as cause', async () => {
    const failure = new Error('connection reset');
    const stream = new ReadableStream({
      pull() {
        throw failure;
      },
    });
    await expect(readBody(requestWith({}, stream))).rejects.toMatchObject({ code: 'body_unreadable', cause: failure });
  });

  it('readBody() does not wait for a source whose cancellation hangs or fails', async () => {
    for (const cancel of [() => new Promise<void>(() => undefined), () => Promise.reject(new Error('no'))]) {
      const stream = new ReadableStream({ pull: (controller) => controller.enqueue(bytes(10)), cancel });
      expect(await codeOf(requestWith({}, stream), { maxBytes: 5 })).toBe('body_too_large');
    }
  });

  // Middleware can put any stream into a Request: what has no bytes has no length to count.
  it.each([
    ['text', 'hello'],
    ['a number', 5],
    ['an object', {}],
    ['an object with a length', { length: 0 }],
    ['a list', [1, 2, 3]],
    ['null', null],
    ['undefined', undefined],
    ['a bare buffer', new ArrayBuffer(8)],
  ])('readBody() refuses a body that holds %s', async (_name, chunk) => {
    expect(await codeOf(requestWith({}, streamOf(bytes(1), chunk, bytes(1))), { maxBytes: 1024 })).toBe(
      'body_unreadable',
    );
  });

  it('readBody() counts the bytes, not the elements, of a view', async () => {
    const chunk = new Uint16Array([1, 2]);
    expect((await readBody(requestWith({}, streamOf(chunk)), { maxBytes: 4 })).length).toBe(4);
    expect(await codeOf(requestWith({}, streamOf(chunk)), { maxBytes: 3 })).toBe('body_too_large');
  });

  it('readBody() throws a TypeError for a body that somebody has read or is reading', async () => {
    const read = new Request('http://api.test/', { method: 'POST', body: 'x' });
    await read.text();
    await expect(readBody(read)).rejects.toThrow(TypeError);
    const stream = streamOf(bytes(1));
    stream.getReader();
    await expect(readBody(requestWith({}, stream))).rejects.toThrow('Cannot read body: it was already read.');
  });

  it('readBody() leaves the body of a real request used', async () => {
    const request = new Request('http://api.test/', { method: 'POST', body: 'x' });
    await readBody(request);
    await expect(readBody(request)).rejects.toThrow(TypeError);
  });

  it('readBody() takes its listener off the signal', async () => {
    let listening = 0;
    const counted = {
      aborted: false,
      addEventListener: (): number => listening++,
      removeEventListener: (): number => listening--,
    } as unknown as AbortSignal;
    await readBody(requestWith({}, streamOf(bytes(1))), { signal: counted });
    await codeOf(requestWith({}, streamOf(bytes(2))), { signal: counted, maxBytes: 1 });
    expect(listening).toBe(0);
  });

  it.each([
    ['maxBytes', NaN],
    ['maxBytes', -1],
    ['maxBytes', Infinity],
    ['maxBytes', '1kb'],
    ['timeoutMs', NaN],
    ['timeoutMs', 0],
    ['timeoutMs', Infinity],
    // Beyond 31 bits a timer fires at once.
    ['timeoutMs', 2 ** 31],
  ])('readBody() rejects with a RangeError where %s is %j', async (name, value) => {
    const request = requestWith({}, streamOf(bytes(1)));
    await expect(Reflect.apply(readBody, undefined, [request, { [name]: value }])).rejects.toThrow(RangeError);
  });

  it('readBody() rejects with a TypeError for an unknown option', async () => {
    const request = requestWith({}, streamOf(bytes(1)));
    await expect(Reflect.apply(readBody, undefined, [request, { maxbytes: 1 }])).rejects.toThrow(TypeError);
  });
});
