import { isToken } from '../net/media-type.ts';
import { checkedListOption } from './checked-list.ts';

const WILDCARD = '*';
/** The one request header that `*` does not cover (WHATWG Fetch, CORS non-wildcard request-header name). */
const NOT_COVERED = 'authorization';
/** In upper case: methods are case-sensitive, and browsers do not turn `patch` into `PATCH`. */
const METHOD = /^[A-Z][A-Z0-9-]*$/;
/** WHATWG Fetch, forbidden method. */
const FORBIDDEN_METHOD = /^(?:CONNECT|TRACE|TRACK)$/;
/**
 * WHATWG Fetch, forbidden request-header. Of `access-control-` two are among them; the others are a server's, and whoever lets pages set them
 * has mistaken the direction.
 */
const FORBIDDEN_REQUEST_HEADER =
  /^(?:access-control-|proxy-|sec-|(?:accept-charset|accept-encoding|connection|content-length|cookie2?|date|dnt|expect|host|keep-alive|origin|referer|set-cookie|te|trailer|transfer-encoding|upgrade|via)$)/;
/** WHATWG Fetch, forbidden response-header name; and those that are a request's, or CORS's own. */
const FORBIDDEN_RESPONSE_HEADER = /^(?:access-control-|(?:set-cookie2?|origin)$)/;

/** Tells whether a page can use a method. */
export function isUsableMethod(method: string): boolean {
  return METHOD.test(method) && !FORBIDDEN_METHOD.test(method);
}

/** Tells whether a page can set a request header. */
export function isSettableHeader(name: string): boolean {
  return isToken(name) && !FORBIDDEN_REQUEST_HEADER.test(name.toLowerCase());
}

/** Tells whether a page can read a response header. */
export function isReadableHeader(name: string): boolean {
  return isToken(name) && !FORBIDDEN_RESPONSE_HEADER.test(name.toLowerCase());
}

/** How a list of names is read. */
export interface NameRules {
  /** Tells what browsers let a page use. */
  readonly isUsable: (name: string) => boolean;
  /** Whether `*` may stand for all. Beside credentials it is a name like any other, and means nothing. */
  readonly wildcard: boolean;
}

/**
 * Returns an option that lists names.
 *
 * @param action what was to be done, for the message
 * @param name the option's name
 * @param value as the caller gave it
 * @param rules which names
 * @returns a copy that later changes do not reach
 * @throws {TypeError} for what is no list, a name that browsers let no page use or that stands twice, `*` where it means nothing, and names
 * that `*` covers
 */
export function namesOption(action: string, name: string, value: unknown, rules: NameRules): readonly string[] {
  const names = checkedListOption(action, name, value, (item) => {
    if (item === WILDCARD) return rules.wildcard ? undefined : 'must name what is allowed where credentials are';
    return rules.isUsable(item) ? undefined : 'has one that browsers let no page use';
  });
  const seen = new Set(names.map((item) => item.toLowerCase()));
  // A list that is longer than its meaning looks like a rule: only Authorization is not in `*`.
  const most = !seen.has(WILDCARD) ? names.length : seen.has(NOT_COVERED) ? 2 : 1;
  if (seen.size < names.length || names.length > most) {
    throw new TypeError(`Cannot ${action}: ${name} says the same twice.`);
  }
  return names;
}
