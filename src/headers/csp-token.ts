import { decodeBase64 } from '../encoding/base64.ts';

/**
 * One word of a Content Security Policy that stands between quotes. A string in a list is always a host or a scheme, so that neither
 * `self` without its quotes nor `unsafe-inline` with them can slip in.
 */
export interface CspToken {
  /** As it is written, quotes and all. */
  readonly token: string;
}

/** `'self'`: the page's own origin. */
export const self: CspToken = /* @__PURE__ */ word('self');

/** `'none'`: nothing at all; it stands alone. */
export const none: CspToken = /* @__PURE__ */ word('none');

/** The place of the nonce that `format` is given for each response; without one it allows nothing. */
export const nonce: CspToken = /* @__PURE__ */ word('nonce-');

/** `'strict-dynamic'`: what a script with a nonce or hash loads may run too, and hosts count no more. */
export const strictDynamic: CspToken = /* @__PURE__ */ word('strict-dynamic');

/** `'report-sample'`: reports quote the first 40 characters of what was blocked. */
export const reportSample: CspToken = /* @__PURE__ */ word('report-sample');

/** `'trusted-types-eval'`: `eval` of what passed Trusted Types, where the browser enforces them. */
export const trustedTypesEval: CspToken = /* @__PURE__ */ word('trusted-types-eval');

/** `'unsafe-inline'`: whatever an attacker writes into the page runs, which is what a policy is there to prevent. */
export const dangerouslyAllowInline: CspToken = /* @__PURE__ */ word('unsafe-inline');

/** `'unsafe-eval'`: text becomes code. */
export const dangerouslyAllowEval: CspToken = /* @__PURE__ */ word('unsafe-eval');

/** `'unsafe-hashes'`: hashes allow event handlers and style attributes, also those that an attacker moves elsewhere. */
export const dangerouslyAllowUnsafeHashes: CspToken = /* @__PURE__ */ word('unsafe-hashes');

/** `'wasm-unsafe-eval'`: bytes become WebAssembly; text still does not become JavaScript. */
export const dangerouslyAllowWasm: CspToken = /* @__PURE__ */ word('wasm-unsafe-eval');

/**
 * Allows one inline script or style, or a script file with `integrity`, by its SHA-256.
 *
 * @param digest the digest in base64, with its padding
 * @returns a word for `scriptSrc` or `styleSrc`
 * @throws {TypeError} for what is not the base64 of 32 bytes
 * @see CSP Level 3 section 2.3.1 (hash-source)
 *
 * @example
 * ```ts
 * import { createCsp, sha256 } from 'sallyport/headers';
 *
 * const csp = createCsp({ scriptSrc: [sha256('47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=')] });
 * console.log(csp.format({ secure: true })); // script-src 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='
 * ```
 */
export function sha256(digest: string): CspToken {
  return hash('sha256', digest, 32);
}

/**
 * As {@linkcode sha256}, by SHA-384: what `formatIntegrity` computes by default.
 *
 * @param digest the digest in base64, with its padding
 * @returns a word for `scriptSrc` or `styleSrc`
 * @throws {TypeError} for what is not the base64 of 48 bytes
 *
 * @example
 * ```ts
 * import { createCsp, formatIntegrity, sha384 } from 'sallyport/headers';
 *
 * const integrity = await formatIntegrity(new TextEncoder().encode('start()'));
 * console.log(createCsp({ scriptSrc: [sha384(integrity.slice('sha384-'.length))] }).format({ secure: true }));
 * ```
 */
export function sha384(digest: string): CspToken {
  return hash('sha384', digest, 48);
}

/**
 * As {@linkcode sha256}, by SHA-512.
 *
 * @param digest the digest in base64, with its padding
 * @returns a word for `scriptSrc` or `styleSrc`
 * @throws {TypeError} for what is not the base64 of 64 bytes
 *
 * @example
 * ```ts
 * import { createCsp, sha512 } from 'sallyport/headers';
 *
 * console.log(createCsp({ scriptSrc: [sha512(btoa('.'.repeat(64)))] }).format({ secure: true }));
 * ```
 */
export function sha512(digest: string): CspToken {
  return hash('sha512', digest, 64);
}

function word(text: string): CspToken {
  return Object.freeze({ token: `'${text}'` });
}

function hash(algorithm: string, digest: string, bytes: number): CspToken {
  if (typeof digest !== 'string' || decodeBase64(digest)?.length !== bytes) {
    throw new TypeError(`Cannot make CSP hash: ${algorithm} takes the base64 of ${bytes} bytes.`);
  }
  return word(`${algorithm}-${digest}`);
}
