import { formatIp, parseIp } from './ip.ts';

/** The origin of a web page. */
export interface Origin {
  /** `http` or `https`. */
  readonly scheme: 'http' | 'https';
  /** The host: lower-case labels, a dotted address, or an IPv6 address in brackets. */
  readonly host: string;
  /** The port, or undefined for the scheme's own. */
  readonly port: number | undefined;
}

const MAX_HOST_LENGTH = 253;
/** `https://`, the longest host, a colon and five digits. */
const MAX_LENGTH = MAX_HOST_LENGTH + 14;
// Each part has its own alphabet and delimiter: nothing to backtrack into.
const SHAPE = /^(https?):\/\/([a-z0-9.-]+|\[[0-9a-f:.]+\])(?::([1-9][0-9]{0,4}))?$/;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;
const DEFAULT_PORTS = { http: 80, https: 443 } as const;

/**
 * Parses an origin exactly as browsers serialise one in the `Origin` header, and nothing that merely resembles it: no upper case, no
 * default port, no path, no user, no trailing dot, no Unicode, no address in another spelling. `null` is no origin: every sandboxed
 * frame of every site sends it.
 *
 * It is for origins that a programmer writes down. To decide on a request compare its header with those, as text.
 *
 * @param text what should be a serialised `http` or `https` origin
 * @returns its parts, or undefined when it is none
 * @see RFC 6454 section 6.2, WHATWG HTML section 7.1.1
 *
 * @example
 * ```ts
 * import { parseOrigin } from 'sallyport/net';
 *
 * console.log(parseOrigin('https://app.example:8443')?.port); // 8443
 * console.log(parseOrigin('https://app.example/'), parseOrigin('null')); // undefined undefined
 * ```
 */
export function parseOrigin(text: string): Origin | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const scheme = match[1] === 'https' ? 'https' : 'http';
  const host = match[2] ?? '';
  const port = match[3] === undefined ? undefined : Number(match[3]);
  if (port !== undefined && (port > 65_535 || port === DEFAULT_PORTS[scheme])) return undefined;
  return isCanonicalHost(host) ? { scheme, host, port } : undefined;
}

/**
 * It is tempting to ask `new URL`. However it accepts `user@host`, a path and `0x7f.1`, and says what it made of them, not whether they
 * were written so.
 */
function isCanonicalHost(host: string): boolean {
  if (host.startsWith('[')) {
    const address = host.slice(1, -1);
    // A mapped address would be formatted as IPv4; browsers write it in hexadecimal groups, and nobody serves a page from one.
    const ip = parseIp(address);
    return ip?.version === 6 && formatIp(ip) === address;
  }
  if (host.length > MAX_HOST_LENGTH) return false;
  const labels = host.split('.');
  // A last label that is a number makes a browser read the whole host as an IPv4 address (WHATWG URL, "ends in a number").
  if (/^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels[labels.length - 1] ?? '')) return parseIp(host)?.version === 4;
  return labels.every((label) => LABEL.test(label));
}
