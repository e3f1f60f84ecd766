import { type Hop, parseNode } from './hops.ts';
import { readPairs } from './quoted.ts';

/** More than any proxy writes about one hop. */
const MAX_LENGTH = 1024;

/**
 * Parses one element of `Forwarded`, strictly: no space around `=` or `;`, no name twice, IPv6 in brackets in quotes.
 *
 * @param element what a proxy says about one hop
 * @returns what it says; nothing when the element is malformed
 * @see RFC 7239 section 4
 */
export function parseForwardedElement(element: string): Hop {
  // A new pattern each time: its `lastIndex` is nobody else's.
  const pattern =
    /([!#$%&'*+.^_`|~0-9a-z-]+)=(?:([!#$%&'*+.^_`|~0-9a-z-]+)|"((?:[\t !#-[\]-~\x80-\xff]|\\[\t -~\x80-\xff])*)")(?:;|$)/iy;
  const pairs = element.length > MAX_LENGTH ? undefined : readPairs(element, pattern);
  const named = new Map(pairs);
  // Which of two would the proxy have meant? One may be the client's.
  if (pairs === undefined || named.size < pairs.length) named.clear();
  const value = (name: string): string | undefined => named.get(name)?.replace(/\\(.)/g, '$1');
  return { address: parseNode(value('for') ?? ''), scheme: value('proto'), host: value('host') };
}
