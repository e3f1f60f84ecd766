import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readBody } from '../../src/net/body.ts';
import { bytes, codeOf, requestWith, streamOf } from './bodies.ts';

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

  it('readBody() bears some empty chunks', async () => {
    const chunks = [...new Array<Uint8Array>(1000).fill(bytes(0)), bytes(3)];
    expect((await readBody(requestWith({}, streamOf(...chunks)))).length).toBe(3);
  });

  it('readBody() reads a body that comes byte by byte', async () => {
    let left = 65_536;
    const stream = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new Uint8Array(1));
        else controller.close();
      },
    });
    expect((await readBody(requestWith({}, stream))).length).toBe(65_536);
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
