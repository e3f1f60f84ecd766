import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { decodeBase64 } from '../encoding/base64.ts';
import type { Client } from './client.ts';
import { trimHttpSpace } from './media-type.ts';
import { quotedElementStart, readPairs } from './quoted.ts';

/** What Envoy says of a client's certificate. */
export interface ForwardedClientCert {
  /** The SHA-256 of the certificate, as 64 lower-case hexadecimal digits: the one member that nobody but its holder can have. */
  readonly hash: string | undefined;
  /** The certificate as DER, where the proxy is set to pass it on. */
  readonly certificate: Uint8Array<ArrayBuffer> | undefined;
  /** The subject as RFC 2253 text, its escapes left in place: compare it whole, never search in it. */
  readonly subject: string | undefined;
  /** The URIs among the subject alternative names: SPIFFE ids. */
  readonly uris: readonly string[];
  /** The DNS names among the subject alternative names. */
  readonly dnsNames: readonly string[];
  /** The URIs of the proxy's own certificate. */
  readonly by: readonly string[];
}

/** Options of {@linkcode parseForwardedClientCert}. */
export interface ForwardedClientCertOptions {
  /** Whether the proxy is set to `APPEND_FORWARD`: the right-most element is then its own. Default: false, and a second is refused. */
  readonly isAppended?: boolean;
}

const ACTION = 'parse forwarded client certificate';
const MAX_LENGTH = 131_072;
const REPEATABLE: readonly string[] = ['by', 'uri', 'dns'];
const BEGIN = '-----BEGIN CERTIFICATE-----\n';
const END = '\n-----END CERTIFICATE-----';

/**
 * Reads Envoy's `X-Forwarded-Client-Cert`: what the certificate of the client that the proxy talked to says.
 *
 * Only where the peer is a trusted proxy, which is what `client` says: anybody can write this header. Set the proxy to `SANITIZE_SET`; with
 * `APPEND_FORWARD` what stands to the left was written by others and is not read. Keys that are not known are passed over.
 *
 * @param request the request
 * @param client what `createClientResolver` found for this very request
 * @param options whether the proxy appends
 * @returns what is said, or undefined when there is no such header or the peer is not trusted
 * @throws {Refusal} credentials_malformed
 * @throws {TypeError} for an unknown option
 *
 * @example
 * ```ts
 * import { createClientResolver, parseForwardedClientCert } from 'sallyport/net';
 *
 * const clients = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'x-forwarded-for' });
 * const headers = { 'x-forwarded-client-cert': 'URI=spiffe://a.example/b;Subject="CN=b,O=a"' };
 * const request = new Request('http://api.test', { headers });
 * console.log(parseForwardedClientCert(request, clients.resolve(request, '10.0.0.1'))?.uris); // [ 'spiffe://a.example/b' ]
 * ```
 */
export function parseForwardedClientCert(
  { headers }: Request,
  client: Client,
  options: ForwardedClientCertOptions = {},
): ForwardedClientCert | undefined {
  refuseUnknownOptions(ACTION, options, ['isAppended']);
  const isAppended = booleanOption(ACTION, 'isAppended', options.isAppended ?? false);
  const header = client.isProxied ? headers.get('x-forwarded-client-cert') : null;
  if (header === null) return undefined;
  const start = quotedElementStart(header, header.length);
  if (header.length > MAX_LENGTH || (start > 0 && !isAppended)) throw new Refusal('credentials_malformed');
  const values = readValues(trimHttpSpace(header.slice(start)));
  const all = (name: string): readonly string[] => values.get(name) ?? [];
  const [hash] = all('hash');
  const [pem] = all('cert');
  if (hash !== undefined && (hash.length !== 64 || !/^[0-9a-f]+$/.test(hash))) {
    throw new Refusal('credentials_malformed');
  }
  return {
    hash,
    certificate: pem === undefined ? undefined : readPem(pem),
    subject: all('subject')[0],
    uris: all('uri'),
    dnsNames: all('dns'),
    by: all('by'),
  };
}

/** The values of an element by key; Envoy leaves those empty for which the certificate has nothing. */
function readValues(element: string): ReadonlyMap<string, readonly string[]> {
  // A new pattern each time: its `lastIndex` is nobody else's.
  const pairs = readPairs(element, /([a-z]+)=(?:([^\s",;=\\]*)|"((?:[^"\\]|\\.)*)")(?:;|$)/iy);
  if (pairs === undefined || pairs.length === 0) throw new Refusal('credentials_malformed');
  const values = new Map<string, string[]>();
  for (const [name, value] of pairs) {
    const known = values.get(name) ?? [];
    if (values.has(name) && !REPEATABLE.includes(name)) throw new Refusal('credentials_malformed');
    // Only the quote is escaped; other backslashes are those of RFC 2253, and without them `O=a\,CN=admin` would be two parts.
    if (value !== '') known.push(value.replaceAll('\\"', '"'));
    values.set(name, known);
  }
  return values;
}

/** One certificate, and nothing before or behind it. */
function readPem(escaped: string): Uint8Array<ArrayBuffer> {
  let text = '';
  try {
    text = decodeURIComponent(escaped);
  } catch {
    // A percent sign that escapes nothing.
  }
  if (text.endsWith('\n')) text = text.slice(0, -1);
  const isWrapped = text.startsWith(BEGIN) && text.endsWith(END);
  const bytes = isWrapped ? decodeBase64(text.slice(BEGIN.length, -END.length).replaceAll('\n', '')) : undefined;
  if (bytes === undefined || bytes.length === 0) throw new Refusal('credentials_malformed');
  return bytes;
}
