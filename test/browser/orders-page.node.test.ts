import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SAMPLES } from '../../examples/orders/samples.ts';
import { openBrowser, skipped } from './chromium.ts';
import { openOrdersSite, type OrdersSite, press, readShown } from './orders-site.ts';

const samples = SAMPLES.flatMap((group) => group.samples);

describe.skipIf(skipped)('the page of examples/orders in Chromium', () => {
  let site: OrdersSite;
  let browser: Browser;
  let page: Page;
  /** Errors of the page and of its console. */
  const errors: string[] = [];

  beforeAll(async () => {
    site = await openOrdersSite();
    browser = await openBrowser();
    page = await browser.newPage();
    page.on('pageerror', (error) => void errors.push(String(error)));
    page.on('console', (message) => {
      // Chromium itself says so of every response of 400 or more, which is what this page is about.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        errors.push(message.text());
      }
    });
    await page.addInitScript(() => {
      // The cast: a global of the tests.
      const scope = globalThis as unknown as { violations: string[] };
      scope.violations = [];
      addEventListener('securitypolicyviolation', (event) => void scope.violations.push(event.effectiveDirective));
    });
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  beforeEach(async () => {
    errors.length = 0;
    await page.unrouteAll();
  });

  const violations = (): Promise<readonly string[]> =>
    page.evaluate(() => (globalThis as unknown as { violations: string[] }).violations);

  test('loads without a violation or an error, and shows a good request by itself', async () => {
    const requests: string[] = [];
    page.on('request', (request) => void requests.push(request.url()));
    await page.goto(site.origin);
    expect(await readShown(page)).toMatchObject({ title: 'My orders', status: '200', code: undefined, news: '' });
    expect(await violations()).toEqual([]);
    expect(errors).toEqual([]);
    // Nothing is loaded from anywhere else.
    expect(requests.filter((url) => !url.startsWith(`${site.origin}/`) && !url.startsWith('data:'))).toEqual([]);
  });

  test('has a nonce that no other response has, the same in its policy and its elements', async () => {
    const nonces = new Set<string>();
    for (let load = 0; load < 3; load++) {
      const response = await fetch(site.origin);
      const [, nonce = ''] = /script-src 'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '') ??
        [];
      const inPage = [...(await response.text()).matchAll(/<(?:script|style) nonce="([^"]+)">/g)].map(([, each]) =>
        each
      );
      expect(inPage).toEqual([nonce, nonce]);
      expect(response.headers.get('cache-control')).toBe('no-store');
      nonces.add(nonce);
    }
    expect(nonces.size).toBe(3);
  });

  test.each(samples.map((sample) => [sample.title, sample] as const))(
    '%s: status, stage and code',
    async (_, sample) => {
      if (!page.url().startsWith(site.origin)) await page.goto(site.origin);
      const shown = await press(page, sample.title);
      expect(shown.title).toBe(sample.title);
      expect(shown.status).toBe(String(sample.status));
      expect(shown.request).toContain(`${sample.method} ${sample.path}`);
      expect(shown.news).toContain(`${sample.title}: ${sample.status}`);
      const ended = shown.way.filter(([, state]) => state.startsWith('ended'));
      const unreached = shown.way.filter(([, state]) => state === 'unreached');
      if (sample.stage === 'response') {
        expect([ended, unreached]).toEqual([[], []]);
        expect(shown.way.map(([name]) => name)).toContain('handler');
      } else {
        expect(ended).toEqual([[sample.stage, sample.code === undefined ? 'ended' : 'ended refused']]);
        expect(unreached.map(([name]) => name)).toContain('handler');
      }
      expect(shown.code).toBe(sample.code);
      if (sample.code !== undefined) expect(shown.response).toContain(`"code": "${sample.code}"`);
      // What somebody looks over a shoulder for.
      expect(shown.request).not.toMatch(/ey[\w-]{20}/);
      expect(await violations()).toEqual([]);
      expect(errors).toEqual([]);
    },
  );

  describe('from its start', () => {
    let fresh: OrdersSite;

    beforeEach(async () => {
      fresh = await openOrdersSite();
      await page.goto(fresh.origin);
    });

    afterEach(() => fresh.close());

    test('the order that is sent twice is one order, and its cost stays behind', async () => {
      expect((await press(page, 'A new order')).response).toContain('"id": 3');
      const { response } = await press(page, 'The same order, sent twice');
      expect(response).toContain('idempotency-replayed: true');
      expect(response).toContain('"id": 4');
      const third = await press(page, 'A new order');
      expect(third.response).toContain('"id": 5');
      expect(third.response).not.toContain('costCents');
    });

    test('the gauges say what the responses say, move, and fill again by themselves', async () => {
      const timed = await browser.newPage();
      await timed.clock.install();
      await timed.goto(fresh.origin);
      const [[name] = []] = (await readShown(timed)).meters;
      expect(name).toBe('client budget of this address');
      // From here on no time passes in the page.
      await timed.clock.pauseAt(Date.now() + 60_000);
      for (const left of [4, 3]) {
        const { response, meters } = await press(timed, 'A new order');
        const [, client] = /"client";r=(\d+)/.exec(response) ?? [];
        expect(meters).toEqual([[name, Number(client)], ['writes budget of bob', left]]);
      }
      expect((await press(timed, 'A flood')).meters[1]).toEqual(['writes budget of trudy', 0]);
      await timed.clock.runFor(61_000);
      expect((await readShown(timed)).meters.map(([, left]) => left)).toEqual([120, 5]);
      await timed.close();
    });

    test('a budget that is spent says how long to wait', async () => {
      for (let count = 0; count < 5; count++) await press(page, 'Mass assignment');
      const { status, sentence } = await press(page, 'Mass assignment');
      expect(status).toBe('429');
      expect(sentence).toMatch(/^Refused at principalLimits .* A budget is spent: again in \d+ s\.$/);
    });
  });

  test('says so when the server has forgotten which way a request went', async () => {
    await page.route('**/orders', (route) =>
      route.fulfill({
        status: 429,
        headers: { 'retry-after': '7', 'x-request-id': crypto.randomUUID() },
        contentType: 'application/problem+json',
        body: '{"title":"Too Many Requests","code":"rate_limited"}',
      }));
    await page.goto(site.origin);
    const { sentence, way } = await press(page, 'No token');
    expect(sentence).toBe('The server has already forgotten which way it went.');
    expect(way).toEqual([]);
  });

  test('says so when the server is gone', async () => {
    await page.goto(site.origin);
    await readShown(page);
    await page.route('**/orders', (route) => route.abort());
    await page.getByRole('button').filter({ hasText: 'No token' }).click();
    await expect.poll(() => page.getByRole('status').textContent(), { timeout: 10_000 }).toBe(
      'No answer. Is the server still running?',
    );
  });

  // What comes from a server is text, whatever it looks like.
  test('shows markup of a response as text', async () => {
    const markup = '<img src=x onerror="globalThis.ran = true"><script>globalThis.ran = true</script>';
    await page.route(
      '**/orders',
      (route) =>
        route.fulfill({ status: 401, contentType: 'application/json', body: JSON.stringify({ title: markup }) }),
    );
    await page.goto(site.origin);
    const shown = await press(page, 'No token');
    expect(shown.response).toContain(`401 ${markup}`);
    expect(await page.evaluate(() => [document.images.length, 'ran' in globalThis])).toEqual([0, false]);
  });

  test('runs no script that was injected into it, in markup or by a script', async () => {
    await page.route(`${site.origin}/`, async (route) => {
      const response = await route.fetch();
      const injected = '<script>globalThis.ran = 1</script><img src="data:," onerror="globalThis.ran = 2">' +
        '<script nonce="AAAAAAAAAAAAAAAAAAAAAAAA">globalThis.ran = 3</script><p style="color:red">x</p>';
      await route.fulfill({ response, body: (await response.text()).replace('</main>', `${injected}</main>`) });
    });
    await page.goto(site.origin);
    await readShown(page);
    expect(new Set(await violations())).toEqual(new Set(['script-src-elem', 'script-src-attr', 'style-src-attr']));
    const thrown = await page.evaluate(() => {
      try {
        document.body.insertAdjacentHTML('beforeend', '<b>hi</b>');
        return 'nothing';
      } catch (error) {
        return error instanceof Error ? error.name : 'no error';
      }
    });
    expect([thrown, await page.evaluate(() => 'ran' in globalThis)]).toEqual(['TypeError', false]);
  });
});
