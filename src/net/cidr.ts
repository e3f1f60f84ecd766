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
 * Compiles networks in CIDR notation; a bare address means itself alone.
 *
 * IPv4-mapped addresses and networks (`::ffff:10.0.0.0/104`) count as IPv4, and `::/0` holds no IPv4 address. Translation prefixes
 * (64:ff9b::/96, 2002::/16) do not count as IPv4: name them yourself where you deny by IPv4.
 *
 * @param cidrs `10.0.0.0/8`, `2001:db8::/32`, `192.0.2.1`
 * @returns the compiled list
 * @throws {TypeError} for text that is no network, or has bits set beyond its prefix
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
  return Object.freeze({
    has(ip: IpAddress | string): boolean {
      const address = typeof ip === 'string' ? parseIp(ip) : ip;
      return address !== undefined && networks.some((network) => contains(network, address));
    },
  });
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

function contains(network: Network, ip: IpAddress): boolean {
  if (network.ip.version !== ip.version) return false;
  return ip.words.every((word, index) => {
    const mask = maskOf(network.bits - index * 32);
    return ((word ^ (network.ip.words[index] ?? 0)) & mask) === 0;
  });
}

function isMasked(network: Network): boolean {
  return network.ip.words.every((word, index) => (word & ~maskOf(network.bits - index * 32)) === 0);
}

/** The 32-bit mask of the leading bits; shifting by 32 would be shifting by 0. */
function maskOf(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}
