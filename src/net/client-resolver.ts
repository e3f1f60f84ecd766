import { refuseUnknownOptions } from '../core/option.ts';
import { createIpList } from './cidr.ts';
import { type Client, parsePeer, toClient } from './client.ts';
import { parseForwardedElement } from './forwarded.ts';
import { bareHop, elementAt, elementStart, type Hop, parseNode, walkHops } from './hops.ts';
import { type IpAddress, parseIp } from './ip.ts';
import { quotedElementStart } from './quoted.ts';

/**
 * What trusted proxies write. `forwarded` is RFC 7239: address, scheme and host. `x-forwarded` is `X-Forwarded-For`, `-Proto` and `-Host`;
 * `x-forwarded-for` the same without `-Host`, for the many proxies that pass on a client's. The others are one address, beside `X-Forwarded-Proto`.
 */
export type ForwardingHeaders =
  | 'forwarded'
  | 'x-forwarded'
  | 'x-forwarded-for'
  | 'x-real-ip'
  | 'cf-connecting-ip'
  | 'fly-client-ip'
  | 'x-azure-socketip';

/** Options of {@linkcode createClientResolver}. */
export interface ClientResolverOptions {
  /** Networks of the proxies whose word is taken, in CIDR notation. Default: none, and no header is read. */
  readonly trustedProxies?: readonly string[];
  /** The one family of headers that those proxies write, whatever the client sent. Compulsory with `trustedProxies`. */
  readonly read?: ForwardingHeaders;
}

/** Finds out who sent a request. */
export interface ClientResolver {
  /** Reads the peer's address, and the headers that a trusted peer wrote. */
  readonly resolve: (request: Request, peerAddress: string | undefined) => Client;
}

const ACTION = 'create client resolver';
// Not `True-Client-IP`, `Fastly-Client-IP` and `X-Azure-ClientIP`: their own networks take what the client wrote there or in X-Forwarded-For.
const FAMILIES: readonly ForwardingHeaders[] = [
  'forwarded',
  'x-forwarded',
  'x-forwarded-for',
  'x-real-ip',
  'cf-connecting-ip',
  'fly-client-ip',
  'x-azure-socketip',
];

/**
 * Creates a resolver of the client's address, scheme and host.
 *
 * Without `trustedProxies` the peer is the client and every forwarding header is ignored: anybody can write one. With them, and only
 * when the peer itself is one of them, the one family of headers that `read` names is walked from the right to the first address that is
 * not a trusted proxy; what stands to the left of it was written by the client. Scheme and host count at the same hop. There is no
 * hop count: it would trust whoever stands at that place. The outermost proxy must write each header of the family itself, whatever the
 * client sent. Those behind it append; or they leave `X-Forwarded-Proto` and `-Host` as it set them, because a single value counts for
 * the whole chain. It does not check the host: that is `createHostCheck`'s work.
 *
 * @param options the trusted proxies and the headers that they write
 * @returns a resolver
 * @throws {TypeError} for an unknown option, text that is no network, a network that holds every address, or proxies without `read`
 * @see RFC 7239
 *
 * @example
 * ```ts
 * import { createClientResolver } from 'sallyport/net';
 *
 * const clients = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'x-forwarded-for' });
 * const request = new Request('http://api.test', { headers: { 'x-forwarded-for': '6.6.6.6, 192.0.2.7' } });
 * console.log(clients.resolve(request, '10.0.0.1').address); // 192.0.2.7
 * ```
 */
export function createClientResolver(options: ClientResolverOptions = {}): ClientResolver {
  refuseUnknownOptions(ACTION, options, ['trustedProxies', 'read']);
  const { trustedProxies = [], read } = options;
  const trusted = createIpList(Array.isArray(trustedProxies) ? trustedProxies : ['::/0']);
  // Both are nobody's: who trusts one trusts everybody, and would take the left-most address, which the client wrote.
  if (trusted.has('255.255.255.255') || trusted.has('ffff::')) {
    throw new TypeError(
      `Cannot ${ACTION}: trustedProxies must be a list of networks, not all, and never a number of hops.`,
    );
  }
  if (trustedProxies.length > 0 ? read === undefined || !FAMILIES.includes(read) : read !== undefined) {
    // Without proxies anybody could write what is read.
    throw new TypeError(
      `Cannot ${ACTION}: trustedProxies needs read, and read needs them; it is one of ${FAMILIES.join(', ')}.`,
    );
  }
  return Object.freeze({
    resolve({ headers, url }: Request, peerAddress: string | undefined): Client {
      const peer = parsePeer(peerAddress);
      const isProxied = read !== undefined && peer !== undefined && trusted.has(peer);
      return toClient(url, isProxied ? readHop(headers, read, peer, trusted.has) : bareHop(peer), isProxied);
    },
  });
}

/** Reads what the proxies say of the client, in one of their families of headers and in no other. */
function readHop(
  headers: Headers,
  read: ForwardingHeaders,
  peer: IpAddress,
  isTrusted: (ip: IpAddress) => boolean,
): Hop {
  if (read === 'forwarded') {
    return walkHops(headers.get(read) ?? '', peer, isTrusted, quotedElementStart, parseForwardedElement).hop;
  }
  const isList = read.startsWith('x-forwarded');
  const header = headers.get(isList ? 'x-forwarded-for' : read) ?? '';
  const { hop, place } = walkHops(header, peer, isTrusted, isList ? elementStart : () => 0, readAddress);
  // A proxy that sets one value speaks of the hop it saw; one that appends has a value per hop.
  const said = (name: string): string | undefined => elementAt(headers.get(name), place);
  return {
    address: hop.address,
    scheme: said('x-forwarded-proto'),
    host: read === 'x-forwarded' ? said('x-forwarded-host') : undefined,
  };
}

/** IPv6 without brackets, and whatever some gateways add a port to. */
function readAddress(element: string): Hop {
  return bareHop(parseIp(element) ?? parseNode(element));
}
