import { describe, expect, test } from 'vitest';
import { editHeaders } from '../../src/core/response.ts';

describe('editHeaders()', () => {
  test('editHeaders() edits in place where it can', () => {
    const response = new Response('x');
    expect(editHeaders(response, (headers) => headers.set('a', '1'))).toBe(response);
    expect(response.headers.get('a')).toBe('1');
  });

  test('editHeaders() edits a redirect, whose headers are immutable on most platforms', () => {
    const response = editHeaders(Response.redirect('https://example.com/'), (headers) => headers.set('a', '1'));
    expect([response.status, response.headers.get('a'), response.headers.get('location')]).toEqual([
      302,
      '1',
      'https://example.com/',
    ]);
  });

  test('editHeaders() gives back a network error as it is', () => {
    const response = Response.error();
    expect(editHeaders(response, (headers) => headers.set('a', '1'))).toBe(response);
  });

  // A rebuilt response would hide the mistake, and send the edit's first half.
  test('editHeaders() passes on what is no TypeError', () => {
    const response = new Response('x');
    expect(() =>
      editHeaders(response, () => {
        throw new RangeError('ours');
      })
    ).toThrow(RangeError);
  });

  test('editHeaders() passes on a TypeError that rebuilding does not cure', () => {
    const response = new Response('x');
    expect(() => editHeaders(response, (headers) => headers.set('a b', '1'))).toThrow(TypeError);
  });

  // Hostile list R1: rebuilding keeps what makes the response, and 204, 205 and 304 take no body.
  test.each([200, 204, 205, 304, 404])('editHeaders() rebuilds a %d whose headers are immutable', async (status) => {
    const body = status === 200 || status === 404 ? 'text' : null;
    const made = new Response(body, { status, statusText: 'Mine', headers: { etag: '"1"' } });
    made.headers.append('set-cookie', 'a=1');
    made.headers.append('set-cookie', 'b=2');
    let refusals = 0;
    const rebuilt = editHeaders(made, (headers) => {
      if (headers === made.headers) {
        refusals += 1;
        throw new TypeError('immutable');
      }
      headers.set('a', '1');
    });
    expect(refusals).toBe(1);
    expect(rebuilt).not.toBe(made);
    expect([rebuilt.status, rebuilt.statusText, rebuilt.headers.get('etag'), rebuilt.headers.get('a')]).toEqual([
      status,
      'Mine',
      '"1"',
      '1',
    ]);
    // Hostile list J7.
    expect(rebuilt.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect(rebuilt.body === null ? null : await rebuilt.text()).toBe(body);
  });

  // Hostile list R2: what streams goes on streaming.
  test('editHeaders() passes a stream on unread, also to a rebuilt response', async () => {
    let pulled = 0;
    const stream = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array([pulled]));
        if (pulled === 3) controller.close();
      },
    }, { highWaterMark: 0 });
    const made = new Response(stream);
    const rebuilt = editHeaders(made, (headers) => {
      if (headers === made.headers) throw new TypeError('immutable');
    });
    expect([pulled, rebuilt.bodyUsed, rebuilt.body?.locked]).toEqual([0, false, false]);
    expect(new Uint8Array(await rebuilt.arrayBuffer())).toEqual(new Uint8Array([1, 2, 3]));
  });

  // Hostile list R1: Workers put it there on every response, mostly null.
  test.each([[null, true], [undefined, true], [{}, false]])(
    'editHeaders() of a webSocket that is %o edits: %s',
    (webSocket, edits) => {
      const response = Object.defineProperty(new Response('x'), 'webSocket', { value: webSocket });
      editHeaders(response, (headers) => headers.set('a', '1'));
      expect(response.headers.has('a')).toBe(edits);
    },
  );
});
