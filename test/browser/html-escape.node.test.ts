import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  escapeAttribute,
  escapeCssIdent,
  escapeCssString,
  escapeHtml,
  escapeJsString,
  escapeUrlComponent,
  safeUrl,
  sanitizeHtml,
  serializeJsonForScript,
} from '../../src/html/index.ts';
import { holdableText, HOSTILE_TEXTS } from '../vectors/hostile-texts.ts';
import { URL_PAYLOADS } from '../vectors/html-payloads-url.ts';
import { skipped } from './chromium.ts';
import { openWatched, type Watched } from './html-page.ts';
import { ROOM_SCRIPT } from './html-site.ts';

const HOLDABLE = HOSTILE_TEXTS.map(holdableText);
const WELL_FORMED = HOSTILE_TEXTS.map((text) => text.toWellFormed());
const page = (body: string): string => `<!doctype html><meta charset=utf-8><title>x</title><body>${body}`;
const each = (write: (text: string, index: number) => string): string => HOSTILE_TEXTS.map(write).join('\n');

describe.skipIf(skipped)('the escapers in Chromium', () => {
  let watched: Watched;

  beforeAll(async () => {
    watched = await openWatched();
  }, 60_000);

  afterAll(() => watched?.close());

  /** Opens a page, asks it something, and expects that nothing else happened. */
  async function ask<T>(html: string, question: () => T): Promise<T> {
    await watched.page.goto(watched.site.serve(html));
    const answer = await watched.page.evaluate(question);
    await watched.page.waitForTimeout(100);
    expect(watched.happened).toEqual([]);
    // The cast: what the page says is what the question returns.
    return answer as T;
  }

  test('escapeHtml() is read as the text in elements', async () => {
    const html = page(each((text) => `<p>${escapeHtml(text)}</p><textarea>\n${escapeHtml(text)}</textarea>`));
    const [inParagraphs, inAreas] = await ask(html, () => {
      const read = (name: string): string[] => [...document.querySelectorAll(name)].map((one) => one.textContent ?? '');
      return [read('p'), read('textarea')] as const;
    });
    expect(inParagraphs).toEqual(HOLDABLE);
    expect(inAreas).toEqual(HOLDABLE);
  });

  test('escapeAttribute() is read as the text between either quotes', async () => {
    const html = page(each((text) => `<p title="${escapeAttribute(text)}" lang='${escapeAttribute(text)}'>x</p>`));
    const read = await ask(html, () => {
      return [...document.querySelectorAll('p')].map((p) => [p.attributes.length, p.title, p.lang] as const);
    });
    expect(read).toEqual(HOLDABLE.map((text) => [2, text, text]));
  });

  test('escapeJsString() is read as the text in scripts, and in handlers once it is escaped for those', async () => {
    const scripts = each((text, index) => `<script>texts[${index}] = ${escapeJsString(text)};</script>`);
    const buttons = each((text) =>
      `<button onclick="clicked.push(${escapeAttribute(escapeJsString(text))})">x</button>`
    );
    const html = page(`<script>var texts = [], clicked = [];</script>${scripts}${buttons}`);
    const read = await ask(html, () => {
      for (const button of document.querySelectorAll('button')) button.click();
      // The cast: what the page's scripts made.
      const { texts, clicked } = globalThis as unknown as { texts: string[]; clicked: string[] };
      return { texts: texts.map((text) => escape(text)), clicked: clicked.map((text) => escape(text)) };
    });
    // As ASCII, since half a surrogate pair does not travel.
    expect(read.texts).toEqual(HOSTILE_TEXTS.map((text) => escape(text)));
    expect(read.clicked).toEqual(HOSTILE_TEXTS.map((text) => escape(text)));
  });

  test('serializeJsonForScript() is read as the value, as JavaScript and as JSON', async () => {
    const value = {
      texts: HOSTILE_TEXTS,
      ...Object.fromEntries(HOSTILE_TEXTS.map((text) => [`key ${text}`, [null, 1.5]])),
    };
    const json = serializeJsonForScript(value);
    const html = page(`<script>var read = ${json};</script><script type="application/json">${json}</script>`);
    const [asScript, asJson] = await ask(html, () => {
      const data = document.querySelector('script[type]')?.textContent ?? '';
      return [
        JSON.stringify((globalThis as unknown as { read: unknown }).read),
        JSON.stringify(JSON.parse(data)),
      ] as const;
    });
    expect(asScript).toBe(JSON.stringify(value));
    expect(asJson).toBe(JSON.stringify(value));
  });

  test('escapeCssString() and escapeCssIdent() are read as the text in style sheets', async () => {
    const rules = each((text, index) => {
      const ident = text === '' ? '' : `.${escapeCssIdent(text)} i { z-index: ${index + 1} }`;
      return `[title=${escapeCssString(text)}] { z-index: ${index + 1} } ${ident}`;
    });
    const html = page(
      `<style>p, i { position: absolute; z-index: 0 } ${rules}</style><script src="${ROOM_SCRIPT}"></script>${
        each((text) => `<p title="${escapeAttribute(text)}">x</p><b><i>x</i></b>`)
      }`,
    );
    await watched.page.goto(watched.site.serve(html));
    const read = await watched.page.evaluate((texts) => {
      const bold = [...document.querySelectorAll('b')];
      return [...document.querySelectorAll('p')].map((p, index) => {
        // A class attribute is split at spaces, so what holds one is asked for as an id, which has no rule here.
        const text = texts[index] ?? '';
        const hasClass = text !== '' && !/[\t\n\f\r ]/.test(text);
        if (hasClass) bold[index]?.setAttribute('class', text);
        const italic = bold[index]?.firstElementChild;
        return [getComputedStyle(p).zIndex, italic && hasClass ? getComputedStyle(italic).zIndex : `${index + 1}`];
      });
    }, HOLDABLE);
    expect(read).toEqual(HOLDABLE.map((text, index) => {
      // Texts that are alike once NUL and halves of pairs are replaced take the last rule of them.
      const last = `${HOLDABLE.lastIndexOf(text) + 1}`;
      return [last, text !== '' && !/[\t\n\f\r ]/.test(text) ? last : `${index + 1}`];
    }));
  });

  test('escapeCssIdent() is read as the text in a selector', async () => {
    const idents = HOLDABLE.filter((text) => text !== '');
    await watched.page.goto(watched.site.serve(page('<p>x</p>')));
    const read = await watched.page.evaluate((pairs) => {
      return pairs.map(([id, ident]) => {
        const p = document.querySelector('p');
        p?.setAttribute('id', id);
        return document.querySelector(`body #${ident}`) === p && document.querySelector(`#${ident} :not(p)`) === null;
      });
    }, idents.map((id) => [id, escapeCssIdent(id)] as const));
    expect(read).toEqual(idents.map(() => true));
  });

  test('escapeUrlComponent() is read as the text in queries, paths and fragments', async () => {
    const html = page(each((text) => {
      const component = escapeUrlComponent(text);
      return `<a href="https://a.test/x${component}?q=${component}#${component}">x</a>`;
    }));
    const read = await ask(html, () =>
      [...document.querySelectorAll('a')].map(({ href }) => {
        const url = new URL(href);
        return [
          decodeURIComponent(url.pathname.slice(2)),
          [...url.searchParams].map(([, value]) => value).join('&'),
          decodeURIComponent(url.hash.slice(1)),
        ];
      }));
    expect(read).toEqual(WELL_FORMED.map((text) => [text, text, text]));
  });

  // What Node took for harmless must be so in the browser.
  test('safeUrl() gives what a link leads to', async () => {
    const urls = [
      ...HOSTILE_TEXTS,
      ...URL_PAYLOADS.flatMap(([, payload]) => /href="([^"]*)"/.exec(payload)?.slice(1) ?? []),
    ]
      .flatMap((url) => [safeUrl(url), safeUrl(url, { base: 'https://a.test/b' })]).filter((url) => url !== undefined);
    expect(urls.length).toBeGreaterThan(100);
    const html = page(urls.map((url) => `<a href="${escapeAttribute(url)}">x</a><a href='${url}'>y</a>`).join('\n'));
    const read = await ask(html, () => [...document.querySelectorAll('a')].map((a) => [a.href, a.attributes.length]));
    expect(read.filter(([, count]) => count !== 1)).toEqual([]);
    expect(read.filter((_, index) => index % 2 === 0).map(([href]) => href)).toEqual(urls);
  });

  test('the room judges in the browser as on the server', async () => {
    const html = page(`<script src="${ROOM_SCRIPT}"></script>`);
    await watched.page.goto(watched.site.serve(html));
    // Platforms disagree on whether an empty label of Punycode is one; it leads nowhere either way.
    const sources = URL_PAYLOADS.map(([, payload]) => payload).filter((each) =>
      each.isWellFormed() && !each.includes('xn--')
    );
    const there = await watched.page.evaluate((payloads) => {
      // The cast: the page's script is the room.
      const room = (globalThis as unknown as { sallyport: typeof import('../../src/html/index.ts') }).sallyport;
      return payloads.map((payload) => room.sanitizeHtml(payload, { paragraphs: true }));
    }, sources);
    expect(there).toEqual(sources.map((payload) => sanitizeHtml(payload, { paragraphs: true })));
  });
});
