import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, get, ok, open, PEER, post, quiet } from './fixtures.ts';

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
    ['a network error', () => Response.error(), 500],
    ['a Response that was already read', async () => {
      const response = new Response('secret');
      await response.text();
      return response;
    }, 500],
    ['a Response that cannot carry headers', () => {
      const response = new Response('secret');
      Object.defineProperty(response, 'headers', { value: Object.freeze({ get: () => null }) });
      return response;
    }, 500],
    // Of the handler's own making, with input in what a client is told: nothing of it may reject, or reach the log as a crash.
    ['a refusal whose headers cannot be written', () => {
      throw new Refusal('forbidden', { headers: { 'x-note': 'secret\r\nx-evil: 1' } });
    }, 500],
    ['a refusal whose issues cannot be written', () => {
      throw new Refusal('forbidden', { issues: [{ code: 'secret', path: [1n as never], message: '' }] });
    }, 500],
    ['a look-alike that wears the brand', () => {
      throw { [Symbol.for('sallyport.refusal')]: true, status: 200, code: 'not_found' };
    }, 500],
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
    expect(response.headers.get('x-request-id')).toMatch(/^[\da-f-]{36}$/);
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

  test.each([
    ['what cannot be sent', () => Response.error()],
    ['a refusal that cannot be written', () => {
      throw new Refusal('forbidden', { headers: { 'x-note': 'a\nb' } });
    }],
  ])('reports %s: a 500 that no log explains cannot be mended', async (_what, handler: () => Response) => {
    const onError = vi.fn();
    await secure({ ...open, onError }, handler)(get());
    expect(onError).toHaveBeenCalledTimes(1);
  });

  const BROKEN: readonly (readonly [string, () => readonly [Request, object]])[] = [
    ['a runtime that cannot tell the peer', () => [get(), {
      requestIP: () => {
        throw new Error('secret');
      },
    }]],
    ['what is no Request', () => [{ url: '/secret', method: 'GET' } as never, {}]],
    ['no request', () => [undefined as never, {}]],
  ];
  test.each(BROKEN)('answers %s with a reported 500', async (_what, make) => {
    const onError = vi.fn();
    const response = await secure({ ...open, onError }, ok)(...make());
    expect([response.status, response.headers.get('x-frame-options')]).toEqual([500, 'DENY']);
    const requestId = response.headers.get('x-request-id');
    expect(await response.json()).toMatchObject({ code: 'internal_error', requestId });
    expect(onError).toHaveBeenCalledWith(expect.anything(), { requestId, policyId: undefined, status: 500 });
  });

  // A constant such as `const EMPTY = new Response(null)` serves all clients at once.
  test('keeps what it tells two clients apart when the handler returns one object to both', async () => {
    const shared = new Response(null, { status: 202 });
    const handler = secure({ ...open, cors: createCors({ origins: ['https://a.test'] }) }, () => shared);
    const [one, other] = await Promise.all([handler(get('/', { origin: 'https://a.test' })), handler(get())]);
    expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'));
    expect([one, other].map((response) => response.headers.get('access-control-allow-origin'))).toEqual([
      'https://a.test',
      null,
    ]);
  });

  test('cancels the body that HEAD takes away: what feeds it would wait for ever', async () => {
    const cancel = vi.fn();
    const handler = secure(open, () => new Response(new ReadableStream({ cancel })));
    expect((await handler(new Request('https://api.test/', { method: 'HEAD' }))).body).toBe(null);
    expect(cancel).toHaveBeenCalledTimes(1);
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

  // Proxies commonly reach the server by an address; HSTS is about the host that the client came to.
  test.each([
    ['a name', 'api.test', true],
    ['a name and a port', 'api.test:8443', true],
    ['an address', '192.0.2.1:8443', false],
    ['an IPv6 address', '[2001:db8::1]:8443', false],
    ['localhost', 'localhost:8443', false],
  ])('decides on HSTS by the host that a proxy was asked for: %s', async (_what, host, isSent) => {
    const client = createClientResolver({ trustedProxies: ['192.0.2.1'], read: 'x-forwarded' });
    const headers = { 'x-forwarded-for': '198.51.100.7', 'x-forwarded-proto': 'https', 'x-forwarded-host': host };
    for (const url of ['http://127.0.0.1:8080/', 'http://inner.test/']) {
      const response = await secure({ ...open, client }, ok)(new Request(url, { headers }), PEER);
      expect(response.headers.has('strict-transport-security'), url).toBe(isSent);
    }
  });

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

  // What one principal was shown must not be kept for the next.
  test('lets no cache keep a page that a principal was shown, unless the handler says so', async () => {
    const page = (cacheControl: Record<string, string>) => (): Response =>
      new Response('<p>', { headers: { 'content-type': 'text/html', ...cacheControl } });
    const policy = { ...open, auth: bearer().auth };
    const shown = await secure(policy, page({}))(get('/', as('reader')));
    const said = await secure(policy, page({ 'cache-control': 'private, max-age=5' }))(get('/', as('reader')));
    expect([shown, said].map((response) => response.headers.get('cache-control'))).toEqual([
      'no-store',
      'private, max-age=5',
    ]);
  });

  // RFC 9110 section 15.5.2
  test('adds the challenge to a 401 that the handler throws', async () => {
    const response = await secure({ ...open, auth: bearer().auth }, () => {
      throw new Refusal('credentials_missing');
    })(get('/', as('reader')));
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer realm="api"']);
  });
});
