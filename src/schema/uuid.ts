import { createFormat } from './format.ts';
import type { Schema } from './schema.ts';

const LENGTH = 36;
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const NOT_UUID = { code: 'not_uuid', message: 'must be a UUID' };

/**
 * A UUID: 32 hexadecimal digits in groups of 8, 4, 4, 4 and 12.
 *
 * Of every version and variant, the nil and the max UUID too: whoever receives an identifier has nothing to read in it. Letters of both cases are let
 * through as they are, so that two spellings can be one UUID: compare them in lower case. No braces, no `urn:uuid:`. It does not say that the
 * identifier was hard to guess, or that the caller may see what it names.
 *
 * @returns the schema; its issue is `not_uuid`
 * @see RFC 9562 section 4
 *
 * @example
 * ```ts
 * import { parse, uuid } from 'sallyport/schema';
 *
 * console.log(parse(uuid(), 'f81d4fae-7dec-11d0-a765-00a0c91e6bf6').ok); // true
 * ```
 */
export function uuid(): Schema<string> {
  return createFormat({ format: 'uuid', max: LENGTH }, NOT_UUID, (text) => UUID.test(text));
}
