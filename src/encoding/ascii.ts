/**
 * Tells whether text can stand between quotes without an escape: printable ASCII, no quote, no backslash. So are scopes, challenge
 * parameters and the names of limits, which all end up in a header.
 *
 * @param text any text
 * @returns true also for the empty text
 * @see RFC 9110 section 5.6.4, RFC 9651 section 3.3.3
 */
export function isQuotableAscii(text: string): boolean {
  return /^[\x20\x21\x23-\x5b\x5d-\x7e]*$/.test(text);
}
