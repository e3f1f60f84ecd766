import { build } from 'esbuild';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { root } from '../house/source.ts';

/** Pages whose scripts may do anything: nothing but the text itself protects them. */
export interface HtmlSite {
  readonly port: number;
  /** Serves a page, and returns where. */
  readonly serve: (html: string) => string;
  readonly close: () => void;
}

/** The whole room, as the page's `sallyport`. */
export const ROOM_SCRIPT = '/room.js';

/** Starts the site on a free port of this machine. */
export async function openHtmlSite(): Promise<HtmlSite> {
  const bundled = await build({
    stdin: { contents: `export * from './src/html/index.ts';`, resolveDir: root },
    bundle: true,
    format: 'iife',
    globalName: 'sallyport',
    write: false,
    target: 'es2022',
  });
  const script = bundled.outputFiles[0]?.text ?? '';
  const pages: string[] = [];
  const server = createServer((request, response) => {
    if (request.url === ROOM_SCRIPT) return void response.setHeader('content-type', 'text/javascript').end(script);
    const page = pages[Number(request.url?.slice(1))];
    if (page === undefined) return void response.writeHead(404).end();
    response.setHeader('content-type', 'text/html; charset=utf-8').end(page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The cast: a server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    port,
    serve: (html) => `http://localhost:${port}/${pages.push(html) - 1}`,
    close: () => void server.close().closeAllConnections(),
  };
}
