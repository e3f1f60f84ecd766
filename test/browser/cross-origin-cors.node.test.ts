import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Cors, createCors } from '../../src/cross-origin/index.ts';
import { openBrowser, skipped } from './chromium.ts';
import { openPort, type Port } from './cross-origin-site.ts';

/** What a page asks for, and what it was given: what it could read, or the name of the error. */
interface Ask {
  readonly path: string;
  readonly init?: RequestInit;
  readonly read?: string;
}

describe.skipIf(skipped)('CORS in a browser', () => {
  let browser: Browser;
  let page: Page;
  let api: Port;
  let pages: Port;
  let reader: string;
  let stranger: string;

  beforeAll(async () => {
    pages = await openPort();
    // Two ports of one host are one site and two origins; the address is another site.
    reader = `http://localhost:${pages.port}`;
    stranger = `http://127.0.0.1:${pages.port}`;
    const methods = ['GET', 'POST', 'PUT', 'PATCH'];
    const policies = new Map<string, Cors>([
      [
        '/shared',
        createCors({
          origins: [reader],
          credentials: true,
          methods,
          headers: ['x-order', 'content-type'],
          exposeHeaders: ['x-request-id'],
          maxAgeSeconds: -1,
        }),
      ],
      ['/remembered', createCors({ origins: [reader], methods, maxAgeSeconds: 600 })],
      ['/named', createCors({ origins: [`http://*.app.test:${pages.port}`] })],
      ['/open', createCors({ origins: '*', exposeHeaders: ['*'], methods: ['*'], headers: ['*'] })],
      ['/open-authorization', createCors({ origins: '*', headers: ['*', 'authorization'] })],
    ]);
    api = await openPort((request) => {
      const url = new URL(request.url);
      const cors = policies.get(url.pathname);
      if (cors === undefined) return new Response('no such path', { status: 404 });
      const preflight = cors.preflight(request);
      if (preflight !== undefined) return preflight;
      const headers = {
        'x-request-id': 'r-1',
        'x-secret': 's',
        'cache-control': url.searchParams.get('cache') ?? 'no-store',
      };
      const status = Number(url.searchParams.get('status') ?? 200);
      return cors.apply(request, new Response(request.headers.get('cookie') ?? 'no cookie', { status, headers }));
    });
    browser = await openBrowser();
    page = await browser.newPage();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    api?.close();
    pages?.close();
  });

  beforeEach(() => {
    api.seen.length = 0;
  });

  /** Has a page of an origin fetch. */
  async function ask(origin: string, { path, init = {}, read }: Ask): Promise<string> {
    if (!page.url().startsWith(`${origin}/`)) await page.goto(`${origin}/page`);
    return await page.evaluate(async ([url, options, name]) => {
      try {
        const response = await fetch(url, options);
        return name === undefined ? await response.text() : String(response.headers.get(name));
      } catch (error) {
        return (error as Error).name;
      }
    }, [`http://localhost:${api.port}${path}`, init, read] as const);
  }

  /** The methods that arrived, with what was asked for by a preflight. */
  function arrived(): string[] {
    return api.seen.map(({ method, headers }) => {
      const asked = ['access-control-request-method', 'access-control-request-headers'].map((name) =>
        headers.get(name)
      );
      return [method, ...asked.filter((value) => value !== null)].join(' ');
    });
  }

  test('a page of an allowed origin reads, and says where it is', async () => {
    expect(await ask(reader, { path: '/shared' })).toBe('no cookie');
    expect(arrived()).toEqual(['GET']);
    const { headers } = api.seen[0] ?? { headers: new Headers() };
    expect(['origin', 'sec-fetch-site', 'sec-fetch-mode'].map((name) => headers.get(name))).toEqual([
      reader,
      'same-site',
      'cors',
    ]);
  });

  // CORS lifts a restriction; it never adds one: the request arrives all the same.
  test('a page of another origin reads nothing, although its request arrives', async () => {
    expect(await ask(stranger, { path: '/shared' })).toBe('TypeError');
    expect(arrived()).toEqual(['GET']);
    const { headers } = api.seen[0] ?? { headers: new Headers() };
    expect([headers.get('origin'), headers.get('sec-fetch-site')]).toEqual([stranger, 'cross-site']);
  });

  test('a preflight lets an allowed method and header through', async () => {
    const init = { method: 'PUT', headers: { 'X-Order': '1', 'Content-Type': 'application/json' }, body: '{}' };
    expect(await ask(reader, { path: '/shared', init })).toBe('no cookie');
    // Lower-case, sorted, without white space (WHATWG Fetch, CORS-preflight fetch).
    expect(arrived()).toEqual(['OPTIONS PUT content-type,x-order', 'PUT']);
  });

  test.each<readonly [string, RequestInit, string]>([
    ['another method', { method: 'DELETE' }, 'OPTIONS DELETE'],
    // C14: the browser sends `patch` as it was written, and PATCH is another method.
    ['a method in lower case', { method: 'patch' }, 'OPTIONS patch'],
    ['another header', { headers: { 'x-evil': '1' } }, 'OPTIONS GET x-evil'],
    [
      'another header beside an allowed one',
      { headers: { 'x-evil': '1', 'x-order': '1' } },
      'OPTIONS GET x-evil,x-order',
    ],
  ])('a preflight stops %s before it is sent', async (_name, init, asked) => {
    expect(await ask(reader, { path: '/shared', init })).toBe('TypeError');
    expect(arrived()).toEqual([asked]);
  });

  test('a preflight stops every method of another origin', async () => {
    expect(await ask(stranger, { path: '/shared', init: { method: 'PUT' } })).toBe('TypeError');
    expect(arrived()).toEqual(['OPTIONS PUT']);
  });

  test('an upper-case PATCH gets through', async () => {
    expect(await ask(reader, { path: '/shared', init: { method: 'PATCH' } })).toBe('no cookie');
  });

  test('maxAgeSeconds: -1 makes a browser ask every time, 600 once', async () => {
    for (const path of ['/shared', '/remembered']) {
      api.seen.length = 0;
      await ask(reader, { path, init: { method: 'PUT' } });
      await ask(reader, { path, init: { method: 'PUT' } });
      expect(arrived()).toEqual(
        path === '/shared' ? ['OPTIONS PUT', 'PUT', 'OPTIONS PUT', 'PUT'] : ['OPTIONS PUT', 'PUT', 'PUT'],
      );
    }
  });

  test('credentials reach an allowed origin alone, and never beside *', async () => {
    await page.context().addCookies([{ name: 'id', value: 'ada', url: `http://localhost:${api.port}` }]);
    const init = { credentials: 'include' } as const;
    expect(await ask(reader, { path: '/shared', init })).toBe('id=ada');
    expect(await ask(reader, { path: '/shared' })).toBe('no cookie');
    expect(await ask(reader, { path: '/open', init })).toBe('TypeError');
    expect(await ask(stranger, { path: '/shared', init })).toBe('TypeError');
    expect(await ask(reader, { path: '/open' })).toBe('no cookie');
    await page.context().clearCookies();
  });

  test('a page reads the exposed headers, and no others', async () => {
    expect(await ask(reader, { path: '/shared', read: 'x-request-id' })).toBe('r-1');
    expect(await ask(reader, { path: '/shared', read: 'x-secret' })).toBe('null');
    expect(await ask(reader, { path: '/remembered', read: 'x-request-id' })).toBe('null');
    expect(await ask(reader, { path: '/open', read: 'x-secret' })).toBe('s');
  });

  test('a pattern lets one label read, not none and not two', async () => {
    const read = async (host: string): Promise<string> => await ask(`http://${host}:${pages.port}`, { path: '/named' });
    expect(await read('a.app.test')).toBe('no cookie');
    expect(await read('app.test')).toBe('TypeError');
    expect(await read('b.a.app.test')).toBe('TypeError');
    expect(await read('a.app.evil.test')).toBe('TypeError');
    expect(api.seen.map(({ headers }) => headers.get('origin'))).toEqual(
      ['a.app.test', 'app.test', 'b.a.app.test', 'a.app.evil.test'].map((host) => `http://${host}:${pages.port}`),
    );
  });

  // C13: `*` is any method and header, but Authorization has to be named. Chromium would let it through: it is the preflight that does not.
  test('* covers every header but Authorization', async () => {
    const authorization = { authorization: 'Bearer t' };
    expect(await ask(stranger, { path: '/open', init: { method: 'PURGE', headers: { 'x-any': '1' } } })).toBe(
      'no cookie',
    );
    expect(await ask(stranger, { path: '/open', init: { headers: authorization } })).toBe('TypeError');
    expect(await ask(stranger, { path: '/open-authorization', init: { headers: authorization } })).toBe('no cookie');
    expect(arrived()).toEqual([
      'OPTIONS PURGE x-any',
      'PURGE',
      'OPTIONS GET authorization',
      'OPTIONS GET authorization',
      'GET',
    ]);
  });

  // C16.
  test.each(['413', '429', '500'])('a page reads a %s too', async (status) => {
    expect(await ask(reader, { path: `/shared?status=${status}` })).toBe('no cookie');
  });

  // C2: every sandboxed frame of every site is `null`.
  test('a sandboxed frame reads nothing', async () => {
    await page.goto(`${reader}/page`);
    const said = await page.evaluate(async (url) => {
      const frame = document.createElement('iframe');
      frame.sandbox.add('allow-scripts');
      frame.srcdoc = `<script>
        fetch(${
        JSON.stringify(url)
      }).then(() => 'read', (error) => error.name).then((said) => parent.postMessage(said, '*'));
      </script>`;
      const answer = new Promise((resolve) => addEventListener('message', ({ data }) => resolve(data), { once: true }));
      document.body.append(frame);
      return await answer;
    }, `http://localhost:${api.port}/shared`);
    expect(said).toBe('TypeError');
    expect(api.seen.map(({ headers }) => headers.get('origin'))).toEqual(['null']);
  });

  // C8, C9: without Vary the answer to the first would be served from the cache to the second, which then could not read it.
  test('what was cached without CORS is not what CORS reads', async () => {
    const path = '/shared?cache=max-age%3D60';
    expect(await ask(reader, { path, init: { mode: 'no-cors' } })).toBe('');
    expect(await ask(reader, { path })).toBe('no cookie');
    expect(await ask(reader, { path })).toBe('no cookie');
    expect(api.seen.map(({ headers }) => headers.get('origin'))).toEqual([null, reader]);
  });
});
