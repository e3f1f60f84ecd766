/** In the path what URL parsers resolve, or take for a slash. */
const REWRITTEN = /^[^?#]*?(?:\\|\/(?:\.|%2e){1,2}(?:[/?#]|$))/i;

/**
 * Tells whether URL parsers make another path of a request target, or of a URL as a runtime passes it on: of `/x/../admin`, `/x/%2e%2e/admin`,
 * `/x\..\admin`. A proxy or a framework that looked at what was written has routed and guarded another one.
 *
 * @param target in any form that begins with its path or its scheme
 * @returns whether its path is read in two ways
 * @see WHATWG URL, "single-dot URL path segment"; RFC 3986 section 5.2.4
 */
export function hasTwoPaths(target: string): boolean {
  return REWRITTEN.test(target);
}

/** In the path an escape of a letter, a digit, `-`, `.`, `_` or `~`. */
const ESCAPED = /^[^?#]*?%(?:2[DE]|3\d|4[1-9A-F]|5[\dAF]|6[1-9A-F]|7[\dAE])/i;

/**
 * Tells whether a path escapes what needs no escape, as `/%61dmin` does. It is the same path as `/admin` for whoever decodes before comparing, and
 * another one for a router that does not: what stands behind that must not make `/admin` of it.
 *
 * @param target in any form that begins with its path or its scheme
 * @returns whether its path has another spelling for those who decode it
 * @see RFC 3986 sections 2.3 and 6.2.2.2
 */
export function hasEscapedUnreserved(target: string): boolean {
  return ESCAPED.test(target);
}
