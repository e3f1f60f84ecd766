import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import {
  createJwtVerifier,
  exportPublicJwk,
  generateJwtKeyPair,
  parseJwt,
  signJwt,
  type SignJwtOptions,
  type UnsignedClaims,
} from '../../src/jwt/index.ts';
import { CLAIMS, expectations, NOW_SECONDS, openDesk } from './forge.ts';

const OPTIONS: SignJwtOptions = { type: 'at+jwt', expiresInSeconds: 60, clock: (): number => NOW_SECONDS * 1000 + 999 };
const SUBJECT = { iss: CLAIMS.iss, aud: CLAIMS.aud, sub: 'ada' };

async function sign(claims: unknown, options: object = {}): Promise<string> {
  const { privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
  // The cast is the mistake that is tested.
  return await signJwt(claims as UnsignedClaims, privateKey, { ...OPTIONS, ...options });
}

describe('signJwt()', () => {
  test('writes alg, typ and kid, and dates the claims', async () => {
    expect(parseJwt(await sign(SUBJECT))).toEqual({
      header: { alg: 'ES256', typ: 'at+jwt', kid: 'one' },
      claims: { ...SUBJECT, iat: NOW_SECONDS, exp: NOW_SECONDS + 60 },
    });
  });

  test('writes nbf, jti and another kid where asked', async () => {
    const { header, claims } = parseJwt(await sign(SUBJECT, { notBefore: NOW_SECONDS + 5, jwtId: 'j', keyId: 'two' }));
    expect([header.kid, claims['nbf'], claims['jti']]).toEqual(['two', NOW_SECONDS + 5, 'j']);
  });

  test('makes what a plain Web Crypto verification accepts', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    const token = await signJwt(SUBJECT, privateKey, OPTIONS);
    const dot = token.lastIndexOf('.');
    const base64 = token.slice(dot + 1).replaceAll('-', '+').replaceAll('_', '/');
    const signature = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
    const { alg: _alg, use: _use, ...jwk } = await exportPublicJwk(publicKey);
    const curve = { name: 'ECDSA', namedCurve: 'P-256' };
    // Plain JSON, for the platform's own type.
    const key = await crypto.subtle.importKey('jwk', JSON.parse(JSON.stringify(jwk)), curve, false, ['verify']);
    const params = { name: 'ECDSA', hash: 'SHA-256' };
    expect(await crypto.subtle.verify(params, key, signature, encodeUtf8(token.slice(0, dot)))).toBe(true);
  });

  test('is undone by a verifier for any JSON claims', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    const verify = createJwtVerifier({ ...expectations(publicKey), maxTokenLength: 1_000_000 });
    const name = fc.string({ unit: 'grapheme' }).filter((key) =>
      !/^(__proto__|constructor|iss|sub|aud|exp|nbf|iat|jti)$/.test(key)
    );
    const leaf = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      fc.boolean(),
    );
    const claims = fc.dictionary(name, fc.oneof(leaf, fc.constant(null), fc.array(leaf), fc.dictionary(name, leaf)));
    await fc.assert(fc.asyncProperty(claims, async (extra) => {
      const signed = { ...extra, ...SUBJECT };
      const token = await signJwt(signed, privateKey, OPTIONS);
      // -0 is 0 in JSON.
      const expected: unknown = JSON.parse(JSON.stringify({ ...signed, iat: NOW_SECONDS, exp: NOW_SECONDS + 60 }));
      expect((await verify(token)).claims).toEqual(expected);
    }));
  });

  test.each([
    ['null', null],
    ['a list', []],
    ['text', '{}'],
    ['a Date', new Date(0)],
    ['a Map', new Map()],
    ['undefined', undefined],
    ['a claim that is undefined', { scope: undefined }],
    ['a claim that is a function', { scope: (): string => 'read' }],
    ['a claim that is a symbol', { scope: Symbol('read') }],
    ['a claim that is a BigInt', { scope: 1n }],
    ['a claim that is NaN', { level: NaN }],
    ['a claim that is Infinity', { level: Infinity }],
    ['a claim that is a Date', { since: new Date(0) }],
    ['a hole in a list', { roles: Array(2) }],
    ['half a surrogate pair', { name: '\ud800' }],
    ['half a surrogate pair in a key', { '\ud800': 1 }],
    // toJSON would replace what was checked by what is signed.
    ['toJSON', { sub: 'ada', toJSON: (): object => ({ sub: 'root' }) }],
    [
      'toJSON of a class',
      new (class Claims {
        readonly sub = 'ada';
        toJSON(): object {
          return { sub: 'root' };
        }
      })(),
    ],
    ['toJSON deep inside', { a: [{ b: { toJSON: (): string => 'root' } }] }],
    ['__proto__', JSON.parse('{"__proto__":{"sub":"root"}}')],
    ['constructor.prototype', { constructor: { prototype: {} } }],
    ['an iss that is no string', { iss: 1 }],
    ['a sub that is no string', { sub: null }],
    ['an aud that is no string', { aud: { a: 1 } }],
    ['an aud with a number', { aud: ['a', 1] }],
    ['exp', { exp: NOW_SECONDS + 9999 }],
    ['nbf', { nbf: 0 }],
    ['iat', { iat: 0 }],
    ['jti', { jti: 'j' }],
  ])('refuses claims: %s', async (_what, claims) => {
    await expect(sign(claims)).rejects.toThrow(TypeError);
  });

  test('refuses claims that contain themselves, or are nested deeper than 32', async () => {
    const circle: Record<string, unknown> = {};
    circle['self'] = circle;
    await expect(sign(circle)).rejects.toThrow(/deeper than 32/);
    let deep: unknown = 1;
    for (let depth = 0; depth < 31; depth++) deep = [deep];
    expect(parseJwt(await sign({ deep })).claims['deep']).toEqual(deep);
    await expect(sign({ deep: [deep] })).rejects.toThrow(/deeper than 32/);
  });

  test('signs each member as it was when it was checked', async () => {
    let reads = 0;
    const claims = {
      get sub(): string {
        return reads++ === 0 ? 'ada' : 'root';
      },
    };
    expect(parseJwt(await sign(claims)).claims['sub']).toBe('ada');
  });

  test('refuses a header, an algorithm, or any other unknown option', async () => {
    await expect(sign(SUBJECT, { header: { alg: 'none' } })).rejects.toThrow(/unknown option header/);
    await expect(sign(SUBJECT, { algorithm: 'none' })).rejects.toThrow(/unknown option algorithm/);
    await expect(sign(SUBJECT, { expiresIn: '1h' })).rejects.toThrow(/unknown option expiresIn/);
  });

  test.each([
    ['type', undefined],
    ['type', ''],
    ['type', '\ud800'],
    ['keyId', ''],
    ['keyId', 'k'.repeat(257)],
    ['jwtId', ''],
    ['jwtId', 1],
    ['clock', 1],
  ])('refuses %s %j with a TypeError', async (name, value) => {
    await expect(sign(SUBJECT, { [name]: value })).rejects.toThrow(TypeError);
  });

  test.each([
    ['expiresInSeconds', undefined],
    ['expiresInSeconds', 0],
    ['expiresInSeconds', -1],
    ['expiresInSeconds', 1.5],
    ['expiresInSeconds', NaN],
    ['expiresInSeconds', Infinity],
    ['expiresInSeconds', '60'],
    ['expiresInSeconds', Number.MAX_SAFE_INTEGER],
    ['notBefore', NaN],
    ['notBefore', Infinity],
    ['notBefore', -1],
    ['notBefore', '0'],
    ['clock', (): number => NaN],
  ])('refuses %s %s with a RangeError', async (name, value) => {
    await expect(sign(SUBJECT, { [name]: value })).rejects.toThrow(RangeError);
  });

  test('leaves the claims it was given as they were', async () => {
    const claims = Object.freeze({ ...SUBJECT });
    await sign(claims);
    expect(claims).toEqual(SUBJECT);
  });

  test('makes an expired token when its clock is in the past', async () => {
    const { verify, privateKey } = await openDesk();
    const token = await signJwt(SUBJECT, privateKey, { ...OPTIONS, clock: () => (NOW_SECONDS - 3600) * 1000 });
    await expect((async () => await verify(token))()).rejects.toMatchObject({ code: 'jwt_expired' });
  });
});

describe('signJwt() typing', () => {
  interface Session {
    readonly sub: string;
    readonly tenant?: string;
    readonly roles: readonly { readonly name: string }[];
  }

  test('takes an interface, without an index signature', async () => {
    const { privateKey } = await generateJwtKeyPair('ES256');
    const session: Session = { sub: 'ada', roles: [{ name: 'reader' }] };
    expect(await signJwt(session, privateKey, { type: 'at+jwt', expiresInSeconds: 60 })).toContain('.');
  });

  test('refuses at compile time what it refuses when it runs', async () => {
    const { privateKey } = await generateJwtKeyPair('ES256');
    const options = { type: 'at+jwt', expiresInSeconds: 60 };
    const tenant: string | undefined = undefined;
    const attempts = [
      // @ts-expect-error a member that may be undefined would be missing from the token without a word
      () => signJwt({ sub: 'ada', tenant }, privateKey, options),
      // @ts-expect-error a Date is no JSON
      () => signJwt({ sub: 'ada', since: new Date(0) }, privateKey, options),
      // @ts-expect-error a function is no JSON
      () => signJwt({ sub: () => 'ada' }, privateKey, options),
      // @ts-expect-error an option decides exp
      () => signJwt({ sub: 'ada', exp: 1 }, privateKey, options),
      // @ts-expect-error an option decides jti
      () => signJwt({ sub: 'ada', jti: 'one' }, privateKey, options),
    ];
    for (const attempt of attempts) await expect(attempt()).rejects.toThrow(TypeError);
  });
});
