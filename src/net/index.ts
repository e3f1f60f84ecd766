/**
 * What a request says about itself, parsed strictly: addresses, networks, the client behind proxies, media types, credentials, bodies.
 *
 * @module
 */
export { formatIp, type IpAddress, parseIp } from './ip.ts';
export { createIpList, type IpList } from './cidr.ts';
export type { Client } from './client.ts';
export {
  type ClientResolver,
  type ClientResolverOptions,
  createClientResolver,
  type ForwardingHeaders,
} from './client-resolver.ts';
export { peerAddress, type PeerSource, workerPeerAddress } from './peer.ts';
export { type Host, parseHost } from './host.ts';
export { parsePath } from './path.ts';
export { createHostCheck, type HostCheck, type HostCheckOptions } from './host-check.ts';
export { createHttpsCheck, type HttpsCheck, type HttpsCheckOptions } from './https-check.ts';
export { type ClientCert, parseClientCert } from './client-cert.ts';
export { type ForwardedClientCert, type ForwardedClientCertOptions, parseForwardedClientCert } from './xfcc.ts';
export { isToken, type MediaType, parseMediaType } from './media-type.ts';
export { type Challenge, type Credentials, formatChallenge, parseAuthorization } from './authorization.ts';
export { type BasicCredentials, parseBasicCredentials } from './basic-credentials.ts';
export { stripIdentityHeaders } from './identity-headers.ts';
export { createIfMatch, formatEtag, type IfMatchOptions, type Precondition } from './if-match.ts';
export { type BodyOptions, checkContentLength, checkJsonType, readBody } from './body.ts';
export { type Origin, parseOrigin } from './origin.ts';
export { formatCookie, formatExpiredCookie, parseCookies, type UnprefixedCookieOptions } from './cookie.ts';
export type { CookieOptions } from './cookie-attribute.ts';
export type { PrefixedCookieName } from './cookie-name.ts';
export { type ContentDispositionOptions, formatContentDisposition } from './content-disposition.ts';
export { formatLink, type LinkOptions } from './link.ts';
export { parseRedirectTarget, type RedirectTargetOptions } from './redirect-target.ts';
export type { BareItem, Dictionary, InnerList, Item, ItemParameters, List } from './structured-field.ts';
export { parseDictionary, parseItem, parseList } from './structured-field-parse.ts';
export { serializeDictionary, serializeItem, serializeList } from './structured-field-serialize.ts';
export {
  deriveTraceparent,
  type DeriveTraceparentOptions,
  formatTraceparent,
  parseTraceparent,
  type Traceparent,
} from './traceparent.ts';
export { formatTracestate, parseTracestate } from './tracestate.ts';
