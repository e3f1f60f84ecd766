import { build } from 'esbuild';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isRefusal } from '../../src/core/refusal.ts';
import { verifyPkce } from '../../src/pkce/index.ts';
import { root } from '../house/source.ts';

/** A site with one page, and an authorization server that sends people back to it. */
export interface Site {
  readonly port: number;
  readonly close: () => void;
}

const PAGE = '<!doctype html><title>PKCE</title><script type="module" src="/page.js"></script>';
/** What the page offers to a test: nothing is evaluated, so that the policy can stay as strict as it is. */
const SCRIPT = `
  import * as pkce from 'sallyport/pkce';
  import * as schema from 'sallyport/schema';
  import * as jwt from 'sallyport/jwt';
  globalThis.violations = [];
  document.addEventListener('securitypolicyviolation', (event) => globalThis.violations.push(event.violatedDirective));
  globalThis.sallyport = { ...pkce, ...schema, ...jwt };
`;

/** Starts the site on a free port of this machine. */
export async function openSite(): Promise<Site> {
  const bundled = await build({
    stdin: { contents: SCRIPT, resolveDir: root },
    alias: Object.fromEntries(
      ['pkce', 'schema', 'jwt'].map((room) => [`sallyport/${room}`, `${root}src/${room}/index.ts`]),
    ),
    bundle: true,
    format: 'esm',
    write: false,
    target: 'es2022',
  });
  const script = bundled.outputFiles[0]?.text ?? '';
  const challenges = new Map<string, { readonly challenge: string; readonly method: string }>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://site');
    response.setHeader('content-security-policy', "default-src 'none'; script-src 'self'; connect-src 'self'");
    if (url.pathname === '/page.js') return void response.setHeader('content-type', 'text/javascript').end(script);
    if (url.pathname === '/authorize') {
      const code = `code-${challenges.size}`;
      challenges.set(code, {
        challenge: url.searchParams.get('code_challenge') ?? '',
        method: url.searchParams.get('code_challenge_method') ?? '',
      });
      return void response.writeHead(302, { location: `/?code=${code}` }).end();
    }
    if (url.pathname === '/token') {
      const expected = challenges.get(url.searchParams.get('code') ?? '');
      let outcome = 'no such code';
      try {
        if (expected !== undefined) {
          await verifyPkce(url.searchParams.get('code_verifier') ?? '', expected);
          outcome = 'token';
        }
      } catch (error) {
        outcome = isRefusal(error) ? error.code : 'another error';
      }
      return void response.end(outcome);
    }
    response.setHeader('content-type', 'text/html').end(PAGE);
  }

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // The cast: a server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return { port, close: () => void server.close().closeAllConnections() };
}
