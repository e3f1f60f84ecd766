const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const INVALID = 255;
const SEXTET_BY_CODE: Uint8Array = /* @__PURE__ */ createSextetTable();

/**
 * Encodes bytes as base64url without padding.
 *
 * @param bytes any bytes
 * @returns text of the alphabet `A-Z a-z 0-9 - _`
 * @see RFC 4648 section 5
 *
 * @example
 * ```ts
 * import { encodeBase64Url } from 'sallyport/encoding';
 *
 * console.log(encodeBase64Url(new Uint8Array([255, 239]))); // _-8
 * ```
 */
export function encodeBase64Url(bytes: Uint8Array): string {
  let text = '';
  let index = 0;
  for (; index + 2 < bytes.length; index += 3) {
    const triple = (at(bytes, index) << 16) | (at(bytes, index + 1) << 8) | at(bytes, index + 2);
    text += letter(triple >> 18) + letter(triple >> 12) + letter(triple >> 6) + letter(triple);
  }
  if (index + 1 === bytes.length) {
    const single = at(bytes, index);
    text += letter(single >> 2) + letter(single << 4);
  } else if (index + 2 === bytes.length) {
    const pair = (at(bytes, index) << 8) | at(bytes, index + 1);
    text += letter(pair >> 10) + letter(pair >> 4) + letter(pair << 2);
  }
  return text;
}

/**
 * Decodes base64url, refusing everything but the one canonical spelling of the bytes: no padding, no white space, no `+` or `/`, no
 * non-zero trailing bits. A lax decoder gives one signature many spellings, and every cache or deny list keyed by the text a hole.
 *
 * @param text base64url text
 * @returns the bytes, or undefined when the text is not canonical base64url
 * @see RFC 4648 sections 3.5 and 5
 *
 * @example
 * ```ts
 * import { decodeBase64Url } from 'sallyport/encoding';
 *
 * console.log(decodeBase64Url('_-8'), decodeBase64Url('_-9')); // Uint8Array [255, 239], undefined
 * ```
 */
export function decodeBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  const bytes = new Uint8Array(decodedLength(text.length));
  return decodeBase64UrlInto(text, bytes) < 0 ? undefined : bytes;
}

/** Returns how many bytes so many characters of base64url stand for; of a length that nothing has, what fits in it. */
export function decodedLength(characters: number): number {
  return Math.floor(characters * 3 / 4);
}

/**
 * As {@linkcode decodeBase64Url}, into memory that is there already: making memory costs more than the decoding.
 *
 * @param text base64url text
 * @param bytes room for {@linkcode decodedLength} bytes
 * @returns how many bytes there are, or -1 when the text is not canonical; what was written then means nothing
 */
export function decodeBase64UrlInto(text: string, bytes: Uint8Array): number {
  const tail = text.length & 3;
  if (tail === 1) return -1;
  const whole = text.length - tail;
  // Valid sextets are below 64, so one OR of everything read tells at the end whether any was not.
  let seen = 0;
  let out = 0;
  for (let index = 0; index < whole; index += 4) {
    const a = sextet(text, index);
    const b = sextet(text, index + 1);
    const c = sextet(text, index + 2);
    const d = sextet(text, index + 3);
    seen |= a | b | c | d;
    bytes[out++] = (a << 2) | (b >> 4);
    bytes[out++] = (b << 4) | (c >> 2);
    bytes[out++] = (c << 6) | d;
  }
  if (tail !== 0) {
    const a = sextet(text, whole);
    const b = sextet(text, whole + 1);
    bytes[out++] = (a << 2) | (b >> 4);
    seen |= a | b;
    if (tail === 2 && (b & 15) !== 0) return -1;
    if (tail === 3) {
      const c = sextet(text, whole + 2);
      bytes[out++] = (b << 4) | (c >> 2);
      seen |= c;
      if ((c & 3) !== 0) return -1;
    }
  }
  return seen > 63 ? -1 : out;
}

function at(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function letter(sextets: number): string {
  return ALPHABET.charAt(sextets & 63);
}

function sextet(text: string, index: number): number {
  // Outside the table (beyond ASCII) is as invalid as a wrong letter inside it.
  return SEXTET_BY_CODE[text.charCodeAt(index)] ?? INVALID;
}

function createSextetTable(): Uint8Array {
  const table = new Uint8Array(128).fill(INVALID);
  for (let value = 0; value < ALPHABET.length; value++) table[ALPHABET.charCodeAt(value)] = value;
  return table;
}
