import { once } from 'node:events';
import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { createOrdersApi } from '../../examples/orders/api.ts';
import { toNodeHandler } from '../../src/node/handler.ts';
import { freePort } from '../end-to-end/example.ts';

/** The example in this process. */
export interface OrdersSite {
  readonly origin: string;
  readonly close: () => void;
}

/** Serves the example on a free port. */
export async function openOrdersSite(): Promise<OrdersSite> {
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const { fetch: handler } = await createOrdersApi(origin);
  const server = createServer(toNodeHandler(handler)).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return { origin, close: () => void server.close().closeAllConnections() };
}

/** What the page shows of a request. */
export interface Shown {
  readonly title: string;
  readonly status: string;
  readonly sentence: string;
  readonly request: string;
  readonly response: string;
  readonly news: string;
  /** Each station with its state. */
  readonly way: readonly (readonly [name: string, state: string])[];
  /** What the station that refused says of it. */
  readonly code: string | undefined;
  /** Each meter: its name, and how much is left. */
  readonly meters: readonly (readonly [name: string, left: number])[];
}

/** Reads it, when the page has settled. */
export async function readShown(page: Page): Promise<Shown> {
  await page.waitForFunction(() =>
    document.querySelector('#verdict')?.childElementCount !== 0 && !document.querySelector('#result[aria-busy]')
  );
  return page.evaluate(() => {
    const text = (selector: string): string => document.querySelector(selector)?.textContent ?? '';
    return {
      title: text('#result-title'),
      status: text('#verdict .number'),
      sentence: text('#verdict .sentence'),
      request: text('#request'),
      response: text('#response'),
      news: text('[role=status]'),
      way: [...document.querySelectorAll('#way li')].map((item) =>
        [item.querySelector('.stage')?.textContent ?? '', item.className] as const
      ),
      code: document.querySelector('#way .code')?.textContent ?? undefined,
      meters: [...document.querySelectorAll('[role=meter]')].map((meter) =>
        [meter.getAttribute('aria-label') ?? '', Number(meter.getAttribute('aria-valuenow'))] as const
      ),
    };
  });
}

/** Presses the button of a sample, as a mouse would, and reads what the page shows of it. */
export async function press(page: Page, title: string): Promise<Shown> {
  await page.getByRole('button').filter({ hasText: title }).first().click();
  return readShown(page);
}
