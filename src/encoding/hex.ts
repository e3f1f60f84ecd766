const DIGITS = '0123456789abcdef';

/**
 * Encodes bytes as lower-case hexadecimal.
 *
 * @param bytes any bytes
 * @returns two digits a byte
 * @see RFC 4648 section 8
 *
 * @example
 * ```ts
 * import { encodeHex } from 'sallyport/encoding';
 *
 * console.log(encodeHex(new Uint8Array([0, 255]))); // 00ff
 * ```
 */
export function encodeHex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += DIGITS.charAt(byte >> 4) + DIGITS.charAt(byte & 15);
  return text;
}

/**
 * Decodes hexadecimal in its canonical, lower-case spelling.
 *
 * @param text hexadecimal digits
 * @returns the bytes, or undefined for an odd length, an upper-case digit, white space or anything else
 * @see RFC 4648 section 8
 *
 * @example
 * ```ts
 * import { decodeHex } from 'sallyport/encoding';
 *
 * console.log(decodeHex('00ff'), decodeHex('00FF')); // Uint8Array [0, 255], undefined
 * ```
 */
export function decodeHex(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (text.length % 2 !== 0) return undefined;
  const bytes = new Uint8Array(text.length / 2);
  for (let index = 0; index < bytes.length; index++) {
    const high = DIGITS.indexOf(text.charAt(index * 2));
    const low = DIGITS.indexOf(text.charAt(index * 2 + 1));
    if (high < 0 || low < 0) return undefined;
    bytes[index] = (high << 4) | low;
  }
  return bytes;
}
