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
