import { createFormat } from './format.ts';
import { isHostname } from './hostname.ts';
import type { Schema } from './schema.ts';

/** RFC 5321 section 4.5.3.1.3 allows a path 256 characters, two of which are its angle brackets. */
const MAX_LENGTH = 254;
const MAX_LOCAL_LENGTH = 64;
// A dot is no letter of an atom: there is one way to read a text, and nothing to go back to.
const LOCAL_PART = /^[\w!#$%&'*+\/=?^`{|}~-]+(?:\.[\w!#$%&'*+\/=?^`{|}~-]+)*$/;
const NOT_EMAIL = { code: 'not_email', message: 'must be an email address' };

/**
 * An email address as people have them: `local@example.com`, at most 64 characters before the `@` and 254 in all.
 *
 * The local part is atoms between single dots; the domain is a host name of two labels or more. What the mail grammar has besides is refused, since
 * it is read differently by whatever stands behind: quoted local parts, comments, address literals, `Name <address>`, lists, and anything that is not ASCII.
 * Nothing is trimmed, and letters keep their case. It does not say that the mailbox exists or whose it is: for that, send a message.
 *
 * @returns the schema; its issue is `not_email`
 * @see RFC 5321 sections 4.1.2 (Dot-string), 2.3.5 and 4.5.3.1; WHATWG HTML section 4.10.5.1.5
 *
 * @example
 * ```ts
 * import { email, parse } from 'sallyport/schema';
 *
 * console.log(parse(email(), 'ada+orders@example.com').ok, parse(email(), 'ada@localhost').ok); // true false
 * ```
 */
export function email(): Schema<string> {
  return createFormat({ format: 'email', max: MAX_LENGTH }, NOT_EMAIL, (text) => {
    const at = text.indexOf('@');
    if (at < 1 || at > MAX_LOCAL_LENGTH) return false;
    const domain = text.slice(at + 1);
    return LOCAL_PART.test(text.slice(0, at)) && domain.includes('.') && isHostname(domain);
  });
}
