import { decodeBase64Url } from './base64url.ts';

/**
 * Decodes base64, refusing everything but the one canonical spelling of the bytes, where `atob` skips white space and does not mind missing
 * padding or non-zero trailing bits. To encode, `btoa` does.
 *
 * @param text base64 text with its padding
 * @returns the bytes, or undefined when the text is not canonical base64
 * @see RFC 4648 sections 3.5 and 4
 *
 * @example
 * ```ts
 * import { decodeBase64 } from 'sallyport/encoding';
 *
 * console.log(decodeBase64('/+8='), decodeBase64('/+8')); // Uint8Array [255, 239], undefined
 * ```
 */
export function decodeBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  const { length } = text;
  // The alphabets differ in two letters, so those of the other one must not slip in.
  if (length % 4 !== 0 || text.includes('-') || text.includes('_')) return undefined;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  return decodeBase64Url(text.slice(0, length - padding).replaceAll('+', '-').replaceAll('/', '_'));
}
