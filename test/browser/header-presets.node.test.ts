import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createHeaderPolicy, createNonce } from '../../src/headers/index.ts';
import { openBrowser, skipped } from './chromium.ts';
import { openPort, type Port } from './cross-origin-site.ts';

const policy = createHeaderPolicy();
const html = { headers: { 'content-type': 'text/html; charset=utf-8' } };
const scripts = (nonce: string): string =>
  `<!doctype html><title>A page</title>
  <script nonce="${nonce}">
    globalThis.ran = ['nonce'];
    globalThis.violations = [];
    document.addEventListener('securitypolicyviolation', (event) => violations.push(event.effectiveDirective));
  </script>
  <script>globalThis.ran.push('inline')</script>
  <script nonce="AAAAAAAAAAAAAAAAAAAAAAAA">globalThis.ran.push('guessed nonce')</script>
  <script src="/script.js"></script>
  <img src="data:image/gif;base64,AAAA" onerror="ran.push('handler')">
  <p style="color: red">styled</p>`;

/** What the page notes; the casts below: what runs in the page sees the page's globals. */
interface Noted {
  readonly ran: readonly string[];
  readonly violations: readonly string[];
}

describe.skipIf(skipped)('the header presets in a browser', () => {
  let browser: Browser;
  let page: Page;
  let pages: Port;
  let other: Port;

  beforeAll(async () => {
    const answer = (request: Request): Response => {
      const { pathname } = new URL(request.url);
      const nonce = createNonce();
      if (pathname === '/nonce') {
        return policy.apply(new Response(scripts(nonce), html), { secure: false, nonce });
      }
      if (pathname === '/own') {
        const text = '<!doctype html><script src="/script.js"></script><script>globalThis.ran.push("inline")</script>';
        return policy.apply(new Response(text, html), { secure: false });
      }
      if (pathname === '/script.js') {
        const text = "globalThis.ran ??= []; ran.push('file')";
        return policy.apply(new Response(text, { headers: { 'content-type': 'text/javascript' } }), { secure: false });
      }
      if (pathname === '/bare') return new Response('<!doctype html><title>Anybody</title>', html);
      // Bytes without a type, which are HTML to whoever sniffs.
      const bytes = new TextEncoder().encode('<!doctype html><script>document.title = "ran"</script>');
      return policy.apply(new Response(bytes), { secure: false });
    };
    pages = await openPort(answer);
    other = await openPort(answer);
    browser = await openBrowser();
    page = await browser.newPage();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    pages?.close();
    other?.close();
  });

  beforeEach(async () => {
    await page.goto('about:blank');
  });

  const visit = (path: string): ReturnType<Page['goto']> => page.goto(`http://localhost:${pages.port}${path}`);
  const noted = (): Promise<Noted> =>
    page.evaluate(() => {
      const { ran, violations = [] } = globalThis as unknown as Partial<Noted>;
      return { ran: ran ?? [], violations };
    });

  test('with a nonce, that script runs and nothing else: no inline script, guessed nonce, file, handler or style', async () => {
    await visit('/nonce');
    const { ran, violations } = await noted();
    expect(ran).toEqual(['nonce']);
    expect(new Set(violations)).toEqual(new Set(['script-src-elem', 'script-src-attr', 'style-src-attr']));
  });

  test('without one, files of its own run, and no inline script', async () => {
    await visit('/own');
    expect((await noted()).ran).toEqual(['file']);
  });

  test('a text that reaches a sink without a Trusted Types policy throws', async () => {
    await visit('/nonce');
    const thrown = await page.evaluate(() => {
      try {
        document.body.innerHTML = '<b>hi</b>';
        return 'nothing';
      } catch (error) {
        return error instanceof Error ? error.name : 'no error';
      }
    });
    expect(thrown).toBe('TypeError');
  });

  test('data that is opened as a page runs nothing', async () => {
    await visit('/data');
    expect(await page.title()).not.toBe('ran');
  });

  test.each([['/nonce'], ['/data']])('no page of another origin frames %s', async (path) => {
    await page.goto(`http://127.0.0.1:${other.port}/bare`);
    const framed = await page.evaluate(async (url) => {
      const frame = document.createElement('iframe');
      const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
      frame.src = url;
      document.body.append(frame);
      await loaded;
      return frame.contentDocument === null ? 'another origin or an error page' : 'readable';
    }, `http://localhost:${pages.port}${path}`);
    expect(framed).toBe('another origin or an error page');
    await expect.poll(() => page.frames()[1]?.url()).toMatch(/^chrome-error:/);
  });

  test('no page of another origin embeds it without CORS', async () => {
    await page.goto(`http://127.0.0.1:${other.port}/bare`);
    const outcome = await page.evaluate(async (url) => {
      try {
        await fetch(url, { mode: 'no-cors' });
        return 'embedded';
      } catch {
        return 'blocked';
      }
    }, `http://localhost:${pages.port}/script.js`);
    expect(outcome).toBe('blocked');
  });
});
