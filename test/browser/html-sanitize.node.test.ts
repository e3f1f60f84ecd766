import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sanitizeHtml } from '../../src/html/index.ts';
import { type CanonicalNode, readCanonical } from '../html/canonical.ts';
import { POLICIES } from '../html/policies.ts';
import { HTML_PAYLOADS } from '../vectors/html-payloads.ts';
import { skipped } from './chromium.ts';
import { openWatched, type Watched } from './html-page.ts';

/** Places of a page, `@` being where the content goes. Each has to be read by Chromium as by the grammar. */
const PLACES: readonly (readonly [page: string, phrasesOnly?: true])[] = [
  ['<div data-here>@</div>'],
  ['<section><ul><li data-here>@</ul></section>'],
  ['<table><tr><td data-here>@</table>'],
  ['<button data-here>@</button>'],
  ['<label data-here>@</label>'],
  ['<details open><summary data-here>@</summary></details>'],
  ['<template data-here>@</template>'],
  ['<svg><foreignObject data-here>@</foreignObject></svg>'],
  ['<b><b><b><i data-here>@</i></b></b></b>'],
  ['<p data-here>@</p>', true],
  ['<h1 data-here>@</h1>', true],
  ['<math><mtext data-here>@</mtext></math>', true],
];
const CHOSEN = POLICIES.filter(([title]) => title === 'nothing else' || title === 'everything');
const CASES = CHOSEN.flatMap(([title, options, names]) =>
  PLACES.filter(([, phrasesOnly]) => phrasesOnly !== true || title === 'nothing else').map(([place]) =>
    [title, place, options, names] as const
  )
);

describe.skipIf(skipped)('sanitizeHtml() in Chromium', () => {
  let watched: Watched;

  beforeAll(async () => {
    watched = await openWatched();
  }, 60_000);

  afterAll(() => watched?.close());

  /** Gives what runs later the time to: images fail, animations begin, focus moves. */
  async function settle(): Promise<void> {
    await watched.page.waitForTimeout(300);
  }

  // The control: without it a hook that does not work would make every test here pass.
  test('the payloads do run and fetch where nobody sanitises them', async () => {
    const { page, site, happened } = watched;
    let ran = 0;
    await page.goto(site.serve('<!doctype html><body>'));
    for (const [technique, payload] of HTML_PAYLOADS) {
      // Others lead the whole page elsewhere, which is not what this asks.
      if (!['event handlers', 'comments', 'foreign content and its ways back'].includes(technique)) continue;
      happened.length = 0;
      await page.evaluate((html) => {
        document.body.innerHTML = html;
      }, payload);
      await page.waitForTimeout(10);
      if (happened.includes('alert')) ran += 1;
    }
    expect(ran).toBeGreaterThan(40);
    happened.length = 0;
    await page.goto(
      site.serve('<!doctype html><script>alert(1)</script><iframe srcdoc=x></iframe><img src=//evil.test/x>'),
    );
    await settle();
    expect(happened).toContain('alert');
    expect(happened.join()).toContain('evil.test');
    await page.goto(site.serve('<!doctype html>'));
    await settle();
    happened.length = 0;
  }, 120_000);

  test.each(CASES)('with %s, every payload as innerHTML of %s', async (_title, place, options, names) => {
    const { page, site, happened } = watched;
    const texts = HTML_PAYLOADS.map(([, payload]) => sanitizeHtml(payload, options));
    await page.goto(site.serve('<!doctype html><body>'));
    const read = await page.evaluate(readEach, { place, texts, isPage: false });
    await settle();
    expect(read).toEqual(texts.map((text) => readCanonical(text, names)));
    expect(happened).toEqual([]);
  }, 60_000);

  test.each(CASES)('with %s, every payload within a page that has %s', async (_title, place, options, names) => {
    const { page, site, happened } = watched;
    const texts = HTML_PAYLOADS.map(([, payload]) => sanitizeHtml(payload, options));
    const body = texts.map((text) => place.replace('@', () => text)).join('<hr>');
    await page.goto(site.serve(`<!doctype html><title>x</title><body>${body}<p data-end>`));
    const read = await page.evaluate(readEach, { place, texts, isPage: true });
    await settle();
    expect(read).toEqual(texts.map((text) => readCanonical(text, names)));
    expect(await page.locator('body > [data-end]').count()).toBe(1);
    expect(happened).toEqual([]);
  }, 60_000);

  test.each(CHOSEN)('with %s, every payload is well-formed XML, and the same tree', async (_title, options, names) => {
    const { page, site } = watched;
    const texts = HTML_PAYLOADS.map(([, payload]) => sanitizeHtml(payload, options));
    await page.goto(site.serve('<!doctype html><body>'));
    const read = await page.evaluate(readEach, { place: 'xml', texts, isPage: false });
    expect(read).toEqual(texts.map((text) => readCanonical(text, names)));
  }, 60_000);

  test('what is clicked goes where it says', async () => {
    const { page, site, happened } = watched;
    const links = HTML_PAYLOADS.map(([, payload]) => sanitizeHtml(payload)).filter((html) => html.includes('href'));
    expect(links.length).toBeGreaterThan(20);
    await page.goto(site.serve(`<!doctype html><body>${links.join('\n')}`));
    const hrefs = await page.evaluate(() =>
      [...document.querySelectorAll('a')].map(({ href, attributes }) => {
        return [href, attributes.length, attributes[0]?.value] as const;
      })
    );
    for (const [href, count, written] of hrefs) {
      expect(count).toBe(2);
      expect(href).toBe(written);
      expect(href).toMatch(/^(?:https?:\/\/[^/@]+\/|mailto:)/);
    }
    await settle();
    expect(happened).toEqual([]);
  });
});

interface Asked {
  readonly place: string;
  readonly texts: readonly string[];
  readonly isPage: boolean;
}

/** Runs in the page: the tree that each text became, in the shape of {@linkcode CanonicalNode}, and with what that has no place for. */
function readEach({ place, texts, isPage }: Asked): CanonicalNode[][] {
  const treeOf = (parent: Node): CanonicalNode[] =>
    [...parent.childNodes].map((node) => {
      if (node instanceof Text) return node.data;
      if (!(node instanceof Element)) return { name: `unexpected ${node.nodeName}`, children: [] };
      const { href, rel, ...others } = Object.fromEntries([...node.attributes].map(({ name, value }) => [name, value]));
      return {
        name: node.namespaceURI === 'http://www.w3.org/1999/xhtml' ? node.localName : `unexpected ${node.nodeName}`,
        ...(href === undefined ? {} : { href }),
        ...(rel === undefined || rel === 'nofollow noopener' ? {} : { rel }),
        ...others,
        children: treeOf(node),
      };
    });
  const contentOf = (host: Element | null | undefined): CanonicalNode[] => {
    if (host === null || host === undefined) return ['there is no place'];
    return treeOf(host instanceof HTMLTemplateElement ? host.content : host);
  };
  if (isPage) {
    const hosts = [...document.querySelectorAll('[data-here]')];
    return hosts.map(contentOf);
  }
  return texts.map((text) => {
    if (place === 'xml') {
      const xml = `<div xmlns="http://www.w3.org/1999/xhtml">${text}</div>`;
      return contentOf(new DOMParser().parseFromString(xml, 'application/xhtml+xml').documentElement);
    }
    document.body.innerHTML = place.replace('@', '');
    const host = document.querySelector('[data-here]');
    if (host !== null) host.innerHTML = text;
    const alone = contentOf(host);
    document.body.innerHTML = place.replace('@', () => text);
    const around = contentOf(document.querySelector('[data-here]'));
    return JSON.stringify(alone) === JSON.stringify(around) ? around : ['alone', ...alone, 'around', ...around];
  });
}
