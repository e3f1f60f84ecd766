/**
 * What a request says about itself, parsed strictly: addresses, networks, the client behind proxies, media types, credentials, bodies.
 *
 * @module
 */
export { formatIp, type IpAddress, parseIp } from './ip.ts';
export { createIpList, type IpList } from './cidr.ts';
export {
  type Client,
  type ClientResolver,
  type ClientResolverOptions,
  createClientResolver,
  peerAddress,
  type PeerSource,
} from './client.ts';
export { isToken, type MediaType, parseMediaType } from './media-type.ts';
export { type Challenge, type Credentials, formatChallenge, parseAuthorization } from './authorization.ts';
export { type BodyOptions, checkContentLength, checkJsonType, readBody } from './body.ts';
export { type Origin, parseOrigin } from './origin.ts';
