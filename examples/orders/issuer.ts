/** Stands in for an identity provider: one key, and tokens that live for a quarter of an hour. */
import { exportPublicJwk, generateJwtKeyPair, type Jwk, signJwt } from 'sallyport/jwt';

/** How long a token lives. */
export const TOKEN_SECONDS = 900;

/** What callers of the demo may hold; the last two are made by somebody who has no key. */
export interface Tokens {
  /** Reads: alice. */
  readonly reader: string;
  /** Reads and writes: bob. */
  readonly writer: string;
  /** Reads and writes, and means no good: mallory. */
  readonly mallory: string;
  /** The same, and in a hurry: trudy. */
  readonly trudy: string;
  /** Was alice's. */
  readonly expired: string;
  /** What alice's says, under bob's signature. */
  readonly forged: string;
  /** What alice's says, and a header that says that no signature counts. */
  readonly unsigned: string;
}

/** The issuer. */
export interface Issuer {
  /** Its public key. */
  readonly jwks: { readonly keys: readonly Jwk[] };
  /** Fresh tokens. */
  readonly issueTokens: () => Promise<Tokens>;
}

/**
 * Creates an issuer with a key of its own.
 *
 * @param origin its name, and where the orders are
 */
export async function createIssuer(origin: string): Promise<Issuer> {
  const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'orders-1' });

  function issue(subject: string, scope: string, clock: () => number = Date.now): Promise<string> {
    return signJwt(
      // All that RFC 9068 section 2.2 asks of an access token; `iat` and `exp` come by themselves.
      { iss: origin, aud: `${origin}/orders`, sub: subject, scope, client_id: 'orders-demo' },
      privateKey,
      { type: 'at+jwt', expiresInSeconds: TOKEN_SECONDS, jwtId: crypto.randomUUID(), clock },
    );
  }

  return {
    jwks: { keys: [await exportPublicJwk(publicKey)] },
    async issueTokens() {
      const reader = await issue('alice', 'orders:read');
      const writer = await issue('bob', 'orders:read orders:write');
      return {
        reader,
        writer,
        mallory: await issue('mallory', 'orders:read orders:write'),
        trudy: await issue('trudy', 'orders:read orders:write'),
        expired: await issue('alice', 'orders:read', () => Date.now() - 2 * TOKEN_SECONDS * 1000),
        forged: reader.slice(0, reader.lastIndexOf('.')) + writer.slice(writer.lastIndexOf('.')),
        unsigned: btoa('{"alg":"none","typ":"at+jwt"}').replaceAll('=', '') + reader.slice(reader.indexOf('.')),
      };
    },
  };
}
