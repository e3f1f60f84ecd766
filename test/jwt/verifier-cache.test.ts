import { describe, expect, test, vi } from 'vitest';
import { encodeBase64Url } from '../../src/encoding/base64url.ts';
import {
  createJwtVerifier,
  createTokenCache,
  generateJwtKeyPair,
  type JwtKey,
  type JwtVerifierOptions,
  type KeySet,
  type TokenCache,
  type VerifiedJwt,
} from '../../src/jwt/index.ts';
import { int, object, string } from '../../src/schema/index.ts';
import { countVerifications } from './count-verifications.ts';
import { negateS, P256_ORDER } from './ecdsa.ts';
import { CLAIMS, expectations, forge, HEADER, NOW_SECONDS, openDesk, outcome, segment } from './forge.ts';

interface CachedDesk {
  readonly token: string;
  readonly privateKey: JwtKey;
  readonly cache: TokenCache;
  readonly verify: (token: string, proof?: object) => unknown;
  /** Sets the clock. */
  readonly setNow: (seconds: number) => void;
}

/** A verifier with a memory, and one token in it. */
async function openCachedDesk(
  options: Partial<JwtVerifierOptions> = {},
  claims: object = CLAIMS,
): Promise<CachedDesk> {
  const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
  let now = NOW_SECONDS;
  const cache = createTokenCache();
  const verify = createJwtVerifier({ ...expectations(publicKey), clock: () => now * 1000, cache, ...options });
  const token = await forge(privateKey, claims);
  await verify(token);
  return { token, privateKey, cache, verify, setNow: (seconds) => void (now = seconds) };
}

function isPromise(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value;
}

describe('createJwtVerifier() cache', () => {
  test('answers a token that was proved without a promise and without cryptography', async () => {
    const { token, verify } = await openCachedDesk();
    const calls = await countVerifications(async () => {
      const verified = verify(token);
      expect(isPromise(verified)).toBe(false);
      expect(verified).toEqual({ header: HEADER, claims: CLAIMS });
      expect(verify(` ${token}`.slice(1))).toBe(verified);
    });
    expect(calls).toBe(0);
  });

  // Hostile list 45: the whole text is the key, so nothing of a remembered token vouches for another.
  test('does not believe other claims with a remembered signature, nor remembered claims with another', async () => {
    const { token, privateKey, verify } = await openCachedDesk();
    const [header, payload, signature] = token.split('.');
    const forged = segment({ ...CLAIMS, sub: 'root' });
    expect(await outcome(() => verify(`${header}.${forged}.${signature}`))).toBe('jwt_signature_invalid');
    const other = (await forge(privateKey, { ...CLAIMS, sub: 'eve' })).split('.')[2];
    expect(await outcome(() => verify(`${header}.${payload}.${other}`))).toBe('jwt_signature_invalid');
    expect(await outcome(() => verify(`${token}.`))).toBe('jwt_malformed');
    expect(await outcome(() => verify(`${token}=`))).toBe('jwt_malformed');
  });

  test.each([
    ['audience', { audience: 'https://other.test' }, 'jwt_audience_mismatch'],
    ['issuer', { issuer: 'https://other.test' }, 'jwt_issuer_mismatch'],
    ['type', { type: 'other+jwt' }, 'jwt_type_mismatch'],
    ['required claim', { requiredClaims: ['jti'] }, 'jwt_claim_missing'],
  ])('believes nothing that a verifier of another %s put into the same cache', async (_what, options, expected) => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const cache = createTokenCache();
    const verify = createJwtVerifier({ ...expectations(publicKey), cache });
    const strict = createJwtVerifier({ ...expectations(publicKey), cache, ...options });
    const token = await forge(privateKey);
    await verify(token);
    expect(await outcome(() => strict(token))).toBe(expected);
    expect(await outcome(() => verify(token))).toBe('accepted');
  });

  // Hostile list 46.
  test.each([
    ['exp has passed', {}, 60, 'jwt_expired'],
    ['the moment before exp', {}, 59.999, 'accepted'],
    ['nbf lies ahead again, the clock set back', { nbf: NOW_SECONDS - 10 }, -11, 'jwt_not_yet_valid'],
    ['iat lies ahead again, the clock set back', {}, -1, 'jwt_issued_in_future'],
    ['the clock is broken', {}, NaN, 'jwt_expired'],
  ])('judges a remembered token by the time: %s', async (_what, more, passed, expected) => {
    const claims = { ...CLAIMS, ...more };
    const { token, verify, setNow } = await openCachedDesk(
      {},
      'nbf' in more ? { ...claims, iat: NOW_SECONDS - 10 } : claims,
    );
    setNow(NOW_SECONDS + passed);
    expect(await outcome(() => verify(token))).toBe('nbf' in more ? 'jwt_not_yet_valid' : expected);
  });

  test('judges a remembered token by maxAgeSeconds', async () => {
    const { token, verify, setNow } = await openCachedDesk({ maxAgeSeconds: 10 });
    setNow(NOW_SECONDS + 10);
    expect(await outcome(() => verify(token))).toBe('accepted');
    setNow(NOW_SECONDS + 11);
    expect(await outcome(() => verify(token))).toBe('jwt_expired');
  });

  test('verifies again when a key has left the set, and refuses what that key signed', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    let generation: number | undefined = 1;
    let listed: readonly JwtKey[] = [publicKey];
    const keys: KeySet = { find: () => listed, generation: () => generation };
    const verify = createJwtVerifier({ ...expectations(publicKey), keys, cache: createTokenCache() });
    const token = await forge(privateKey);
    await verify(token);
    expect(isPromise(verify(token))).toBe(false);
    generation = 2;
    expect(await countVerifications(async () => await verify(token))).toBe(1);
    expect(isPromise(verify(token))).toBe(false);
    listed = [];
    generation = 3;
    expect(await outcome(() => verify(token))).toBe('jwt_key_not_found');
  });

  test('believes no remembered token while the set believes no key', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    let generation: number | undefined = 1;
    const find = vi.fn(() => [publicKey]);
    const verify = createJwtVerifier({
      ...expectations(publicKey),
      keys: { find, generation: () => generation },
      cache: createTokenCache(),
    });
    const token = await forge(privateKey);
    await verify(token);
    generation = undefined;
    await verify(token);
    await verify(token);
    expect(find).toHaveBeenCalledTimes(3);
  });

  // The key leaves while its signature is being verified: what was proved with it must not outlive it.
  test('does not remember a token beyond a key that left during its verification', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    let generation = 1;
    const find = vi.fn((): Promise<readonly JwtKey[]> => {
      const answer = Promise.resolve([publicKey]);
      generation = 2;
      return answer;
    });
    const verify = createJwtVerifier({
      ...expectations(publicKey),
      keys: { find, generation: () => generation },
      cache: createTokenCache(),
    });
    const token = await forge(privateKey);
    await verify(token);
    await verify(token);
    expect(find).toHaveBeenCalledTimes(2);
  });

  test('asks isRevoked on every hit, and waits for it only where it makes one wait', async () => {
    const revoked = new Set<unknown>();
    const { token, verify } = await openCachedDesk({ isRevoked: ({ claims }) => revoked.has(claims.sub) });
    expect(isPromise(verify(token))).toBe(false);
    revoked.add('ada');
    expect(() => verify(token)).toThrow('jwt_revoked');
    revoked.clear();
    expect(await outcome(() => verify(token))).toBe('accepted');
    const late = await openCachedDesk({ isRevoked: () => Promise.resolve(revoked.size > 0) });
    revoked.add('ada');
    expect(await outcome(() => late.verify(late.token))).toBe('jwt_revoked');
  });

  // FIPS 186-4: (r, n - s) is a second signature of the same token, and so a second text of it. Who revokes texts revokes half of it.
  test('refuses a token whose jti is revoked in either of its spellings', async () => {
    const revoked = new Set<unknown>();
    const claims = { ...CLAIMS, jti: 'dbe39bf3' };
    const { token, verify } = await openCachedDesk({ isRevoked: ({ claims: { jti } }) => revoked.has(jti) }, claims);
    const twin = negateS(token, P256_ORDER);
    expect(isPromise(verify(token))).toBe(false);
    expect(await outcome(() => verify(twin))).toBe('accepted');
    expect(isPromise(verify(twin))).toBe(false);
    revoked.add('dbe39bf3');
    for (const spelling of [token, twin]) expect(await outcome(() => verify(spelling))).toBe('jwt_revoked');
  });

  // A map hashes the whole of a text that is asked of it: the cap comes first, or megabytes cost what they weigh.
  test('does not ask the cache about what is longer than maxTokenLength', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const { bytes, entries, clear, set, get: find } = createTokenCache();
    const get = vi.fn(find);
    const verify = createJwtVerifier({
      ...expectations(publicKey),
      cache: { bytes, entries, clear, set, get },
    });
    expect(await outcome(() => verify('e'.repeat(8193)))).toBe('jwt_too_large');
    expect(get).toHaveBeenCalledTimes(0);
    expect(await outcome(async () => verify(await forge(privateKey)))).toBe('accepted');
    expect(get).toHaveBeenCalledTimes(1);
  });

  test('asks for the proof that a token is bound to on every hit', async () => {
    const jkt = 'k'.repeat(43);
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const verify = createJwtVerifier({ ...expectations(publicKey), cache: createTokenCache() });
    const token = await forge(privateKey, { ...CLAIMS, cnf: { jkt } });
    await verify(token, { dpopThumbprint: jkt });
    expect(isPromise(verify(token, { dpopThumbprint: jkt }))).toBe(false);
    expect(await outcome(() => verify(token))).toBe('jwt_confirmation_mismatch');
    expect(await outcome(() => verify(token, { dpopThumbprint: 'x'.repeat(43) }))).toBe('jwt_confirmation_mismatch');
  });

  test('remembers no failure', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const stranger = await generateJwtKeyPair('ES256', { keyId: 'one' });
    let revoked = true;
    const cache = createTokenCache();
    const verify = createJwtVerifier({ ...expectations(publicKey), cache, isRevoked: () => revoked });
    const tokens = [
      await forge(stranger.privateKey),
      await forge(privateKey, { ...CLAIMS, exp: NOW_SECONDS }),
      await forge(privateKey, { ...CLAIMS, cnf: { jkt: 'k'.repeat(43) } }),
      await forge(privateKey),
      'x',
    ];
    for (const token of tokens) expect(await outcome(() => verify(token))).not.toBe('accepted');
    expect(cache.entries).toBe(0);
    revoked = false;
    expect(await outcome(() => verify(tokens[3] ?? ''))).toBe('accepted');
    expect(cache.entries).toBe(1);
  });

  // Hostile list 48, in small; the bench does it a million times.
  test('keeps its good entry through a flood of bad tokens', async () => {
    const { token, cache, verify } = await openCachedDesk();
    const [header, payload] = token.split('.');
    for (let index = 0; index < 300; index++) {
      const signature = new Uint8Array(64).fill(1);
      signature[0] = index;
      const bad = index % 3 === 0 ? `${header}.${payload}.${encodeBase64Url(signature)}` : `${token}${index}`;
      expect(await outcome(() => verify(bad))).not.toBe('accepted');
    }
    expect([cache.entries, isPromise(verify(token))]).toEqual([1, false]);
  });

  // Hostile list 47.
  test('hands the same frozen claims to everybody', async () => {
    const { token, verify } = await openCachedDesk({}, { ...CLAIMS, roles: [{ name: 'reader' }] });
    const first = verify(token) as VerifiedJwt; // the cast: a hit is no promise, as another test shows
    const [role] = first.claims['roles'] as unknown as readonly object[]; // the cast: as it was signed
    expect(() => Object.assign(role ?? {}, { name: 'admin' })).toThrow(TypeError);
    expect(verify(token)).toEqual({ header: HEADER, claims: { ...CLAIMS, roles: [{ name: 'reader' }] } });
  });

  test('remembers what a schema made of the claims, frozen', async () => {
    const { publicKey, privateKey } = await openDesk();
    const cache = createTokenCache();
    const claims = object({ iss: string(), aud: string(), sub: string(), iat: int(), exp: int() });
    const verify = createJwtVerifier({ ...expectations(publicKey), claims, cache });
    const token = await forge(privateKey);
    await verify(token);
    const hit = verify(token);
    expect(hit).toEqual({ header: HEADER, claims: CLAIMS });
    expect('claims' in hit && Object.isFrozen(hit.claims)).toBe(true);
  });

  // A Date can be set whatever is frozen: shared, it would let one handler change the next one's claims.
  test('does not remember a token whose schema makes what cannot be frozen', async () => {
    const { publicKey, privateKey } = await openDesk();
    const cache = createTokenCache();
    const claims = {
      '~standard': { version: 1, vendor: 'test', validate: () => ({ value: { since: new Date(0) } }) },
    } as const;
    const verify = createJwtVerifier({ ...expectations(publicKey), claims, cache });
    expect((await verify(await forge(privateKey))).claims.since.getTime()).toBe(0);
    expect(cache.entries).toBe(0);
  });

  test('needs a key set that tells its generation', async () => {
    const { publicKey } = await openDesk();
    const keys: KeySet = { find: () => [publicKey] };
    expect(() => createJwtVerifier({ ...expectations(publicKey), keys, cache: createTokenCache() })).toThrow(TypeError);
  });

  test.each([[{}], [new Map()], [true], [null], [{ get: () => undefined }]])('refuses %j as a cache', async (cache) => {
    const { publicKey } = await openDesk();
    // The cast is the mistake: a JavaScript caller's.
    const options = { ...expectations(publicKey), cache: cache as unknown as TokenCache };
    expect(() => createJwtVerifier(options)).toThrow(TypeError);
  });
});
