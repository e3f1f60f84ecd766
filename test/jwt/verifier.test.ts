import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { algorithmRow } from '../../src/jwt/algorithm.ts';
import {
  createJwtVerifier,
  generateJwtKeyPair,
  importJwk,
  type JwtKey,
  type KeySet,
  verifyJwt,
} from '../../src/jwt/index.ts';
import { splitJwt } from '../../src/jwt/parse.ts';
import { proveSignature } from '../../src/jwt/prove.ts';
import { decodeBase64Url, encodeBase64Url } from '../../src/encoding/base64url.ts';
import { decodeHex, encodeHex } from '../../src/encoding/hex.ts';
import * as a3 from '../vectors/rfc7515-a3.ts';
import { CLAIMS, expectations, forge, HEADER, NOW_SECONDS, openDesk, outcome, segment } from './forge.ts';
import { MALFORMED_TOKENS } from './malformed.ts';

/** The order of P-256's group, and the prime of its field. */
const N = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551');
const P = BigInt('0xffffffff00000001000000000000000000000000ffffffffffffffffffffffff');

function half(value: bigint): Uint8Array {
  return decodeHex(value.toString(16).padStart(64, '0')) ?? new Uint8Array(0);
}

function withSignature(token: string, ...parts: readonly Uint8Array[]): string {
  return `${token.slice(0, token.lastIndexOf('.') + 1)}${
    encodeBase64Url(Uint8Array.from(parts.flatMap((part) => [...part])))
  }`;
}

function signatureOf(token: string): Uint8Array {
  return decodeBase64Url(token.slice(token.lastIndexOf('.') + 1)) ?? new Uint8Array(0);
}

/** A set that counts who asks, so that a test can tell that no key was touched. */
function countingSet(...keys: readonly JwtKey[]): KeySet & { readonly find: ReturnType<typeof vi.fn> } {
  return { find: vi.fn(() => keys) };
}

describe('createJwtVerifier() options', () => {
  test.each([
    ['issuer', undefined],
    ['issuer', ''],
    ['issuer', ['https://id.test']],
    ['issuer', /id/],
    ['audience', undefined],
    ['audience', ''],
    ['audience', []],
    ['audience', ['a', 'a']],
    ['audience', /api/g],
    ['algorithms', undefined],
    ['algorithms', []],
    ['algorithms', ['none']],
    ['algorithms', ['es256']],
    ['algorithms', ['ES256', 'constructor']],
    ['audience', [/api/]],
    ['type', undefined],
    ['type', ''],
    ['type', /at/],
    ['keys', undefined],
    ['keys', []],
    ['keys', 'secret'],
    ['keys', [{}]],
    ['requiredClaims', 'sub'],
    ['requiredClaims', ['']],
    ['clock', 1],
    ['dangerouslyAllowMissingExpiry', 'false'],
    ['maxTokenAge', 1],
    ['clockTolerance', 5],
  ])('refuses %s %j', async (name, value) => {
    const { publicKey } = await generateJwtKeyPair('ES256');
    expect(() => createJwtVerifier({ ...expectations(publicKey), [name]: value })).toThrow(TypeError);
  });

  test.each([
    ['clockToleranceSeconds', -1],
    ['clockToleranceSeconds', NaN],
    ['clockToleranceSeconds', Infinity],
    ['clockToleranceSeconds', 301],
    ['clockToleranceSeconds', '5'],
    ['maxAgeSeconds', 0],
    ['maxAgeSeconds', NaN],
    ['maxTokenLength', 0],
    ['maxTokenLength', Infinity],
  ])('refuses %s %j', async (name, value) => {
    const { publicKey } = await generateJwtKeyPair('ES256');
    expect(() => createJwtVerifier({ ...expectations(publicKey), [name]: value })).toThrow(RangeError);
  });

  test('refuses a private key', async () => {
    const { privateKey } = await generateJwtKeyPair('ES256');
    expect(() => createJwtVerifier(expectations(privateKey))).toThrow(TypeError);
  });

  test('are copied: changing them afterwards changes nothing', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const audience = ['https://api.test'];
    const options = { ...expectations(publicKey), audience };
    const verify = createJwtVerifier(options);
    audience[0] = 'https://evil.test';
    options.issuer = 'https://evil.test';
    expect(await outcome(async () => verify(await forge(privateKey)))).toBe('accepted');
    expect(Object.isFrozen(verify)).toBe(true);
  });
});

describe('createJwtVerifier() signature', () => {
  test('accepts a good token', async () => {
    const { verify, privateKey } = await openDesk();
    expect(await verify(await forge(privateKey))).toEqual({ header: HEADER, claims: CLAIMS });
  });

  test('accepts the signature of RFC 7515 A.3', async () => {
    const key = await importJwk(a3.PUBLIC_JWK, { algorithm: 'ES256' });
    await proveSignature(splitJwt(a3.TOKEN, 8192), algorithmRow('ES256'), [key]);
  });

  test('refuses the signature of RFC 7515 A.3 over other bytes', async () => {
    const key = await importJwk(a3.PUBLIC_JWK, { algorithm: 'ES256' });
    const parts = { ...splitJwt(a3.TOKEN, 8192), signed: `${a3.HEADER}.${a3.PAYLOAD}A` };
    expect(await outcome(() => proveSignature(parts, algorithmRow('ES256'), [key]))).toBe('jwt_signature_invalid');
  });

  test('refuses a token of another key', async () => {
    const { verify } = await openDesk();
    const other = await generateJwtKeyPair('ES256');
    expect(await outcome(async () => verify(await forge(other.privateKey)))).toBe('jwt_signature_invalid');
  });

  test('refuses any changed byte of a token', async () => {
    const { verify, privateKey } = await openDesk();
    const token = await forge(privateKey);
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: token.length - 1 }), fc.integer({ min: 1, max: 127 }), async (index, flip) => {
        const changed = token.slice(0, index) + String.fromCharCode(token.charCodeAt(index) ^ flip) +
          token.slice(index + 1);
        expect(await outcome(() => verify(changed))).not.toBe('accepted');
      }),
    );
  });

  // CVE-2022-21449, "psychic signatures", and every other number that ECDSA does not allow.
  test.each([
    ['r = 0, s = 0', 0n, 0n],
    ['r = 0', 0n, 1n],
    ['s = 0', 1n, 0n],
    ['r = n', N, 1n],
    ['s = n', 1n, N],
    ['r = n, s = n', N, N],
    ['r = n + 1', N + 1n, 1n],
    ['s = n + 1', 1n, N + 1n],
    ['r = p', P, 1n],
    ['s = p', 1n, P],
    ['r = p - n', P - N, 1n],
    ['r = s = 1', 1n, 1n],
    ['all ones', 2n ** 256n - 1n, 2n ** 256n - 1n],
  ])('refuses %s', async (_what, r, s) => {
    const { verify, privateKey } = await openDesk();
    const token = await forge(privateKey);
    expect(await outcome(() => verify(withSignature(token, half(r), half(s))))).toBe('jwt_signature_invalid');
  });

  // The specification allows both; whoever remembers tokens must not do so by signature or text.
  test('accepts the other signature (r, n - s) of the same token', async () => {
    const { verify, privateKey } = await openDesk();
    const token = await forge(privateKey);
    const signature = signatureOf(token);
    const s = BigInt(`0x${encodeHex(signature.slice(32))}`);
    expect(await outcome(() => verify(withSignature(token, signature.slice(0, 32), half(N - s))))).toBe('accepted');
  });

  // RFC 7518 section 3.4: 64 bytes, and no DER as OpenSSL and Java write it.
  test('refuses a signature in DER, of 63, 65 or 128 bytes, or led by a zero', async () => {
    const { verify, privateKey } = await openDesk();
    const token = await forge(privateKey);
    const whole = signatureOf(token);
    const [r, s] = [whole.slice(0, 32), whole.slice(32)];
    const integer = (bytes: Uint8Array): number[] => [2, 33, 0, ...bytes];
    const der = Uint8Array.from([0x30, 70, ...integer(r), ...integer(s)]);
    const zero = new Uint8Array(1);
    for (
      const parts of [[der], [whole.slice(1)], [whole.slice(0, 63)], [whole, zero], [zero, whole], [zero, r, zero, s], [
        whole,
        whole,
      ]]
    ) {
      expect(await outcome(() => verify(withSignature(token, ...parts)))).toBe('jwt_signature_invalid');
    }
  });

  test('tries at most 3 keys of a set that offers more', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const others = await Promise.all([1, 2, 3].map(async () => (await generateJwtKeyPair('ES256')).publicKey));
    const third = createJwtVerifier({ ...expectations(), keys: countingSet(...others.slice(0, 2), publicKey) });
    const fourth = createJwtVerifier({ ...expectations(), keys: countingSet(...others, publicKey) });
    const token = await forge(privateKey);
    expect(await outcome(() => third(token))).toBe('accepted');
    expect(await outcome(() => fourth(token))).toBe('jwt_signature_invalid');
  });

  // RFC 8725 section 3.1: a set of somebody's own that answers with a key of another algorithm.
  test('uses no key for an algorithm that the key is not bound to', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    const foreign = { ...publicKey, algorithm: 'RS256' } as unknown as JwtKey; // a type that exists in JavaScript only
    const verify = createJwtVerifier({ ...expectations(), keys: countingSet(foreign) });
    expect(await outcome(async () => verify(await forge(privateKey)))).toBe('jwt_key_not_found');
  });
});

describe('createJwtVerifier() header', () => {
  test.each(MALFORMED_TOKENS)('refuses %s before it asks for a key', async (_what, token) => {
    const keys = countingSet();
    const verify = createJwtVerifier({ ...expectations(), keys });
    // The cast is the attack: tokens come from outside of the type system.
    expect(await outcome(() => verify(token as string))).toBe('jwt_malformed');
    expect(keys.find).not.toHaveBeenCalled();
  });

  // RFC 8725 section 2.1; the spellings are those that got past case-sensitive checks elsewhere.
  test.each([
    'none',
    'None',
    'nOnE',
    'NONE',
    '',
    'HS256',
    'RS256',
    'PS256',
    'ES384',
    'ES256K',
    'EdDSA',
    'es256',
    'ES256 ',
    'constructor',
    '__proto__',
  ])(
    'refuses alg %j before it asks for a key',
    async (alg) => {
      const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
      const keys = countingSet(publicKey);
      const verify = createJwtVerifier({ ...expectations(), keys });
      const token = await forge(privateKey, CLAIMS, { ...HEADER, alg });
      expect(await outcome(() => verify(token))).toBe('jwt_algorithm_not_allowed');
      expect(keys.find).not.toHaveBeenCalled();
    },
  );

  // RFC 7515 appendix A.5: an unsecured token has an empty signature.
  test('refuses alg none with an empty signature', async () => {
    const { verify } = await openDesk();
    expect(await outcome(() => verify(`${segment({ ...HEADER, alg: 'none' })}.${segment(CLAIMS)}.`))).toBe(
      'jwt_malformed',
    );
  });

  // RFC 8725 section 2.1, algorithm confusion: an HMAC keyed with the text of our own public key.
  test('refuses an HMAC made with the public key', async () => {
    const { verify, publicKey } = await openDesk();
    const jwk = JSON.stringify(await crypto.subtle.exportKey('jwk', publicKey.cryptoKey));
    const secret = await crypto.subtle.importKey(
      'raw',
      new TextEncoder().encode(jwk),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['sign'],
    );
    const signed = `${segment({ ...HEADER, alg: 'HS256' })}.${segment(CLAIMS)}`;
    const mac = new Uint8Array(await crypto.subtle.sign('HMAC', secret, new TextEncoder().encode(signed)));
    expect(await outcome(() => verify(`${signed}.${encodeBase64Url(mac)}`))).toBe('jwt_algorithm_not_allowed');
  });

  // RFC 7515 section 4.1.11; b64: RFC 7797 section 7.
  test.each([
    ['an unknown crit', { crit: ['urn:x'], 'urn:x': true }],
    ['a crit that is listed but absent', { crit: ['urn:x'] }],
    ['an empty crit', { crit: [] }],
    ['a null crit', { crit: null }],
    ['a crit that is a string', { crit: 'exp' }],
    ['a crit that names a registered header', { crit: ['alg'] }],
    ['a crit that names one twice', { crit: ['exp', 'exp'], exp: 1 }],
    ['b64 false with crit', { crit: ['b64'], b64: false }],
    ['b64 false without crit', { b64: false }],
    ['b64 true', { b64: true }],
  ])('refuses %s', async (_what, members) => {
    const { verify, privateKey } = await openDesk();
    const token = await forge(privateKey, CLAIMS, { ...HEADER, ...members });
    expect(await outcome(() => verify(token))).toBe('jwt_critical_header_unsupported');
  });

  // `await verify(token)` that answers nothing would read as a token that was proved.
  test('does not answer nothing where a key set answers a thenable that does', async () => {
    const { publicKey } = await openDesk();
    const { privateKey: stranger } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const then = (resolve: (keys: readonly JwtKey[]) => void): void => {
      setTimeout(() => resolve([publicKey]), 1);
    };
    const find = (): never => ({ then }) as never;
    const verify = createJwtVerifier({ ...expectations(), keys: { find } });
    const token = await forge(stranger);
    expect(await outcome(async () => await verify(token))).toBe('jwt_signature_invalid');
  });

  // CVE-2018-0114 and its like: the attacker brings the key.
  test('uses no key that a header brings or points at', async () => {
    const { verify } = await openDesk();
    const attacker = await generateJwtKeyPair('ES256');
    const jwk = await crypto.subtle.exportKey('jwk', attacker.publicKey.cryptoKey);
    const fetched = vi.spyOn(globalThis, 'fetch');
    const header = { ...HEADER, jwk, jku: 'https://evil.test/jwks', x5u: 'https://evil.test/cert', x5c: ['MIIB'] };
    expect(await outcome(async () => verify(await forge(attacker.privateKey, CLAIMS, header)))).toBe(
      'jwt_signature_invalid',
    );
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  test.each(['at+jwt', 'AT+JWT', 'At+Jwt', 'application/at+jwt', 'Application/AT+JWT'])(
    'accepts typ %j for at+jwt',
    async (typ) => {
      const { verify, privateKey } = await openDesk();
      expect(await outcome(async () => verify(await forge(privateKey, CLAIMS, { ...HEADER, typ })))).toBe('accepted');
    },
  );

  test('accepts a token when its own type option carries application/ and capitals', async () => {
    const { verify, privateKey } = await openDesk({ type: 'application/AT+jwt' });
    expect(await outcome(async () => verify(await forge(privateKey)))).toBe('accepted');
  });

  // RFC 8725 section 3.11: one kind of token must not pass for another.
  test.each([
    ['JWT'],
    ['logout+jwt'],
    ['dpop+jwt'],
    ['secevent+jwt'],
    ['at'],
    ['at+jwt '],
    ['text/at+jwt'],
    ['application/application/at+jwt'],
    ['application/x/at+jwt'],
    [''],
  ])('refuses typ %j for at+jwt', async (typ) => {
    const { verify, privateKey } = await openDesk();
    expect(await outcome(async () => verify(await forge(privateKey, CLAIMS, { ...HEADER, typ })))).toBe(
      'jwt_type_mismatch',
    );
  });

  test('refuses a token without typ', async () => {
    const { verify, privateKey } = await openDesk();
    const token = await forge(privateKey, CLAIMS, { alg: 'ES256', kid: 'one' });
    expect(await outcome(() => verify(token))).toBe('jwt_type_mismatch');
  });

  test('refuses a signature of the wrong length before it asks for a key', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const keys = countingSet(publicKey);
    const verify = createJwtVerifier({ ...expectations(), keys });
    const token = withSignature(await forge(privateKey), new Uint8Array(32));
    expect(await outcome(() => verify(token))).toBe('jwt_signature_invalid');
    expect(keys.find).not.toHaveBeenCalled();
  });

  test.each(['two', '', '../../dev/null', "' OR 1=1 --", '__proto__', 'constructor', 'k'.repeat(256)])(
    'refuses the unknown kid %j',
    async (kid) => {
      const { verify, privateKey } = await openDesk();
      expect(await outcome(async () => verify(await forge(privateKey, CLAIMS, { ...HEADER, kid })))).toBe(
        'jwt_key_not_found',
      );
    },
  );

  test('accepts a token without kid', async () => {
    const { verify, privateKey } = await openDesk();
    expect(await outcome(async () => verify(await forge(privateKey, CLAIMS, { alg: 'ES256', typ: 'at+jwt' })))).toBe(
      'accepted',
    );
  });

  test('refuses a token longer than maxTokenLength', async () => {
    const { privateKey, publicKey } = await openDesk();
    const token = await forge(privateKey);
    const verify = (maxTokenLength: number): unknown =>
      createJwtVerifier({ ...expectations(publicKey), maxTokenLength })(token);
    expect(await outcome(() => verify(token.length))).toBe('accepted');
    expect(await outcome(() => verify(token.length - 1))).toBe('jwt_too_large');
  });

  test('reads a token that is longer than its memory, where maxTokenLength lets it in', async () => {
    const { privateKey, publicKey } = await openDesk();
    const scope = 'orders:read '.repeat(2000);
    const token = await forge(privateKey, { ...CLAIMS, scope });
    const { claims } = await createJwtVerifier({ ...expectations(publicKey), maxTokenLength: 50_000 })(token);
    expect(claims['scope']).toBe(scope);
  });

  test.each([['two million dots', '.'], ['a million letters', 'e']])(
    'refuses %s before it looks at one of them',
    async (_what, letter) => {
      const { verify } = await openDesk();
      expect(await outcome(() => verify(letter.repeat(2_000_000)))).toBe('jwt_too_large');
    },
  );
});

describe('createJwtVerifier() order', () => {
  test('refuses a forged token by its signature, whatever its claims', async () => {
    const { verify } = await openDesk();
    const other = await generateJwtKeyPair('ES256');
    for (const claims of [{}, { ...CLAIMS, exp: 0 }, { ...CLAIMS, iss: 'https://evil.test' }, { ...CLAIMS, aud: 1 }]) {
      expect(await outcome(async () => verify(await forge(other.privateKey, claims)))).toBe('jwt_signature_invalid');
    }
  });

  test('refuses malformed claims before a bad signature', async () => {
    const { verify } = await openDesk();
    const other = await generateJwtKeyPair('ES256');
    expect(await outcome(async () => verify(await forge(other.privateKey, 'null')))).toBe('jwt_malformed');
  });
});

describe('createJwtVerifier() result', () => {
  test('is frozen all the way down', async () => {
    const { verify, privateKey } = await openDesk();
    const verified = await verify(await forge(privateKey, { ...CLAIMS, roles: [{ name: 'reader' }] }));
    expect([verified, verified.header, verified.claims, verified.claims['roles']].every(Object.isFrozen)).toBe(true);
    expect(() => Reflect.set(verified.claims, 'sub', 'eve')).not.toThrow();
    expect(verified.claims.sub).toBe('ada');
  });

  test('reads no claim and no header member from a polluted prototype', async () => {
    const { verify, privateKey } = await openDesk();
    const keys = countingSet();
    const asks = createJwtVerifier({ ...expectations(), keys });
    const { exp: _exp, ...rest } = CLAIMS;
    const token = await forge(privateKey, rest, { alg: 'ES256', kid: 'one' });
    const typed = await forge(privateKey, rest);
    const nameless = await forge(privateKey, CLAIMS, { alg: 'ES256', typ: 'at+jwt' });
    try {
      Object.assign(Object.prototype, { exp: NOW_SECONDS + 60, typ: 'at+jwt', kid: 'two' });
      expect(await outcome(() => verify(token))).toBe('jwt_type_mismatch');
      expect(await outcome(() => verify(typed))).toBe('jwt_claim_missing');
      expect(await outcome(() => asks(nameless))).toBe('jwt_key_not_found');
    } finally {
      for (const name of ['exp', 'typ', 'kid']) Reflect.deleteProperty(Object.prototype, name);
    }
    // A kid that no token holds would choose the key.
    expect(keys.find.mock.calls).toEqual([['ES256', undefined]]);
  });

  // verifyJwt() reads its options on each call, long after somebody's careless merge.
  test('believes no token without exp because every object allows it', async () => {
    const { publicKey, privateKey } = await openDesk();
    const { exp: _exp, ...rest } = CLAIMS;
    const token = await forge(privateKey, rest);
    let proved: unknown;
    Object.defineProperty(Object.prototype, 'dangerouslyAllowMissingExpiry', { value: true, configurable: true });
    try {
      proved = await verifyJwt(token, expectations(publicKey)).catch(() => 'refused');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'dangerouslyAllowMissingExpiry');
    }
    expect(proved).toBe('refused');
  });

  test('says nothing of the token in any refusal', async () => {
    const { verify, privateKey } = await openDesk();
    const secret = 's3cr3t-in-the-token';
    const tokens = [
      await forge(privateKey, { ...CLAIMS, exp: secret }),
      await forge(privateKey, { ...CLAIMS, iss: secret }),
      await forge(privateKey, { ...CLAIMS, aud: secret }),
      await forge(privateKey, CLAIMS, { ...HEADER, kid: secret }),
      await forge(privateKey, CLAIMS, { ...HEADER, typ: secret }),
      await forge(privateKey, CLAIMS, { ...HEADER, alg: secret }),
      await forge(privateKey, `{"${secret}":`),
      await forge(privateKey, CLAIMS, `{"${secret}":`),
      secret,
    ];
    for (const token of tokens) {
      const error = await (async (): Promise<unknown> => await verify(token))().catch((caught: unknown) => caught);
      const said = [error, error instanceof Error ? error.cause : ''].map((one) =>
        `${one} ${JSON.stringify(one)} ${one instanceof Error ? one.message : ''}`
      );
      expect(said.join()).not.toContain(secret);
      expect(said.join()).not.toContain(token.slice(-20));
    }
  });
});

describe('verifyJwt()', () => {
  test('resolves with what was proved', async () => {
    const { publicKey, privateKey } = await openDesk();
    expect((await verifyJwt(await forge(privateKey), expectations(publicKey))).claims.sub).toBe('ada');
  });

  test('rejects, and never throws at once', async () => {
    const { publicKey } = await openDesk();
    await expect(verifyJwt('x', expectations(publicKey))).rejects.toMatchObject({ code: 'jwt_malformed' });
  });
});
