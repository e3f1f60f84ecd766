/** The origin of a web page. */
export interface Origin {
  /** `http` or `https`. */
  readonly scheme: 'http' | 'https';
  /** The host: lower-case labels, a dotted address, or an IPv6 address in brackets. */
  readonly host: string;
  /** The port, or undefined for the scheme's own. */
  readonly port: number | undefined;
}

// Each part has its own alphabet and delimiter: nothing to backtrack into. The longest host has 253 characters (RFC 1035 section 2.3.4).
const SHAPE = /^(https?):\/\/([a-z0-9.-]{1,253}|\[[0-9a-f:]{2,39}\])(?::([1-9][0-9]{0,4}))?$/;
const LABEL = /^(?!-)[a-z0-9-]{1,63}(?<!-)$/;

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
  const match = SHAPE.exec(text);
  if (match === null) return undefined;
  const scheme = match[1] === 'https' ? 'https' : 'http';
  const host = match[2] ?? '';
  if (!host.startsWith('[') && !host.split('.').every(isHostLabel)) return undefined;
  // It is tempting to ask `new URL` alone. However it accepts `user@host`, a path and `0x7f.1`: only what it gives back unchanged was written
  // as a browser writes it, addresses and default ports included.
  if (!URL.canParse(text) || new URL(text).origin !== text) return undefined;
  return { scheme, host, port: match[3] === undefined ? undefined : Number(match[3]) };
}

/**
 * Tells whether a text is one label of a host name, as a browser writes it: lower-case letters, digits, and hyphens between them.
 *
 * @param text any text
 * @returns whether it is a label
 */
export function isHostLabel(text: string): boolean {
  return LABEL.test(text);
}
