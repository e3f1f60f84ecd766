import { refuseUnknownOptions } from '../core/option.ts';
import { createIpList } from './cidr.ts';
import { formatIp, type IpAddress, parseIp } from './ip.ts';
import { trimHttpSpace } from './media-type.ts';

/**
 * What runtimes pass beside a request, from which the peer's address can be taken: Deno's `info`, Bun's `server`, what
 * `toNodeHandler` passes, or an object with the address itself.
 */
export type PeerSource =
  | { readonly remoteAddr: object }
  | { readonly requestIP: (request: Request) => { readonly address: string } | null }
  | { readonly peerAddress: string | undefined };

/** Who sent a request, as far as trusted hops tell. */
export interface Client {
  /** The client's address in canonical form, or undefined when nothing trustworthy tells it. */
  readonly address: string | undefined;
  /** The scheme that the client used. */
  readonly scheme: 'http' | 'https';
}

/** Options of {@linkcode createClientResolver}. */
export interface ClientResolverOptions {
  /** Networks of the proxies whose word is taken, in CIDR notation. Default: none, and no header is read. */
  readonly trustedProxies?: readonly string[];
  /** The one header family that those proxies write. Compulsory with `trustedProxies`. */
  readonly read?: 'x-forwarded-for';
}

/** Finds out who sent a request. */
export interface ClientResolver {
  /** Reads the peer's address, and the headers that a trusted peer wrote. */
  readonly resolve: (request: Request, peerAddress: string | undefined) => Client;
}

const MAX_HOPS = 32;

/**
 * Takes the peer's address from what the runtime passes beside the request. It never reads a header.
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
  return textOf(property(source, 'peerAddress'));
}

/**
 * Creates a resolver of the client's address and scheme.
 *
 * Without `trustedProxies` the peer is the client and every forwarding header is ignored: anybody can write one. With them, and only
 * when the peer itself is one of them, `X-Forwarded-For` is walked from the right to the first address that is not a trusted proxy;
 * what stands to the left of it was written by the client. `X-Forwarded-Proto` counts at the same hop. There is no hop count.
 *
 * @param options the trusted proxies and the header that they write
 * @returns a resolver
 * @throws {TypeError} for an unknown option, text that is no network, or proxies without `read`
 *
 * @example
 * ```ts
 * import { createClientResolver } from 'sallyport/net';
 *
 * const clients = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'x-forwarded-for' });
 * const request = new Request('http://api.test', { headers: { 'x-forwarded-for': '6.6.6.6, 192.0.2.7' } });
 * console.log(clients.resolve(request, '10.0.0.1').address); // 192.0.2.7
 * ```
 */
export function createClientResolver(options: ClientResolverOptions = {}): ClientResolver {
  refuseUnknownOptions('create client resolver', options, ['trustedProxies', 'read']);
  const { trustedProxies = [], read } = options;
  const trusted = createIpList(trustedProxies);
  if (trustedProxies.length > 0 && read !== 'x-forwarded-for') {
    throw new TypeError('Cannot create client resolver: trustedProxies needs read: "x-forwarded-for".');
  }
  if (trustedProxies.length === 0 && read !== undefined) {
    throw new TypeError('Cannot create client resolver: read needs trustedProxies, or anybody could write the header.');
  }
  return Object.freeze({
    resolve(request: Request, peer: string | undefined): Client {
      const scheme = request.url.startsWith('https:') ? 'https' : 'http';
      // A zone ("%eth0") names an interface of this machine, not another client.
      const ip = parseIp(peer?.split('%', 1)[0] ?? '');
      if (ip === undefined) return { address: undefined, scheme };
      if (!trusted.has(ip)) return { address: formatIp(ip), scheme };
      return walk(request.headers, ip, scheme, trusted.has);
    },
  });
}

/** Walks from the peer to the left for as long as the address just found is a trusted proxy's. */
function walk(
  headers: Headers,
  peer: IpAddress,
  scheme: Client['scheme'],
  isTrusted: (ip: IpAddress) => boolean,
): Client {
  const hops = lastElements(headers.get('x-forwarded-for'));
  const schemes = lastElements(headers.get('x-forwarded-proto'));
  let client = peer;
  let hop = 0;
  for (; hop < hops.length; hop++) {
    const ip = parseHop(hops[hop] ?? '');
    // Whoever is left of what is no address is unknown: the last proxy that could be identified stands for it.
    if (ip === undefined) break;
    client = ip;
    if (!isTrusted(ip)) {
      hop++;
      break;
    }
  }
  // A proxy that sets one value speaks of the hop it saw; one that appends has a value per hop.
  const said = schemes.length === 1 ? schemes[0] : schemes[hop - 1];
  return { address: formatIp(client), scheme: said === 'https' || said === 'http' ? said : scheme };
}

/** Reads a hop's address without the port that some gateways add: `192.0.2.1:4711`, `[2001:db8::1]:4711`. */
function parseHop(text: string): IpAddress | undefined {
  const bracket = text.startsWith('[') ? text.indexOf(']') : -1;
  if (bracket > 0) return isPort(text.slice(bracket + 1)) ? parseIp(text.slice(1, bracket)) : undefined;
  const colon = text.indexOf(':');
  if (colon < 0 || colon !== text.lastIndexOf(':')) return parseIp(text);
  return isPort(text.slice(colon)) ? parseIp(text.slice(0, colon)) : undefined;
}

/** Nothing, or a colon and a port number. */
function isPort(text: string): boolean {
  return text === '' || (/^:[0-9]{1,5}$/.test(text) && Number(text.slice(1)) <= 65_535);
}

/** The last elements of a list header, right to left, at most {@linkcode MAX_HOPS}; linear in the part that is read. */
function lastElements(header: string | null): readonly string[] {
  const elements: string[] = [];
  if (header === null) return elements;
  let end = header.length;
  while (end >= 0 && elements.length < MAX_HOPS) {
    const comma = end === 0 ? -1 : header.lastIndexOf(',', end - 1);
    elements.push(trimHttpSpace(header.slice(comma + 1, end)));
    end = comma;
  }
  return elements;
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
