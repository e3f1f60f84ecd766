/**
 * An IP address as numbers. An IPv4-mapped IPv6 address (`::ffff:192.0.2.1`) is the IPv4 address it maps: the two are one host, and
 * treating them as two is how deny lists and limits are bypassed.
 */
export interface IpAddress {
  /** 4 or 6. */
  readonly version: 4 | 6;
  /** The address as 32-bit words, most significant first: one for IPv4, four for IPv6. */
  readonly words: readonly number[];
}

const MAX_LENGTH = 45;
const MAPPED_PREFIX = 0xffff;

/**
 * Parses an IP address in its text form, strictly: decimal octets without leading zeros, no port, no brackets, no zone, no white space.
 *
 * @param text what should be an address
 * @returns the address, or undefined when it is none
 * @see RFC 4291 section 2.2, RFC 6943 section 3.1.1 (why `010.0.0.1` and `0x7f.1` are refused)
 *
 * @example
 * ```ts
 * import { parseIp } from 'sallyport/net';
 *
 * console.log(parseIp('::ffff:192.0.2.1')?.version, parseIp('010.0.0.1')); // 4 undefined
 * ```
 */
export function parseIp(text: string): IpAddress | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (!text.includes(':')) {
    const word = parseIpv4(text);
    return word === undefined ? undefined : { version: 4, words: [word] };
  }
  const words = parseIpv6(text);
  if (words === undefined) return undefined;
  const [a, b, c, d = 0] = words;
  return a === 0 && b === 0 && c === MAPPED_PREFIX ? { version: 4, words: [d] } : { version: 6, words };
}

/**
 * Formats an address canonically: dotted decimal, or lower-case groups with the longest run of zeros compressed.
 *
 * @param ip from {@linkcode parseIp}
 * @returns the one spelling of this address
 * @see RFC 5952
 *
 * @example
 * ```ts
 * import { formatIp, parseIp } from 'sallyport/net';
 *
 * const ip = parseIp('2001:DB8:0:0:0:0:0:1');
 * console.log(ip && formatIp(ip)); // 2001:db8::1
 * ```
 */
export function formatIp(ip: IpAddress): string {
  if (ip.version === 4) {
    const word = ip.words[0] ?? 0;
    return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
  }
  const groups = ip.words.flatMap((word) => [word >>> 16, word & 0xffff]);
  const [start, length] = longestZeroRun(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  if (length < 2) return hex(groups);
  return `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function parseIpv4(text: string): number | undefined {
  const octets = text.split('.', 5);
  if (octets.length !== 4) return undefined;
  let word = 0;
  for (const octet of octets) {
    const value = parseDigits(octet, 3);
    if (value === undefined || value > 255) return undefined;
    word = word * 256 + value;
  }
  return word;
}

/** Parses decimal digits without a leading zero; the length is bounded by the caller's use. */
function parseDigits(text: string, maxDigits: number): number | undefined {
  if (text.length === 0 || text.length > maxDigits || (text.length > 1 && text.startsWith('0'))) return undefined;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = text.charCodeAt(index) - 48;
    if (digit < 0 || digit > 9) return undefined;
    value = value * 10 + digit;
  }
  return value;
}

function parseIpv6(text: string): readonly number[] | undefined {
  const halves = text.split('::', 3);
  if (halves.length > 2) return undefined;
  const compressed = halves.length === 2;
  const left = parseGroups(halves[0] ?? '', !compressed);
  const right = parseGroups(halves[1] ?? '', compressed);
  if (left === undefined || right === undefined) return undefined;
  const count = left.length + right.length;
  // RFC 5952 section 4.2.2: "::" stands for at least one group; RFC 4291 allows no fewer.
  if (compressed ? count > 7 : count !== 8) return undefined;
  const groups = [...left, ...new Array<number>(8 - count).fill(0), ...right];
  const words: number[] = [];
  for (let index = 0; index < 8; index += 2) words.push((groups[index] ?? 0) * 65_536 + (groups[index + 1] ?? 0));
  return words;
}

/** Parses colon-separated groups; the last may be dotted decimal where the address ends with it. */
function parseGroups(text: string, last: boolean): readonly number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':', 9);
  for (const [index, part] of parts.entries()) {
    if (last && index === parts.length - 1 && part.includes('.')) {
      const word = parseIpv4(part);
      if (word === undefined) return undefined;
      groups.push(word >>> 16, word & 0xffff);
      continue;
    }
    const group = parseHexGroup(part);
    if (group === undefined) return undefined;
    groups.push(group);
  }
  return groups;
}

function parseHexGroup(text: string): number | undefined {
  if (text.length === 0 || text.length > 4) return undefined;
  let value = 0;
  for (let index = 0; index < text.length; index++) {
    const digit = '0123456789abcdef'.indexOf(text.charAt(index).toLowerCase());
    if (digit < 0) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function longestZeroRun(groups: readonly number[]): readonly [start: number, length: number] {
  let best: readonly [number, number] = [0, 0];
  let start = 0;
  for (let index = 0; index <= groups.length; index++) {
    if (groups[index] === 0) continue;
    if (index - start > best[1]) best = [start, index - start];
    start = index + 1;
  }
  return best;
}
