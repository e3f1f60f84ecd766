import { type IpAddress, parseIp } from './ip.ts';
import { trimHttpSpace } from './media-type.ts';

/** What one proxy says of whoever sent it the request. */
export interface Hop {
  /** The sender's address, or undefined when it is hidden, unknown or no address. */
  readonly address: IpAddress | undefined;
  /** The scheme of the request that it got. */
  readonly scheme: string | undefined;
  /** The host of the request that it got. */
  readonly host: string | undefined;
}

/** How far {@linkcode walkHops} came. */
export interface Walk {
  /** What is said of the client. */
  readonly hop: Hop;
  /** The place of what is said, counted from the right; -1 where nothing is said at all. */
  readonly place: number;
}

/** A hop of which only the address is said. The rest is its own all the same: it must not be inherited from a polluted prototype. */
export function bareHop(address: IpAddress | undefined): Hop {
  return { address, scheme: undefined, host: undefined };
}

const MAX_HOPS = 32;
const NODE = /^(?:([0-9.]+)|\[([0-9a-f:.]+)\])(?::(?:([0-9]{1,5})|_[a-z0-9._-]+))?$/i;

/**
 * Walks a list header from the right, for as long as whoever wrote the element is a trusted proxy: so it never comes to what a client
 * wrote. Every character is looked at once, and nothing to the left of the client at all.
 *
 * @param header the value; the peer, which is trusted, wrote its last element
 * @param peer is the client where the header is empty
 * @param isTrusted whether an address is a trusted proxy's
 * @param startOf where the element that ends at a place begins
 * @param read reads one element
 * @returns the element of the client
 */
export function walkHops(
  header: string,
  peer: IpAddress,
  isTrusted: (ip: IpAddress) => boolean,
  startOf: (text: string, end: number) => number,
  read: (element: string) => Hop,
): Walk {
  let hop = bareHop(peer);
  let place = -1;
  for (let end = header.length; end > 0;) {
    // An endless list of trusted addresses must end, and nobody has so many proxies.
    if (++place === MAX_HOPS) return { hop: bareHop(undefined), place };
    const start = startOf(header, end);
    hop = read(trimHttpSpace(header.slice(start, end)));
    // Whoever stands to the left of an unknown one is unknown as well.
    if (hop.address === undefined || !isTrusted(hop.address)) break;
    end = start - 1;
  }
  return { hop, place };
}

/** Where the last element before `end` begins, in a list without quoted strings. */
export function elementStart(text: string, end: number): number {
  // A negative position would be taken for 0, and the comma there found again.
  return end === 0 ? 0 : text.lastIndexOf(',', end - 1) + 1;
}

/** The element at a place counted from the right; where there is only one, that one. */
export function elementAt(header: string | null, place: number): string | undefined {
  if (header === null) return undefined;
  let end = header.length;
  for (let passed = 0;; passed++) {
    const start = elementStart(header, end);
    if (passed === place || (passed === 0 && start === 0)) return trimHttpSpace(header.slice(start, end));
    if (start === 0) return undefined;
    end = start - 1;
  }
}

/**
 * Parses the name of a node with its port, if it has one, which is then dropped: `192.0.2.1`, `192.0.2.1:4711`, `[2001:db8::1]:_port`.
 *
 * @returns undefined also for IPv6 without brackets: which of its groups would be the port?
 * @see RFC 7239 section 6
 */
export function parseNode(text: string): IpAddress | undefined {
  const match = NODE.exec(text);
  if (match === null || Number(match[3] ?? 0) > 65_535) return undefined;
  const bracketed = match[2];
  if (bracketed === undefined) return parseIp(match[1] ?? '');
  return bracketed.includes(':') ? parseIp(bracketed) : undefined;
}
