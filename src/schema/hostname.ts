import { createFormat } from './format.ts';
import type { Schema } from './schema.ts';

const MAX_LENGTH = 253;
const MAX_LABEL_LENGTH = 63;
const LABEL = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/i;
const NUMBER = /^(?:[0-9]+|0x[0-9a-f]*)$/i;
const NOT_HOSTNAME = { code: 'not_hostname', message: 'must be a host name' };

/**
 * A host name: labels of letters, digits and inner hyphens, each of at most 63 characters, at most 253 in all.
 *
 * One label is enough (`localhost`), and both cases are let through as they are. No trailing dot, no underscore, no Unicode: an internationalised name
 * comes as its A-labels (`xn--…`), which are not decoded. A name whose last label is a number is refused, since browsers read `1.2`, `0x7f.1`
 * and `2130706433` as IPv4 addresses; for addresses there is `ip`. It does not say where the name leads, or whether a request to it is wise.
 *
 * @returns the schema; its issue is `not_hostname`
 * @see RFC 1123 section 2.1, RFC 1035 section 2.3.4, WHATWG URL section 3.5 ("ends in a number")
 *
 * @example
 * ```ts
 * import { hostname, parse } from 'sallyport/schema';
 *
 * console.log(parse(hostname(), 'api.example.com').ok, parse(hostname(), '127.1').ok); // true false
 * ```
 */
export function hostname(): Schema<string> {
  return createFormat({ format: 'hostname', max: MAX_LENGTH }, NOT_HOSTNAME, isHostname);
}

/** Whether a text is a host name, for the formats that hold one. */
export function isHostname(text: string): boolean {
  if (text.length > MAX_LENGTH) return false;
  const labels = text.split('.');
  return labels.every((label) => label.length <= MAX_LABEL_LENGTH && LABEL.test(label)) &&
    !NUMBER.test(labels[labels.length - 1] ?? '');
}
