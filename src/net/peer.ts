/**
 * What runtimes pass beside a request, from which the peer's address can be taken: Deno's `info` (also what `toNodeHandler` passes), Bun's
 * `server`, the message of node:http, or an object with the address itself.
 */
export type PeerSource =
  | { readonly remoteAddr: object }
  | { readonly requestIP: (request: Request) => { readonly address: string } | null }
  | { readonly socket: { readonly remoteAddress?: string | undefined } }
  | { readonly peerAddress: string | undefined };

/**
 * Takes the peer's address from what the runtime passes beside the request: a {@linkcode PeerSource}. It never reads a header; on Workers,
 * where the address is in one, use {@linkcode workerPeerAddress}.
 *
 * @param request the request
 * @param source what the runtime passed as the second argument of the fetch handler
 * @returns the address as the runtime spells it, or undefined when it tells none
 *
 * @example
 * ```ts
 * import { peerAddress } from 'sallyport/net';
 *
 * const request = new Request('https://api.test');
 * console.log(peerAddress(request, { remoteAddr: { hostname: '192.0.2.1' } })); // 192.0.2.1
 * ```
 */
export function peerAddress(request: Request, source: unknown): string | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  if ('requestIP' in source && typeof source.requestIP === 'function') {
    // Called as a method: Bun's needs its server as `this`.
    return textOf(property(source.requestIP(request), 'address'));
  }
  if ('remoteAddr' in source) return textOf(property(source.remoteAddr, 'hostname'));
  if ('socket' in source) return textOf(property(source.socket, 'remoteAddress'));
  return textOf(property(source, 'peerAddress'));
}

/**
 * Takes the peer's address from `CF-Connecting-IP`, on Cloudflare Workers alone: there the platform itself writes the header, whatever
 * the client sent, and passes the address nowhere else.
 *
 * Anywhere else anybody can write that header. So it is read only where the request carries `cf`, the platform's own property,
 * which no client can make. For a server behind Cloudflare use `createClientResolver` with `read: 'cf-connecting-ip'`.
 *
 * @param request the request as the Worker got it
 * @returns the address, or undefined when the request did not come from the platform
 *
 * @example
 * ```ts
 * import { workerPeerAddress } from 'sallyport/net';
 *
 * const forged = new Request('https://api.test', { headers: { 'cf-connecting-ip': '6.6.6.6' } });
 * console.log(workerPeerAddress(forged)); // undefined
 * ```
 */
export function workerPeerAddress(request: Request): string | undefined {
  const platform = property(request, 'cf');
  if (typeof platform !== 'object' || platform === null) return undefined;
  return textOf(request.headers.get('cf-connecting-ip'));
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
