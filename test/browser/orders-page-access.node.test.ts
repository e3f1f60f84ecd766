import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { SAMPLES } from '../../examples/orders/samples.ts';
import { openBrowser, skipped } from './chromium.ts';
import { openOrdersSite, type OrdersSite, press, readShown } from './orders-site.ts';

/** On a machine that has other things to do. */
const SOON = { timeout: 10_000 };
const samples = SAMPLES.flatMap((group) => group.samples);

describe.skipIf(skipped)('the page of examples/orders, for everybody', () => {
  let site: OrdersSite;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = await openOrdersSite();
    browser = await openBrowser();
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  beforeEach(async () => {
    page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    await page.goto(site.origin);
    await readShown(page);
  });

  afterEach(() => page.close());

  test('every button says what it sends and what it expects', async () => {
    const names = await page.getByRole('button').evaluateAll((buttons) =>
      buttons.map((button) => button.textContent.replaceAll(/\s+/g, ' ').trim())
    );
    expect(names).toEqual(samples.map(({ title, status }) => `${title} ${status}`));
    expect(names.length).toBeGreaterThan(16);
  });

  test('has landmarks, headings without a gap, a language, a title, and a place for news', async () => {
    for (const role of ['banner', 'main', 'contentinfo', 'status'] as const) {
      expect(await page.getByRole(role).count()).toBe(1);
    }
    const levels = await page.locator('h1, h2, h3, h4').evaluateAll((all) =>
      all.map(({ tagName }) => Number(tagName[1]))
    );
    expect(levels.filter((level) => level === 1)).toEqual([1]);
    levels.forEach((level, index) => expect(level - (levels[index - 1] ?? 0)).toBeLessThanOrEqual(1));
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
    expect(await page.title()).not.toBe('');
    expect(await page.getByRole('region').evaluateAll((all) => all.every((one) => one.hasAttribute('aria-labelledby'))))
      .toBe(true);
  });

  test('the way says without colour what became of the request', async () => {
    await press(page, 'The wrong scope');
    const items = await page.getByRole('listitem').filter({ has: page.locator('.stage') }).allTextContents();
    expect(items.filter((text) => text.includes(', refused here: insufficient_scope'))).toHaveLength(1);
    expect(items.filter((text) => text.includes(', passed: ')).length).toBeGreaterThan(3);
    expect(items.filter((text) => text.includes(', not reached: ')).length).toBeGreaterThan(3);
    expect(await page.locator('#way [aria-current=step] .stage').textContent()).toBe('scopes');
  });

  test('works with a keyboard alone: the focus is seen, and stays where it was', async () => {
    // Two neighbours.
    const noToken = samples.findIndex(({ title }) => title === 'No token');
    for (let tab = 0; tab <= noToken; tab++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.getByRole('status').textContent(), SOON).toMatch(
      /^No token: 401 Unauthorized\. Refused at authenticate/,
    );
    const focused = await page.evaluate(() => {
      const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement ?? document.body);
      return [document.activeElement?.textContent?.startsWith('No token'), outlineStyle, outlineWidth];
    });
    expect(focused).toEqual([true, 'solid', '3px']);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await expect.poll(() => page.getByRole('status').textContent(), SOON).toMatch(/^A borrowed name: 401/);
  });

  test.each([320, 360, 400])(
    'is no wider than %i pixels, and unfolds the result below what was pressed',
    async (width) => {
      await page.setViewportSize({ width, height: 780 });
      for (const title of ['Mass assignment', 'A body too large', 'The same order, sent twice']) {
        await press(page, title);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
        const [button, result] = await page.evaluate(() => {
          const top = (selector: string): number => document.querySelector(selector)?.getBoundingClientRect().top ?? -1;
          return [top('button[aria-current]'), top('#result')] as const;
        });
        expect(button).toBeGreaterThanOrEqual(0);
        expect(result).toBeGreaterThan(button);
        expect(result).toBeLessThan(200);
      }
      // Turned on its side it is where it belongs.
      await page.setViewportSize({ width: 1280, height: 400 });
      await expect.poll(() => page.evaluate(() => document.querySelector('#result')?.parentElement?.tagName)).toBe(
        'MAIN',
      );
    },
  );

  // WCAG 2.2, 1.4.3: 4.5 to 1.
  test.each(['light', 'dark'] as const)('has contrast in %s', async (colorScheme) => {
    // Without transitions, in whose middle colours are neither the one nor the other.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const poor = new Set<string>();
    for (const title of ['A flood', 'The same order, sent twice', 'Mass assignment']) {
      await press(page, title);
      await page.mouse.move(0, 0);
      for (const each of await page.evaluate(readPoorContrast)) poor.add(each);
    }
    expect([...poor]).toEqual([]);
    const background = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    expect(Number(/\d+/.exec(background)?.[0]) > 128).toBe(colorScheme === 'light');
  });

  test('nothing moves for those who want no motion', async () => {
    const durations = (): Promise<string[]> =>
      page.locator('.bar, button').evaluateAll((
        all,
      ) => [...new Set(all.map((one) => getComputedStyle(one).transitionProperty))]);
    expect(await durations()).not.toEqual(['none']);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    expect(await durations()).toEqual(['none']);
  });
});

/** Runs in the page: every text whose colour is too near to that behind it. */
function readPoorContrast(): string[] {
  const read = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
  const luminance = ([red = 0, green = 0, blue = 0]: number[]): number => {
    const [r = 0, g = 0, b = 0] = [red, green, blue].map((value) => {
      return value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element: Element | null): number[] => {
    if (element === null) return [255, 255, 255];
    const colour = read(getComputedStyle(element).backgroundColor);
    return colour[3] === 0 ? behind(element.parentElement) : colour;
  };
  const poor: string[] = [];
  for (const element of document.body.querySelectorAll('*')) {
    const hasText = [...element.childNodes].some((node) =>
      node.nodeType === Node.TEXT_NODE && node.textContent?.trim()
    );
    if (!hasText || element.matches('script, style, noscript, .unseen')) continue;
    const [one = 0, other = 0] = [luminance(read(getComputedStyle(element).color)), luminance(behind(element))].sort((
      a,
      b,
    ) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) {
      poor.push(`${element.tagName}.${element.className}: ${element.textContent}`);
    }
  }
  return poor;
}
