import { sha256 } from '../crypto/digest.ts';
import { encodeBase64Url } from '../encoding/base64url.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { generateVerifier, isVerifier } from './verifier.ts';

/** What a client makes before it sends the user away: it keeps the verifier and sends the other two. */
export interface Pkce {
  /** The secret: sent only with the authorization code, to the token endpoint. */
  readonly verifier: string;
  /** Sent with the authorization request as `code_challenge`. */
  readonly challenge: string;
  /** Sent with the authorization request as `code_challenge_method`. */
  readonly method: 'S256';
}

/**
 * Derives the S256 challenge of a verifier.
 *
 * @param verifier 43 to 128 characters of `A-Z a-z 0-9 - . _ ~`
 * @returns base64url of the verifier's SHA-256, 43 characters
 * @throws {TypeError} when the verifier is anything else; one that came with a request is for `verifyPkce`, which refuses it
 * @see RFC 7636 section 4.2
 *
 * @example
 * ```ts
 * import { deriveChallenge, generateVerifier } from 'sallyport/pkce';
 *
 * console.log((await deriveChallenge(generateVerifier())).length); // 43
 * ```
 */
export async function deriveChallenge(verifier: string): Promise<string> {
  if (!isVerifier(verifier)) {
    throw new TypeError('Cannot derive challenge: the verifier must be 43 to 128 unreserved characters.');
  }
  // Browsers keep it from pages without https. It is tempting to send the verifier itself then; that is `plain`, which protects nobody.
  if (crypto.subtle === undefined) {
    throw new TypeError('Cannot derive challenge: Web Crypto is missing; serve the page over https.');
  }
  return encodeBase64Url(await sha256(encodeUtf8(verifier)));
}

/**
 * Makes a fresh verifier with its challenge, for the client that starts an authorization code flow.
 *
 * It does not replace `state` or `nonce`, which bind the answer to this browser and this sign-in.
 *
 * @returns a frozen triple
 * @see RFC 7636 section 4, RFC 9700 section 2.1.1
 *
 * @example
 * ```ts
 * import { createPkce } from 'sallyport/pkce';
 *
 * const { verifier, challenge, method } = await createPkce();
 * console.log(verifier !== challenge, method); // true S256
 * ```
 */
export async function createPkce(): Promise<Pkce> {
  const verifier = generateVerifier();
  return Object.freeze({ verifier, challenge: await deriveChallenge(verifier), method: 'S256' });
}
