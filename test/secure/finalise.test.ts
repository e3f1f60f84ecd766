import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import { secure } from '../../src/secure/secure.ts';
import { get, ok, open, post, quiet } from './fixtures.ts';

describe('secure(): one finaliser for every exit', () => {
  const EXITS: readonly (readonly [string, () => Response | Promise<Response>, number])[] = [
    ['success', ok, 200],
    ['a refusal that the handler throws', () => {
      throw new Refusal('not_found');
    }, 404],
    ['an error', () => {
      throw new Error('secret');
    }, 500],
    ['a rejection', () => Promise.reject(new Error('secret')), 500],
    ['a thrown text', () => {
      throw 'secret';
    }, 500],
    ['a thrown Response', () => {
      throw new Response('secret', { status: 200 });
    }, 500],
    ['a thrown null', () => {
      throw null;
    }, 500],
    // A crafted object must not choose its status or smuggle a header.
    ['a thrown look-alike', () => {
      throw { code: 'not_found', status: 200, headers: { 'x-evil': '1' } };
    }, 500],
    ['undefined', () => undefined as never, 500],
    ['an object that is no Response', () => ({ status: 200 }) as never, 500],
    ['a redirect, whose headers are immutable', () => Response.redirect('https://api.test/other', 303), 303],
    ['no content', () => new Response(null, { status: 204 }), 204],
  ];
  test.each(EXITS)('%s', async (_what, handler, status) => {
    const response = await secure({ ...open, ...quiet }, handler)(get());
    expect(response.status).toBe(status);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(response.headers.get('strict-transport-security')).toContain('max-age=');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-request-id')).toMatch(/^[\w-]{22}$/);
    expect(response.headers.has('x-evil')).toBe(false);
    expect(await response.text()).not.toContain('secret');
  });

  // RFC 9111 section 3.2: the headers of a 304 replace those of the stored response, whose kind and nonce it does not know.
  test('adds to a 304 only what is the same for every kind of response', async () => {
    const response = await secure(open, () => new Response(null, { status: 304 }))(get());
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect([response.headers.has('content-security-policy'), response.headers.has('cache-control')]).toEqual([
      false,
      false,
    ]);
  });

  test('sends a problem document of exactly these members', async () => {
    const response = await secure({ ...open, ...quiet }, () => {
      throw new Error('secret');
    })(get());
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal_error',
      requestId: response.headers.get('x-request-id'),
    });
  });

  test('reports an error with the id that the client was told', async () => {
    const reported: unknown[] = [];
    const error = new Error('boom');
    const handler = secure(
      { ...open, id: 'p', onError: (caught, report) => void reported.push(caught, report) },
      () => {
        throw error;
      },
    );
    const response = await handler(get());
    expect(reported).toEqual([error, { requestId: response.headers.get('x-request-id'), policyId: 'p', status: 500 }]);
  });

  test('does not report what the client did', async () => {
    const onError = vi.fn();
    await secure({ ...open, onError }, ok)(post('{}'));
    expect(onError).not.toHaveBeenCalled();
  });

  const REPORTERS: readonly (readonly [string, () => unknown])[] = [
    ['throws', () => {
      throw new Error('reporter');
    }],
    ['rejects', () => Promise.reject(new Error('reporter'))],
    ['never ends', () => new Promise(() => undefined)],
  ];
  test.each(REPORTERS)('is not changed by a reporter that %s', async (_how, onError) => {
    expect(
      (await secure({ ...open, onError }, () => {
        throw new Error('boom');
      })(get())).status,
    ).toBe(500);
  });

  test('keeps several cookies', async () => {
    const response = await secure(open, () => {
      const made = new Response('x');
      made.headers.append('set-cookie', 'a=1');
      made.headers.append('set-cookie', 'b=2');
      return made;
    })(get());
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test.each(['http://api.test/', 'https://127.0.0.1/', 'https://[::1]/', 'https://localhost/', 'https://a.localhost/'])(
    'sends no HSTS for %s',
    async (url) => {
      expect((await secure(open, ok)(new Request(url))).headers.has('strict-transport-security')).toBe(false);
    },
  );

  test('sends a streaming body on without reading it first', async () => {
    let release = (): void => undefined;
    const response = await secure(open, () =>
      new Response(
        new ReadableStream({
          start(controller): void {
            controller.enqueue(new Uint8Array([1]));
            release = () => controller.close();
          },
        }),
      ))(get());
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value).toEqual(new Uint8Array([1]));
    release();
    expect((await reader?.read())?.done).toBe(true);
  });
});
