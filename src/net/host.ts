import { formatIp, parseIp } from './ip.ts';

/** A host and a port, as `Host` names them. */
export interface Host {
  /** The name in lower case without a trailing dot, a dotted IPv4 address, or an IPv6 address in brackets, in its one spelling. */
  readonly name: string;
  /** The port, or undefined when none is written. */
  readonly port: number | undefined;
}

/** 253 characters (RFC 1035 section 2.3.4), a trailing dot, a colon and five digits. */
const MAX_LENGTH = 260;
const MAX_NAME_LENGTH = 253;
// The underscore is in no host name of RFC 1123, but in many a container's. Without `u`, `i` takes no letter beyond ASCII for one within.
const SHAPE = /^(?:([a-z0-9._-]+)|\[([0-9a-f:.]+)\])(?::([1-9][0-9]{0,4}))?$/i;
// Browsers read a host that ends so as an IPv4 address: `0x7f.1` is 127.0.0.1 (WHATWG URL, "ends in a number").
const NUMERIC = /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/;

/** The port that a scheme has when none is written. */
export const DEFAULT_PORTS: { readonly http: 80; readonly https: 443 } = { http: 80, https: 443 };

/**
 * Parses the value of a `Host` header strictly: no user, no path, no percent escape, no white space, no second value, no empty port
 * or port with a leading zero, no address in a spelling that only some parsers read.
 *
 * It does not say whether the host is one of yours: that is what `createHostCheck` is for.
 *
 * @param text what should be a host, perhaps with a port
 * @returns its parts, or undefined when it is none
 * @see RFC 9110 section 7.2, RFC 3986 section 3.2.2
 *
 * @example
 * ```ts
 * import { parseHost } from 'sallyport/net';
 *
 * console.log(parseHost('API.example.com.:8443')?.name, parseHost('user@example.com')); // api.example.com undefined
 * ```
 */
export function parseHost(text: string): Host | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const port = match[3] === undefined ? undefined : Number(match[3]);
  const name = match[1] === undefined ? readIpv6(match[2] ?? '') : readName(match[1]);
  return name === undefined || (port !== undefined && port > 65_535) ? undefined : { name, port };
}

/**
 * Reads a host as one text to compare: as {@linkcode parseHost}, and without the port that the scheme has anyway.
 *
 * @param text what should be a host, perhaps with a port
 * @param scheme of the URL that it belongs to
 * @returns `api.example.com` or `api.example.com:8443`; undefined when it is no host
 */
export function canonicalHost(text: string, scheme: 'http' | 'https'): string | undefined {
  const host = parseHost(text);
  if (host === undefined) return undefined;
  return host.port === undefined || host.port === DEFAULT_PORTS[scheme] ? host.name : `${host.name}:${host.port}`;
}

/** The scheme and the authority of a request's URL, taken as text: no platform leaves either without an end. */
export function splitUrl(url: string): { readonly scheme: 'http' | 'https'; readonly authority: string } {
  const match = /^(https?):\/\/([^/?#]*)/.exec(url);
  return { scheme: match?.[1] === 'https' ? 'https' : 'http', authority: match?.[2] ?? '' };
}

function readName(text: string): string | undefined {
  const name = (text.endsWith('.') ? text.slice(0, -1) : text).toLowerCase();
  if (name.length > MAX_NAME_LENGTH || name.split('.').some((label) => label === '' || label.length > 63)) {
    return undefined;
  }
  return NUMERIC.test(name) && parseIp(name) === undefined ? undefined : name;
}

function readIpv6(text: string): string | undefined {
  const ip = parseIp(text);
  // A mapped address would be formatted as IPv4; the platform's URL writes it otherwise, and nobody serves a name from one.
  return ip?.version === 6 ? `[${formatIp(ip)}]` : undefined;
}
