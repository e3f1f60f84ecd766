import { type IpAddress, parseIp } from './ip.ts';

/** A compiled list of networks. */
export interface IpList {
  /** Whether an address, as text or parsed, lies in one of the networks; what is no address lies in none. */
  readonly has: (ip: IpAddress | string) => boolean;
}

interface Network {
  readonly ip: IpAddress;
  readonly bits: number;
}

/**
 * Compiles networks in CIDR notation; a bare address means itself alone. A lookup takes as many steps as the number of networks has
 * binary digits, and allocates nothing for an address that is parsed already.
 *
 * IPv4-mapped addresses and networks (`::ffff:10.0.0.0/104`) count as IPv4, and `::/0` holds no IPv4 address. Translation prefixes
 * (64:ff9b::/96, 2002::/16) do not count as IPv4, so that nobody passes an allow list through a translator: where you deny by IPv4, name them too.
 * Pass the address that `createClientResolver` found: one with a zone (`fe80::1%eth0`) or a port is no address, and an unknown
 * client lies in no list, which a deny list must not take for innocence.
 *
 * @param cidrs `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.1`; any number, in any order, also one within another
 * @returns the compiled list
 * @throws {TypeError} for text that is no network, or has bits set beyond its prefix: `10.0.0.1/8` was meant for one of two things
 * @see RFC 4632
 *
 * @example
 * ```ts
 * import { createIpList } from 'sallyport/net';
 *
 * console.log(createIpList(['10.0.0.0/8']).has('::ffff:10.1.2.3')); // true
 * ```
 */
export function createIpList(cidrs: readonly string[]): IpList {
  if (!Array.isArray(cidrs)) throw new TypeError('Cannot create IP list: networks must be a list.');
  // Spread, because `map` would step over the holes of a sparse list.
  const networks = [...cidrs].map(parseCidr);
  const tables = { 4: toTable(networks, 4), 6: toTable(networks, 6) };
  return Object.freeze({
    has(ip: IpAddress | string): boolean {
      const address = typeof ip === 'string' ? parseIp(ip) : ip;
      return address !== undefined && isIn(tables[address.version], address);
    },
  });
}

/** Sorts the networks of one version. Two overlap only where one lies in the other, and then the inner one is dropped: the rest is disjoint. */
function toTable(networks: readonly Network[], version: 4 | 6): readonly Network[] {
  const kept: Network[] = [];
  for (const network of networks.filter(({ ip }) => ip.version === version).sort(compareNetworks)) {
    const last = kept[kept.length - 1];
    if (last === undefined || !contains(last, network.ip)) kept.push(network);
  }
  return kept;
}

/** The last network that does not begin behind the address is the only one that can hold it. */
function isIn(networks: readonly Network[], ip: IpAddress): boolean {
  let low = 0;
  let high = networks.length;
  let found: Network | undefined;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const network = networks[middle];
    if (network === undefined || compareWords(network.ip, ip) > 0) high = middle;
    else {
      found = network;
      low = middle + 1;
    }
  }
  return found !== undefined && contains(found, ip);
}

function compareNetworks(left: Network, right: Network): number {
  // The wider of two that begin alike comes first.
  return compareWords(left.ip, right.ip) || left.bits - right.bits;
}

function compareWords(left: IpAddress, right: IpAddress): number {
  for (let index = 0; index < left.words.length; index++) {
    const difference = (left.words[index] ?? 0) - (right.words[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function parseCidr(text: string): Network {
  const wrong = (why: string): TypeError =>
    new TypeError(`Cannot create IP list: ${why}, received ${JSON.stringify(text)}.`);
  if (typeof text !== 'string') throw wrong('a network must be text');
  const slash = text.indexOf('/');
  const ip = parseIp(slash < 0 ? text : text.slice(0, slash));
  if (ip === undefined) throw wrong('a network must be an address in CIDR notation');
  const width = ip.words.length * 32;
  if (slash < 0) return { ip, bits: width };
  const suffix = text.slice(slash + 1);
  const written = Number(suffix);
  if (String(written) !== suffix || !Number.isInteger(written) || written < 0) {
    throw wrong('a prefix length must be a whole number');
  }
  // A mapped network is written with 128 bits but is an IPv4 one.
  const mapped = ip.version === 4 && text.includes(':');
  const bits = mapped ? written - 96 : written;
  if (bits < 0) throw wrong('an IPv4-mapped network must have a prefix of 96 bits or more');
  if (bits > width) throw wrong(`a prefix length must be at most ${mapped ? 128 : width}`);
  const network = { ip, bits };
  if (!isMasked(network)) throw wrong('a network must have no bits set beyond its prefix');
  return network;
}

/** Both of one version. */
function contains(network: Network, ip: IpAddress): boolean {
  for (let index = 0; index < ip.words.length; index++) {
    const mask = maskOf(network.bits - index * 32);
    if ((((ip.words[index] ?? 0) ^ (network.ip.words[index] ?? 0)) & mask) !== 0) return false;
  }
  return true;
}

function isMasked(network: Network): boolean {
  return network.ip.words.every((word, index) => (word & ~maskOf(network.bits - index * 32)) === 0);
}

/** The 32-bit mask of the leading bits; shifting by 32 would be shifting by 0. */
function maskOf(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}
