import { refuseUnknownKeys } from '../core/option.ts';
import { parseIp } from '../net/ip.ts';
import { createFormat } from './format.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode ip}. */
export interface IpOptions {
  /** The form that is let through: dotted decimal (4), or groups with colons (6). Default: both. */
  readonly version?: 4 | 6;
}

/** The longest of both: `255.255.255.255`, and six groups before it. */
const MAX_LENGTH_4 = 15;
const MAX_LENGTH_6 = 45;

/**
 * An IP address in its text form, read as `parseIp` of `sallyport/net` reads it.
 *
 * No leading zeros, no octal or hexadecimal octets, no short forms, no zone, no brackets, no port and no prefix length. An IPv6 address has many spellings, and `::ffff:192.0.2.1` is
 * of version 6 here, though it names an IPv4 host: compare what `parseIp` makes of two texts, never the texts. It does not say whose address it is, or
 * that it is public.
 *
 * @param options the version
 * @returns the schema; its issue is `not_ip`
 * @throws {TypeError} on an unknown option or version
 * @see RFC 4291 section 2.2, RFC 6943 section 3.1.1
 *
 * @example
 * ```ts
 * import { ip, parse } from 'sallyport/schema';
 *
 * console.log(parse(ip(), '2001:db8::1').ok, parse(ip({ version: 4 }), '010.0.0.1').ok); // true false
 * ```
 */
export function ip(options: IpOptions = {}): Schema<string> {
  refuseUnknownKeys('create ip', options, ['version']);
  // An own option alone: a polluted Object.prototype must not change what is let through.
  const version = Object.hasOwn(options, 'version') ? options.version : undefined;
  if (version !== undefined && version !== 4 && version !== 6) {
    throw new TypeError('Cannot create ip: version must be 4 or 6.');
  }
  const name = version === undefined ? '' : `v${version}`;
  const notIp = { code: 'not_ip', message: `must be an IP${name} address`, params: { version: version ?? '4 or 6' } };
  return createFormat({ format: `ip${name}`, max: version === 4 ? MAX_LENGTH_4 : MAX_LENGTH_6 }, notIp, (text) => {
    // `parseIp` answers what an address is, which is IPv4 for one that is mapped; here the form counts.
    return (version === undefined || (version === 6) === text.includes(':')) && parseIp(text) !== undefined;
  });
}
