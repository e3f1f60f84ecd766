import { refuseUnknownOptions } from '../core/option.ts';
import { digest } from '../crypto/digest.ts';

/** Options of {@linkcode formatIntegrity}. */
export interface IntegrityOptions {
  /** The hash function. Default: `SHA-384`, the one that browsers and tools agree on. */
  readonly hash?: 'SHA-256' | 'SHA-384' | 'SHA-512';
}

/**
 * Computes the `integrity` of a script or style, so that a host that serves it for you cannot change it. The element also needs
 * `crossorigin`.
 *
 * @param bytes the file exactly as it is served, before any content encoding
 * @param options which hash function
 * @returns the attribute's value, `sha384-…`
 * @throws {TypeError} for an unknown option or hash function, or what is no bytes
 * @see Subresource Integrity
 *
 * @example
 * ```ts
 * import { formatIntegrity } from 'sallyport/headers';
 *
 * const integrity = await formatIntegrity(new TextEncoder().encode('start()'));
 * console.log(`<script src="https://cdn.example/start.js" integrity="${integrity}" crossorigin></script>`);
 * ```
 */
export async function formatIntegrity(
  bytes: Uint8Array<ArrayBuffer>,
  options: IntegrityOptions = {},
): Promise<string> {
  refuseUnknownOptions('format integrity', options, ['hash']);
  const { hash = 'SHA-384' } = options;
  if (!['SHA-256', 'SHA-384', 'SHA-512'].includes(hash)) {
    throw new TypeError('Cannot format integrity: hash must be SHA-256, SHA-384 or SHA-512.');
  }
  const hashed = await digest(hash, bytes);
  return `${hash.toLowerCase().replace('-', '')}-${btoa(String.fromCharCode(...hashed))}`;
}
