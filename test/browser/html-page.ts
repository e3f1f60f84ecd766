import type { Page } from 'playwright-core';
import { openBrowser } from './chromium.ts';
import { type HtmlSite, openHtmlSite } from './html-site.ts';

/** A browser, and what its page did that nobody asked for. */
export interface Watched {
  readonly site: HtmlSite;
  readonly page: Page;
  /** Each call of alert and its like, each request but for the pages themselves, each new window. */
  readonly happened: string[];
  readonly close: () => Promise<void>;
}

/** Opens a page in which whatever a payload wants to do is possible, and noted. */
export async function openWatched(): Promise<Watched> {
  const site = await openHtmlSite();
  const browser = await openBrowser();
  const context = await browser.newContext();
  const happened: string[] = [];
  await context.exposeBinding('happen', (_source, what: string) => void happened.push(what));
  await context.addInitScript(() => {
    for (const name of ['alert', 'confirm', 'prompt', 'print', 'msgbox', 'open']) {
      // The cast: the page's own global, given above.
      const scope = globalThis as unknown as Record<string, unknown> & { happen: (what: string) => void };
      scope[name] = () => scope.happen(name);
    }
  });
  // Nothing leaves this machine, and every attempt counts.
  await context.route(() => true, (route) => {
    const url = route.request().url();
    if (url.startsWith(`http://localhost:${site.port}/`) && /\/(?:[0-9]+|room\.js)$/.test(url)) return route.continue();
    if (!url.endsWith('/favicon.ico')) happened.push(`request ${url}`);
    return route.abort();
  });
  const page = await context.newPage();
  context.on('page', () => void happened.push('window'));
  page.on('framenavigated', (frame) => {
    if (frame !== page.mainFrame()) happened.push('frame');
  });
  return { site, page, happened, close: () => browser.close().then(site.close) };
}
