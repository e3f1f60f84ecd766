import { refuseUnknownKeys } from '../core/option.ts';
import { createFormat } from './format.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode base64url}. */
export interface Base64UrlOptions {
  /** The least number of bytes that the text stands for. Default: 0. */
  readonly minBytes?: number;
  /** The greatest number of bytes that the text stands for. Default: 7,500, which are 10,000 characters. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 7500;
const LETTERS = /^[\w-]*$/;
// Those whose bits beyond the last byte are zero: four of them after one letter, two after two.
const LAST_OF_TWO = 'AQgw';
const LAST_OF_THREE = 'AEIMQUYcgkosw048';
const NOT_BASE64URL = { code: 'not_base64url', message: 'must be base64url without padding' };

/**
 * Bytes as base64url, in their one canonical spelling: exactly the texts that `decodeBase64Url` of `sallyport/encoding` decodes.
 *
 * No padding, no white space, no `+` or `/`, no bits left over: two texts that pass are the same bytes only when they are the same text. It lets the text through and does not decode it. A
 * bound on bytes is one on characters, four for three, and is checked first; the issues `too_long` and `too_short` count characters.
 *
 * @param options bounds on the number of bytes
 * @returns the schema; its issue is `not_base64url`
 * @throws {TypeError} on an unknown option
 * @throws {RangeError} when a bound is no whole number, or minBytes is above maxBytes
 * @see RFC 4648 sections 3.5 and 5
 *
 * @example
 * ```ts
 * import { base64url, parse } from 'sallyport/schema';
 *
 * const digest = base64url({ minBytes: 32, maxBytes: 32 });
 * console.log(parse(digest, '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU').ok); // true
 * ```
 */
export function base64url(options: Base64UrlOptions = {}): Schema<string> {
  refuseUnknownKeys('create base64url', options, ['minBytes', 'maxBytes']);
  const minBytes = readBytes(options, 'minBytes', 0, 0);
  const maxBytes = readBytes(options, 'maxBytes', DEFAULT_MAX_BYTES, minBytes);
  const lengths = { min: charactersOf(minBytes), max: charactersOf(maxBytes) };
  return createFormat({ format: 'base64url', ...lengths }, NOT_BASE64URL, (text) => {
    const tail = text.length & 3;
    if (tail === 1 || !LETTERS.test(text)) return false;
    return tail === 0 || (tail === 2 ? LAST_OF_TWO : LAST_OF_THREE).includes(text.slice(-1));
  });
}

function readBytes(options: Base64UrlOptions, name: keyof Base64UrlOptions, standard: number, least: number): number {
  // Own options alone: a polluted Object.prototype must not loosen a bound.
  const value = Object.hasOwn(options, name) ? options[name] : standard;
  if (value === undefined || !Number.isSafeInteger(value) || value < least) {
    throw new RangeError(`Cannot create base64url: ${name} must be a whole number, at least ${least}.`);
  }
  return value;
}

function charactersOf(bytes: number): number {
  return Math.ceil(bytes * 4 / 3);
}
