import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { toProblem } from '../../src/core/problem.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/index.ts';
import { openBrowser, skipped } from './chromium.ts';
import { openPort, type Port } from './cross-origin-site.ts';

/** What a page makes the browser send, whatever the API thinks of it. */
type Deed = 'form' | 'form of text' | 'form with a file' | 'fetch' | 'beacon' | 'WebSocket';

const FORM_TYPES: Readonly<Record<string, string>> = {
  form: 'application/x-www-form-urlencoded',
  'form of text': 'text/plain',
  'form with a file': 'multipart/form-data',
};
const DEEDS: readonly Deed[] = ['form', 'form of text', 'form with a file', 'fetch', 'beacon', 'WebSocket'];

describe.skipIf(skipped)('CSRF in a browser', () => {
  let browser: Browser;
  let page: Page;
  let api: Port;
  let pages: Port;
  const outcomes: string[] = [];

  beforeAll(async () => {
    pages = await openPort();
    const strict = createCrossOriginCheck();
    const trusting = createCrossOriginCheck({
      trustedOrigins: [`http://localhost:${pages.port}`],
      bypass: ['POST /saml/acs'],
    });
    api = await openPort((request) => {
      const check = new URL(request.url).pathname === '/strict' ? strict : trusting;
      const refusal = check.check(request);
      outcomes.push(refusal?.code ?? 'let through');
      if (refusal !== undefined) return toProblem(refusal);
      return request.headers.has('upgrade') ? undefined : new Response('done');
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
    outcomes.length = 0;
  });

  /** Has a page do it, in a frame of its own for forms, and waits until the API has decided. */
  async function make(
    deed: Deed,
    target: string,
  ): Promise<readonly [site: string | null, origin: string | null, outcome: string]> {
    await page.evaluate(([what, url, type]) => {
      if (what === 'fetch') {
        return void fetch(url, { method: 'POST', mode: 'no-cors', body: 'x' }).catch(() => undefined);
      }
      if (what === 'beacon') return void navigator.sendBeacon(url, 'x');
      if (what === 'WebSocket') return void new WebSocket(url.replace('http:', 'ws:'));
      const frame = document.createElement('iframe');
      frame.name = `frame-${document.querySelectorAll('iframe').length}`;
      const form = document.createElement('form');
      Object.assign(form, { method: 'post', action: url, enctype: type, target: frame.name });
      form.append(Object.assign(document.createElement('input'), { name: 'amount', value: '1000' }));
      document.body.append(frame, form);
      form.submit();
    }, [deed, target, FORM_TYPES[deed] ?? ''] as const);
    return await decided(deed);
  }

  async function decided(deed: Deed): Promise<readonly [string | null, string | null, string]> {
    await expect.poll(() => outcomes.length, { timeout: 5000, message: `${deed} never arrived` }).toBe(1);
    const { method, headers } = api.seen.find(({ path }) => path !== '/page') ?? { method: '', headers: new Headers() };
    expect(method).toBe(deed === 'WebSocket' ? 'GET' : 'POST');
    if (deed in FORM_TYPES) expect(headers.get('content-type')?.split(';', 1)[0]).toBe(FORM_TYPES[deed]);
    return [headers.get('sec-fetch-site'), headers.get('origin'), outcomes[0] ?? ''];
  }

  const apiAt = (host: string, path = '/orders'): string => `http://${host}:${api.port}${path}`;
  const pageAt = (host: string, query = ''): string => `http://${host}:${pages.port}/page${query}`;
  /** Chromium says nothing about the site of a page that opens a WebSocket. */
  const siteOf = (deed: Deed, site: string): string | null => deed === 'WebSocket' ? null : site;

  describe.each(DEEDS)('%s', (deed) => {
    test('of its own page is let through', async () => {
      await page.goto(apiAt('localhost', '/page'));
      expect(await make(deed, apiAt('localhost'))).toEqual([
        siteOf(deed, 'same-origin'),
        `http://localhost:${api.port}`,
        'let through',
      ]);
    });

    test('of another site is refused', async () => {
      await page.goto(pageAt('127.0.0.1'));
      expect(await make(deed, apiAt('localhost'))).toEqual([
        siteOf(deed, 'cross-site'),
        `http://127.0.0.1:${pages.port}`,
        'cross_site_request',
      ]);
    });

    // Another port, or another subdomain, is the same site: SameSite cookies come along.
    test('of another origin of its site is refused, unless trusted', async () => {
      await page.goto(pageAt('localhost'));
      const origin = `http://localhost:${pages.port}`;
      expect(await make(deed, apiAt('localhost', '/strict'))).toEqual([
        siteOf(deed, 'same-site'),
        origin,
        'cross_site_request',
      ]);
      outcomes.length = api.seen.length = 0;
      expect(await make(deed, apiAt('localhost'))).toEqual([siteOf(deed, 'same-site'), origin, 'let through']);
    });

    // Without https, and where the name is no loopback, browsers send no Fetch metadata: Origin alone decides.
    test('over plain http is judged by its Origin', async () => {
      await page.goto(apiAt('api.test', '/page'));
      expect(await make(deed, apiAt('api.test'))).toEqual([null, `http://api.test:${api.port}`, 'let through']);
      await page.goto(pageAt('api.test'));
      outcomes.length = api.seen.length = 0;
      expect(await make(deed, apiAt('api.test'))).toEqual([
        null,
        `http://api.test:${pages.port}`,
        'cross_site_request',
      ]);
    });

    // C2, X6: the origin of a sandboxed frame is `null`, whatever site it is of.
    test('of a sandboxed frame is refused, also on its own page', async () => {
      await page.goto(apiAt('localhost', '/page'));
      await page.evaluate(([what, url, type]) => {
        const frame = document.createElement('iframe');
        frame.sandbox.add('allow-scripts', 'allow-forms');
        const deeds: Record<string, string> = {
          fetch: `fetch(${JSON.stringify(url)}, { method: 'POST', mode: 'no-cors', body: 'x' }).catch(() => undefined)`,
          beacon: `navigator.sendBeacon(${JSON.stringify(url)}, 'x')`,
          WebSocket: `new WebSocket(${JSON.stringify(url.replace('http:', 'ws:'))})`,
        };
        frame.srcdoc = `<form method="post" enctype="${type}" action="${url}"><input name="amount" value="1000"></form>
          <script>${deeds[what] ?? 'document.forms[0].submit()'}</script>`;
        document.body.append(frame);
      }, [deed, apiAt('localhost'), FORM_TYPES[deed] ?? ''] as const);
      expect(await decided(deed)).toEqual([siteOf(deed, 'cross-site'), 'null', 'cross_site_request']);
    });
  });

  // X6: such a page hides its Origin from itself as well; Fetch metadata still tells.
  test('a form of its own page with Referrer-Policy: no-referrer is let through, with Origin null', async () => {
    await page.goto(apiAt('localhost', '/page?referrer-policy=no-referrer'));
    expect(await make('form', apiAt('localhost'))).toEqual(['same-origin', 'null', 'let through']);
  });

  // Without Fetch metadata it cannot be told from a sandboxed frame's: that is why pages are sent strict-origin-when-cross-origin.
  test('such a form over plain http is refused', async () => {
    await page.goto(apiAt('api.test', '/page?referrer-policy=no-referrer'));
    expect(await make('form', apiAt('api.test'))).toEqual([null, 'null', 'cross_site_request']);
  });

  test('the bypass is let through, and another spelling of it is not', async () => {
    await page.goto(pageAt('127.0.0.1'));
    expect((await make('form', apiAt('localhost', '/saml/acs')))[2]).toBe('let through');
    for (const path of ['/saml/acs/', '/saml/%61cs', '/saml/acs/..%2f..%2forders', '//saml/acs']) {
      outcomes.length = api.seen.length = 0;
      expect((await make('form', apiAt('localhost', path)))[2]).toBe('cross_site_request');
    }
  });

  test('a refused WebSocket never opens, an own one does', async () => {
    const opens = async (from: string): Promise<string> => {
      await page.goto(from);
      return await page.evaluate((url) =>
        new Promise<string>((resolve) => {
          const socket = new WebSocket(url);
          socket.onopen = (): void => resolve('open');
          socket.onerror = (): void => resolve('error');
        }), apiAt('localhost', '/socket').replace('http:', 'ws:'));
    };
    expect(await opens(apiAt('localhost', '/page'))).toBe('open');
    expect(await opens(pageAt('localhost'))).toBe('open');
    expect(await opens(pageAt('127.0.0.1'))).toBe('error');
  });

  test('an address that somebody typed is of no site', async () => {
    await page.goto(apiAt('localhost'));
    expect(api.seen[0]?.headers.get('sec-fetch-site')).toBe('none');
  });
});
