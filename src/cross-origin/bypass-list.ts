import { checkedListOption } from './checked-list.ts';

/** A method in upper case and a path of unreserved characters: nothing in it could be written in another way. */
const ENTRY = /^[A-Z]+ \/(?:[\w.~-]+\/)*[\w.~-]*$/;
const DOT_SEGMENT = /\/\.{1,2}(?:\/|$)/;

/**
 * Compiles a list of requests that are let through unchecked.
 *
 * @param action what was to be done, for the message
 * @param name the option's name
 * @param value as the caller gave it
 * @returns whether a request is on the list
 * @throws {TypeError} for what is no method and path, and for a path that could be written in two ways
 */
export function bypassOption(action: string, name: string, value: unknown): (request: Request) => boolean {
  const entries = checkedListOption(
    action,
    name,
    value,
    (entry) =>
      ENTRY.test(entry) && !DOT_SEGMENT.test(entry)
        ? undefined
        : 'must be methods and exact, plain paths such as "POST /saml/acs"',
  );
  // The whole path as the URL parser leaves it, dot segments resolved. It is tempting to decode it first, or to match a prefix. However
  // routers differ in what they decode, and `/saml/acs/..%2fapi` must be nobody's `/saml/acs`: what is written in another way is checked.
  return ({ method, url }) => URL.canParse(url) && entries.includes(`${method} ${new URL(url).pathname}`);
}
