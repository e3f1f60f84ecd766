import { Refusal } from '../core/refusal.ts';
import { decodeBase64 } from '../encoding/base64.ts';
import type { Client } from './client.ts';
import { trimHttpSpace } from './media-type.ts';

/** The certificate that a client proved the key of to a proxy, as DER. */
export interface ClientCert {
  /** The client's own certificate. */
  readonly certificate: Uint8Array<ArrayBuffer>;
  /** The certificates that lead from its issuer towards a root, nearest first; none when the proxy sent none. */
  readonly chain: readonly Uint8Array<ArrayBuffer>[];
}

/** Beyond this no platform's header limits reach. */
const MAX_LENGTH = 131_072;
const MAX_CHAIN = 16;

/**
 * Reads the client certificate from `Client-Cert` and `Client-Cert-Chain`, which a proxy that ends mutual TLS writes.
 *
 * Only where the peer is a trusted proxy, which is what `client` says: anybody can write these headers, and copying somebody's certificate
 * proves nothing. The first proxy must write or delete both headers itself on every request. The proxy verified the certificate; this looks
 * at no byte of it.
 *
 * @param request the request
 * @param client what `createClientResolver` found for this very request
 * @returns the certificate, or undefined when there is none or the peer is not trusted
 * @throws {Refusal} credentials_malformed
 * @see RFC 9440
 *
 * @example
 * ```ts
 * import { createClientResolver, parseClientCert } from 'sallyport/net';
 *
 * const clients = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'forwarded' });
 * const request = new Request('http://api.test', { headers: { 'client-cert': ':MAA=:' } });
 * console.log(parseClientCert(request, clients.resolve(request, '10.0.0.1'))?.certificate.length); // 2
 * console.log(parseClientCert(request, clients.resolve(request, '192.0.2.1'))); // undefined
 * ```
 */
export function parseClientCert({ headers }: Request, client: Client): ClientCert | undefined {
  if (!client.isProxied) return undefined;
  const field = headers.get('client-cert');
  const list = headers.get('client-cert-chain');
  if (field === null) {
    // A chain of nothing: whoever sent it is confused, or took the certificate away.
    if (list !== null) throw new Refusal('credentials_malformed');
    return undefined;
  }
  // An empty list is sent as no field at all, but an empty field is one (RFC 9651 section 3.1).
  return { certificate: readBytes(field), chain: list === null || list === '' ? [] : readChain(list) };
}

function readChain(list: string): readonly Uint8Array<ArrayBuffer>[] {
  if (list.length > MAX_LENGTH) throw new Refusal('credentials_malformed');
  // No comma is in a byte sequence.
  const members = list.split(',', MAX_CHAIN + 1);
  if (members.length > MAX_CHAIN) throw new Refusal('credentials_malformed');
  return members.map((member) => readBytes(trimHttpSpace(member)));
}

/** One byte sequence without parameters. A second field line would add a comma, which is none of its characters. */
function readBytes(text: string): Uint8Array<ArrayBuffer> {
  const isWrapped = text.length > 2 && text.length <= MAX_LENGTH && text.startsWith(':') && text.endsWith(':');
  const bytes = isWrapped ? decodeBase64(text.slice(1, -1)) : undefined;
  if (bytes === undefined) throw new Refusal('credentials_malformed');
  return bytes;
}
