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
const DOT = 0x2e;
const COLON = 0x3a;

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
    const word = readIpv4(text, 0);
    return word < 0 ? undefined : { version: 4, words: [word] };
  }
  const groups = readIpv6(text);
  if (groups === undefined) return undefined;
  const word = (index: number): number => (groups[index] ?? 0) * 65_536 + (groups[index + 1] ?? 0);
  const words = [word(0), word(2), word(4), word(6)] as const;
  return words[0] === 0 && words[1] === 0 && words[2] === MAPPED_PREFIX
    ? { version: 4, words: [words[3]] }
    : { version: 6, words };
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

/** Reads dotted decimal from `start` to the end of the text; -1 when it is none. */
function readIpv4(text: string, start: number): number {
  let word = 0;
  let octets = 0;
  let octet = -1;
  for (let index = start; index <= text.length; index++) {
    const code = index === text.length ? DOT : text.charCodeAt(index);
    if (code === DOT) {
      if (octet < 0) return -1;
      word = word * 256 + octet;
      octets++;
      octet = -1;
      continue;
    }
    const digit = code - 48;
    // After a zero no digit may follow: "010" is 10 to one parser and 8 to another.
    if (digit < 0 || digit > 9 || octet === 0) return -1;
    octet = octet < 0 ? digit : octet * 10 + digit;
    if (octet > 255) return -1;
  }
  return octets === 4 ? word : -1;
}

/** Reads the eight groups of an IPv6 address; the last two may be written as dotted decimal. */
function readIpv6(text: string): readonly number[] | undefined {
  const groups = [0, 0, 0, 0, 0, 0, 0, 0];
  let count = 0;
  let gap = -1;
  let index = 0;
  if (text.startsWith('::')) {
    gap = 0;
    index = 2;
  }
  while (index < text.length) {
    if (count === 8) return undefined;
    const start = index;
    let value = 0;
    for (let digit; (digit = hexDigit(text.charCodeAt(index))) >= 0; index++) value = value * 16 + digit;
    if (text.charCodeAt(index) === DOT) {
      const word = count > 6 ? -1 : readIpv4(text, start);
      if (word < 0) return undefined;
      groups[count++] = word >>> 16;
      groups[count++] = word & 0xffff;
      break;
    }
    if (index === start || index - start > 4) return undefined;
    groups[count++] = value;
    if (index === text.length) break;
    if (text.charCodeAt(index++) !== COLON) return undefined;
    if (text.charCodeAt(index) === COLON && gap < 0) {
      gap = count;
      index++;
    } else if (index === text.length) return undefined;
  }
  // RFC 4291 section 2.2: "::" stands for at least one group.
  if (gap < 0 ? count !== 8 : count > 7) return undefined;
  if (gap >= 0) {
    // What stands behind "::" moves to the end, the last group first.
    const zeros = 8 - count;
    for (let from = count - 1; from >= gap; from--) {
      groups[from + zeros] = groups[from] ?? 0;
      groups[from] = 0;
    }
  }
  return groups;
}

/** The value of a hexadecimal digit; -1 for anything else, also for what stands behind the end of a text. */
function hexDigit(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const letter = code | 32;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
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
