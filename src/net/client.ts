import { bareHop, type Hop } from './hops.ts';
import { canonicalHost, splitUrl } from './host.ts';
import { formatIp, type IpAddress, parseIp } from './ip.ts';

/** Who sent a request and what for, as far as trusted hops tell: one decision for all of it. */
export interface Client {
  /** The client's address in canonical form, or undefined when nothing trustworthy tells it. */
  readonly address: string | undefined;
  /** The scheme that the client used. */
  readonly scheme: 'http' | 'https';
  /** The host that the client asked for, as {@linkcode Host} with a port that is not the scheme's own; undefined when it is malformed. */
  readonly host: string | undefined;
  /** Whether the peer is a trusted proxy: then what only proxies write, such as client certificates, counts. */
  readonly isProxied: boolean;
  /** Whether the scheme is certain: the peer is no proxy, or said so. */
  readonly isSchemeKnown: boolean;
}

/**
 * Makes a client of what is said of it, and of the request's URL for what is not.
 *
 * @param url the request's
 * @param hop what the proxy says that the client came to, or the peer's address alone where no proxy's word is taken
 * @param isProxied whether a trusted proxy said it
 * @returns the client
 */
export function toClient(url: string, hop: Hop, isProxied: boolean): Client {
  const own = splitUrl(url);
  const isTold = hop.scheme === 'http' || hop.scheme === 'https';
  const scheme = isTold ? hop.scheme : own.scheme;
  return {
    address: hop.address && formatIp(hop.address),
    scheme,
    host: canonicalHost(hop.host ?? own.authority, scheme),
    isProxied,
    isSchemeKnown: isTold || !isProxied,
  };
}

/**
 * Makes a client of the peer alone, whatever headers say: what a resolver without proxies does.
 *
 * @param request the request
 * @param peerAddress the peer's address as the runtime spells it
 * @returns the client
 */
export function directClient(request: Request, peerAddress: string | undefined): Client {
  return toClient(request.url, bareHop(parsePeer(peerAddress)), false);
}

/**
 * Parses the address of a peer as runtimes spell it, perhaps with a zone. That names an interface of this machine, not another client, and
 * only a link-local address (fe80::/10) has one.
 */
export function parsePeer(text: string = ''): IpAddress | undefined {
  const zone = text.indexOf('%');
  if (zone < 0) return parseIp(text);
  const ip = parseIp(text.slice(0, zone));
  return ip?.version === 6 && (ip.words[0] ?? 0) >>> 22 === 0x3fa ? ip : undefined;
}
