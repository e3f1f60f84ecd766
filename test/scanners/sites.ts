import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { createOrdersApi } from '../../examples/orders/api.ts';
import { createHeaderPolicy, createNonce } from '../../src/headers/index.ts';
import { toNodeHandler } from '../../src/node/index.ts';
import { load } from './install.ts';

/** A site that is scanned. */
export interface Site {
  readonly name: string;
  readonly listener: RequestListener;
}

/** The parts of the rivals that are used: their defaults. */
type Helmet = () => (request: unknown, response: unknown, next: () => void) => void;
interface Hono {
  readonly Hono: new () => {
    readonly use: (middleware: unknown) => void;
    readonly all: (path: string, handler: () => Response) => void;
    readonly fetch: (request: Request) => Response | Promise<Response>;
  };
}
interface SecureHeaders {
  readonly secureHeaders: () => unknown;
}

const HTML = 'text/html; charset=utf-8';

/** Every kind of response by every library: the same page, the same JSON, and whatever headers the library adds by default. */
export async function createSites(): Promise<readonly Site[]> {
  // The casts: these are the shapes that the pinned versions have.
  const helmet = load('helmet') as Helmet;
  const { Hono } = load('hono') as Hono;
  const { secureHeaders } = load('hono/secure-headers') as SecureHeaders;
  const policy = createHeaderPolicy();
  const versions = readVersions();
  const example = await createOrdersApi('https://orders.example');
  // Under a name: on localhost, where it is scanned, HSTS would lock a developer out and is left away.
  const named = (request: Request, path: string): Request => new Request(`https://orders.example${path}`, request);

  const byHelmet = (type: string, body: string): RequestListener => (request, response) => {
    helmet()(request, response, () => response.setHeader('content-type', type).end(body));
  };
  const byHono = (answer: () => Response): RequestListener => {
    const app = new Hono();
    app.use(secureHeaders());
    app.all('*', answer);
    return toNodeHandler((request) => app.fetch(request));
  };

  return [
    { name: 'none, JSON', listener: toNodeHandler(() => json()) },
    { name: 'sallyport, JSON', listener: toNodeHandler(() => policy.apply(json(), { secure: true })) },
    { name: 'sallyport, HTML', listener: toNodeHandler(() => policy.apply(html(), { secure: true })) },
    {
      name: 'sallyport, HTML with a nonce',
      listener: toNodeHandler(() => {
        const nonce = createNonce();
        return policy.apply(html(nonce), { secure: true, nonce });
      }),
    },
    { name: `helmet ${versions.helmet}, JSON`, listener: byHelmet('application/json', '{"hello":"world"}') },
    { name: `helmet ${versions.helmet}, HTML`, listener: byHelmet(HTML, page()) },
    { name: `hono/secure-headers ${versions.hono}, JSON`, listener: byHono(json) },
    { name: `hono/secure-headers ${versions.hono}, HTML`, listener: byHono(html) },
    // Whole responses of `secure()`, as `npm start` serves them.
    {
      name: 'the example, JSON',
      listener: toNodeHandler((request, info) => example.fetch(named(request, '/.well-known/jwks.json'), info)),
    },
    {
      name: 'the example, HTML',
      listener: toNodeHandler((request, info) => example.fetch(named(request, '/'), info)),
    },
  ];
}

/** The versions that are asked for, and so those that are there. */
function readVersions(): { readonly helmet: string; readonly hono: string } {
  return JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')).dependencies;
}

function json(): Response {
  return Response.json({ hello: 'world' });
}

function html(nonce?: string): Response {
  return new Response(page(nonce), { headers: { 'content-type': HTML } });
}

function page(nonce?: string): string {
  const attribute = nonce === undefined ? '' : ` nonce="${nonce}"`;
  return `<!doctype html><title>Hello</title><script src="/app.js"${attribute}></script><p>Hello`;
}
