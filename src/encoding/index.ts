/**
 * Strict encodings: canonical base64url, base64 and hex, fatal UTF-8, bounded JSON.
 *
 * @module
 */
export { decodeBase64 } from './base64.ts';
export { decodeBase64Url, encodeBase64Url } from './base64url.ts';
export { decodeHex, encodeHex } from './hex.ts';
export { decodeUtf8, encodeUtf8 } from './utf8.ts';
export { type JsonLimits, type JsonValue, parseJson } from './json.ts';
