import { refuseUnknownKeys } from '../core/option.ts';
import { parseIp } from '../net/ip.ts';
import { readBounds } from './bounds.ts';
import { createFormat } from './format.ts';
import { isHostname } from './hostname.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode url}. */
export interface UrlOptions {
  /** The schemes that are let through. Default: both. */
  readonly protocols?: readonly ('http' | 'https')[];
  /** The greatest length, in UTF-16 code units. Default: 2,048. */
  readonly max?: number;
}

const PROTOCOLS: readonly string[] = ['http', 'https'];
const DEFAULTS = { min: 0, max: 2048, whole: true } as const;
// Each part ends at a character that the part before cannot hold. The loops are over one class, since engines overflow their stack in a
// loop over a group once a caller sets a large `max`; so what follows a `%` is a question of its own.
const SHAPE =
  /^(https?):\/\/([A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[1-9][0-9]{0,4})?(?:[\/?][\w.~!$&'()*+,;=:@\/?%-]*)?(?:#[\w.~!$&'()*+,;=:@\/?%-]*)?$/;
const DOTTED = /^\d+(?:\.\d+){3}$/;
const BROKEN_ESCAPE = /%(?![0-9A-Fa-f]{2})/;

/**
 * An absolute `http` or `https` URL, spelt as RFC 3986 has it.
 *
 * Refused, although browsers mend them: user names and passwords, spaces, tabs and line ends, backslashes, Unicode, brackets and braces that are not escaped, a
 * missing `//`, an upper-case scheme, an IPv4 address in any but its dotted form, a host that is no host name, a port of 0 or with a leading zero;
 * and what `new URL` of the runtime throws on, such as, on some, an A-label that does not decode.
 * It does not say where the URL leads: `http://localhost/` and private addresses pass. Before a server fetches one, look at the address that it connects to.
 *
 * @param options schemes and length
 * @returns the schema; its issue is `not_url`
 * @throws {TypeError} on an unknown option, or protocols that are no list of `http` and `https`
 * @throws {RangeError} when max is no whole number
 * @see RFC 3986 section 3, RFC 9110 section 4.2
 *
 * @example
 * ```ts
 * import { parse, url } from 'sallyport/schema';
 *
 * const webhook = url({ protocols: ['https'] });
 * console.log(parse(webhook, 'https://example.com/hook?id=1').ok, parse(webhook, 'javascript:alert(1)').ok); // true false
 * ```
 */
export function url(options: UrlOptions = {}): Schema<string> {
  refuseUnknownKeys('create url', options, ['protocols', 'max']);
  const { protocols: _protocols, ...bounds } = options;
  const { max } = readBounds('create url', bounds, DEFAULTS);
  const protocols = readProtocols(options);
  const names = protocols.join(' or ');
  const notUrl = {
    code: 'not_url',
    message: `must be an absolute URL of ${names}`,
    params: { protocols: names },
  };
  return createFormat({ format: 'url', max }, notUrl, (text) => {
    const [, protocol = '', host = ''] = SHAPE.exec(text) ?? [];
    return protocols.includes(protocol) && !BROKEN_ESCAPE.test(text) && hasHost(text, host);
  });
}

function readProtocols(options: UrlOptions): readonly string[] {
  // Own options alone: a polluted Object.prototype must not loosen the schema.
  const protocols: unknown = Object.hasOwn(options, 'protocols') ? options.protocols : PROTOCOLS;
  if (!Array.isArray(protocols) || protocols.length === 0 || !protocols.every((name) => PROTOCOLS.includes(name))) {
    throw new TypeError('Cannot create url: protocols must be a list of http and https.');
  }
  return [...protocols];
}

/** It is tempting to leave the host to `URL` alone. However it accepts `0x7f.1`, `a..b` and `-a`, and mends what it accepts. */
function hasHost(text: string, host: string): boolean {
  // For ports, and for A-labels, which some runtimes decode and others do not: what is let through must be something that `new URL` does not
  // throw on, here.
  if (!URL.canParse(text)) return false;
  // Bun 1.4 lets a group of nothing pass: `[0::0:]`.
  if (host.startsWith('[')) return parseIp(host.slice(1, -1)) !== undefined;
  return isHostname(host) || (DOTTED.test(host) && new URL(text).hostname === host);
}
