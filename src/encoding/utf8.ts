// `ignoreBOM: true` keeps a byte order mark as U+FEFF, so that the parser behind sees it and refuses it.
const DECODER: TextDecoder = /* @__PURE__ */ new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const ENCODER: TextEncoder = /* @__PURE__ */ new TextEncoder();
/** What is cut into pieces at once, and the most that a text may take of it. */
const PIECE_BYTES = 32_768;
const MAX_SHARED_BYTES = 8192;

/**
 * Encodes text as UTF-8. A lone surrogate becomes U+FFFD, as on every platform; refuse it before where that matters.
 *
 * @param text any text
 * @returns its UTF-8 bytes
 *
 * @example
 * ```ts
 * import { encodeUtf8 } from 'sallyport/encoding';
 *
 * console.log(encodeUtf8('é').length); // 2
 * ```
 */
export function encodeUtf8(text: string): Uint8Array<ArrayBuffer> {
  return ENCODER.encode(text);
}

/**
 * Makes an encoder for many short texts that cuts what it returns from larger pieces of memory: making memory takes longer than encoding.
 * No byte is written twice, so what it has returned stays as it is.
 *
 * @returns a function that does what {@linkcode encodeUtf8} does
 */
export function createUtf8Encoder(): (text: string) => Uint8Array<ArrayBuffer> {
  let piece = new Uint8Array(0);
  let used = 0;
  return (text) => {
    // A UTF-16 unit takes at most three bytes.
    const most = 3 * text.length;
    if (most > MAX_SHARED_BYTES) return encodeUtf8(text);
    if (used + most > piece.length) {
      piece = new Uint8Array(PIECE_BYTES);
      used = 0;
    }
    const start = used;
    used += ENCODER.encodeInto(text, piece.subarray(start)).written;
    return piece.subarray(start, used);
  };
}

/**
 * Decodes UTF-8, refusing invalid sequences where `request.text()` would silently put U+FFFD. A byte order mark is kept.
 *
 * @param bytes what should be UTF-8
 * @returns the text, or undefined when it is not well-formed UTF-8
 * @see RFC 3629
 *
 * @example
 * ```ts
 * import { decodeUtf8 } from 'sallyport/encoding';
 *
 * console.log(decodeUtf8(new Uint8Array([0xc3, 0xa9])), decodeUtf8(new Uint8Array([0xff]))); // é undefined
 * ```
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return DECODER.decode(bytes);
  } catch {
    return undefined;
  }
}
