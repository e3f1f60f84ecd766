import { freshBytes } from '../crypto/random.ts';

/** No padding that way: three bytes are four characters. */
const BYTES = 18;
/** The base64-value of CSP, long enough for 128 bits. Anything else could end its source, its directive or its header. */
const NONCE = /^[A-Za-z0-9+/_-]{22,128}={0,2}$/;

/**
 * Returns a fresh nonce for one HTML response: put it on its `<script nonce>` tags and pass it to the header policy's `apply`.
 * Never reuse one, cache one with its page, send one with a 304, or take one from a request.
 *
 * @returns 144 random bits as 24 characters of base64
 * @see CSP Level 3 section 7.1 (nonce reuse)
 *
 * @example
 * ```ts
 * import { createHeaderPolicy, createNonce } from 'sallyport/headers';
 *
 * const policy = createHeaderPolicy();
 * const nonce = createNonce();
 * const page = new Response(`<script nonce="${nonce}"></script>`, { headers: { 'content-type': 'text/html' } });
 * console.log(policy.apply(page, { secure: true, nonce }).headers.get('content-security-policy'));
 * ```
 */
export function createNonce(): string {
  return btoa(String.fromCharCode(...freshBytes(BYTES)));
}

/** Tells whether a text can stand in a policy as a nonce. */
export function isNonce(text: string): boolean {
  return NONCE.test(text);
}
