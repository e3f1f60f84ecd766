/** A server for wrk to ask: `wrk.server.mjs <contender> <file for the tokens>`. It prints its port, and its memory and time whenever a line comes in. */
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import process from 'node:process';
import { toNodeHandler } from 'sallyport/node';
import { usedBytes } from './heap.ts';
import { createIssuer } from './issuer.ts';
import { created, type Handler, honoEverything, ourEverything } from './secure.contenders.ts';
import { CLIENTS } from './secure.requests.ts';

/** What one principal may do under attack: a flood with one token meets it, the many others do not. */
const UNDER_ATTACK = { limit: 100, windowSeconds: 1, burst: 100 };

const [contender = 'bare', tokensFile = ''] = process.argv.slice(2);
const issuer = await createIssuer(CLIENTS);
await writeFile(tokensFile, issuer.tokens.join('\n'));
const handler = await handlerOf(contender);
console.log(await listen(handler));
process.stdin.on('data', async () => {
  const { user, system } = process.cpuUsage();
  const { rss } = process.memoryUsage();
  console.log(JSON.stringify({ rss, usedBytes: await usedBytes(), cpuUs: user + system }));
});
process.stdin.on('end', () => process.exit(0));

async function handlerOf(name: string): Promise<Handler> {
  if (name === 'bare') return async (request) => created(await request.json());
  if (name === 'hono') return honoEverything(issuer, 'jwt');
  return await ourEverything(issuer, 'tokens', name === 'hostile' ? { principal: UNDER_ATTACK } : {});
}

/** Serves as the runtime does, and node:http through this package's adapter. */
async function listen(serve: Handler): Promise<number> {
  const deno: unknown = Reflect.get(globalThis, 'Deno');
  if (hasServe<DenoServe>(deno)) {
    const options = { port: 0, hostname: '127.0.0.1', onListen: (): void => undefined };
    return deno.serve(options, (request, info) => serve(request, info.remoteAddr.hostname)).addr.port;
  }
  const bun: unknown = Reflect.get(globalThis, 'Bun');
  if (hasServe<BunServe>(bun)) {
    return bun.serve({
      port: 0,
      hostname: '127.0.0.1',
      fetch: (request, server) => serve(request, server.requestIP(request)?.address ?? ''),
    }).port;
  }
  const server = createServer(toNodeHandler((request, info) => serve(request, info.remoteAddr.hostname)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const bound = server.address();
  if (bound === null || typeof bound === 'string') throw new Error('The server has no port.');
  return bound.port;
}

interface DenoInfo {
  readonly remoteAddr: { readonly hostname: string };
}
type DenoServe = (
  options: { readonly port: number; readonly hostname: string; readonly onListen: () => void },
  handler: (request: Request, info: DenoInfo) => Response | Promise<Response>,
) => { readonly addr: { readonly port: number } };

interface BunServer {
  readonly port: number;
  readonly requestIP: (request: Request) => { readonly address: string } | null;
}
type BunServe = (options: {
  readonly port: number;
  readonly hostname: string;
  readonly fetch: (request: Request, server: BunServer) => Response | Promise<Response>;
}) => BunServer;

/** What a runtime has under its own name, of which there are no types here. */
function hasServe<Serve>(runtime: unknown): runtime is { readonly serve: Serve } {
  return typeof runtime === 'object' && runtime !== null && typeof Reflect.get(runtime, 'serve') === 'function';
}
