import { describe, expect, test, vi } from 'vitest';
import {
  createMultiIssuerVerifier,
  createTokenCache,
  generateJwtKeyPair,
  type JwtIssuerOptions,
  type JwtKey,
  type JwtVerifier,
  type KeySet,
} from '../../src/jwt/index.ts';
import { CLAIMS, expectations, forge, HEADER, outcome } from './forge.ts';

const ONE = 'https://one.test';
const TWO = 'https://two.test';

interface Hall {
  readonly verify: JwtVerifier;
  readonly keys: Readonly<Record<'one' | 'two', JwtKey>>;
  readonly finds: () => readonly number[];
}

function ruleOf(issuer: string, keys: KeySet, more: Partial<JwtIssuerOptions> = {}): JwtIssuerOptions {
  return { ...expectations(), issuer, keys, ...more };
}

/** Two issuers, each with a key of its own under the same id, and counters at both. */
async function openHall(more: Partial<JwtIssuerOptions> = {}): Promise<Hall> {
  const [one, two] = [
    await generateJwtKeyPair('ES256', { keyId: 'one' }),
    await generateJwtKeyPair('ES256', { keyId: 'one' }),
  ];
  const sets = [one, two].map(({ publicKey }) => ({ find: vi.fn(() => [publicKey]), generation: () => 0 }));
  const [first, second] = sets;
  if (first === undefined || second === undefined) throw new Error('There are two.');
  return {
    verify: createMultiIssuerVerifier({
      issuers: [ruleOf(ONE, first), ruleOf(TWO, second, more)],
      cache: createTokenCache(),
    }),
    keys: { one: one.privateKey, two: two.privateKey },
    finds: () => sets.map(({ find }) => find.mock.calls.length),
  };
}

describe('createMultiIssuerVerifier()', () => {
  test('proves the tokens of each issuer with its own keys', async () => {
    const { verify, keys, finds } = await openHall();
    expect((await verify(await forge(keys.one, { ...CLAIMS, iss: ONE }))).claims.iss).toBe(ONE);
    expect((await verify(await forge(keys.two, { ...CLAIMS, iss: TWO }))).claims.iss).toBe(TWO);
    expect(finds()).toEqual([1, 1]);
  });

  // RFC 8725 section 3.8.
  test('never proves the token of one issuer with a key of another', async () => {
    const { verify, keys, finds } = await openHall();
    expect(await outcome(async () => verify(await forge(keys.one, { ...CLAIMS, iss: TWO })))).toBe(
      'jwt_signature_invalid',
    );
    expect(finds()).toEqual([0, 1]);
  });

  // CVE-2025-30144 for the list; whoever compares loosely asks the wrong issuer's keys.
  test.each<[unknown]>([
    ['https://three.test'],
    ['https://ONE.test'],
    ['HTTPS://one.test'],
    [`${ONE}/`],
    [` ${ONE}`],
    [''],
    [[ONE]],
    [[ONE, TWO]],
    [{ toString: ONE }],
    [7],
    [null],
    ['__proto__'],
    [undefined],
  ])('refuses the issuer %j before it touches a key', async (iss) => {
    const { verify, keys, finds } = await openHall();
    const token = await forge(keys.one, { ...CLAIMS, iss });
    const spy = vi.spyOn(crypto.subtle, 'verify');
    // Bun hands out the spy of an earlier test, with its calls.
    spy.mockClear();
    expect(await outcome(() => verify(token))).toBe('jwt_issuer_mismatch');
    expect([finds(), spy.mock.calls.length]).toEqual([[0, 0], 0]);
    spy.mockRestore();
  });

  test('holds each issuer to its own rules', async () => {
    const { verify, keys } = await openHall({ audience: 'https://other.test', type: 'JWT' });
    const typed = { ...HEADER, typ: 'JWT' };
    expect(await outcome(async () => verify(await forge(keys.two, { ...CLAIMS, iss: TWO })))).toBe('jwt_type_mismatch');
    expect(await outcome(async () => verify(await forge(keys.two, { ...CLAIMS, iss: TWO }, typed)))).toBe(
      'jwt_audience_mismatch',
    );
    expect(await outcome(async () => verify(await forge(keys.one, { ...CLAIMS, iss: ONE }, typed)))).toBe(
      'jwt_type_mismatch',
    );
  });

  test('refuses what is malformed first', async () => {
    const { verify, finds } = await openHall();
    expect(await outcome(() => verify('x.y.z'))).toBe('jwt_malformed');
    expect(finds()).toEqual([0, 0]);
  });

  test('remembers tokens of all, and answers again without a promise', async () => {
    const { verify, keys, finds } = await openHall();
    for (const [key, iss] of [[keys.one, ONE], [keys.two, TWO]] as const) {
      const token = await forge(key, { ...CLAIMS, iss });
      const verified = await verify(token);
      expect(verify(token)).toBe(verified);
    }
    expect(finds()).toEqual([1, 1]);
  });

  test.each<[string, (issuer: JwtIssuerOptions) => unknown]>([
    ['no list', (issuer) => ({ issuers: issuer })],
    ['an empty list', () => ({ issuers: [] })],
    ['an issuer twice', (issuer) => ({ issuers: [issuer, issuer] })],
    ['an unknown option', (issuer) => ({ issuers: [issuer], clock: Date })],
    ['an unknown option of an issuer', (issuer) => ({ issuers: [{ ...issuer, maxTokenLength: 10 }] })],
    ['an issuer without a type', ({ type: _type, ...issuer }) => ({ issuers: [issuer] })],
    ['a key set without generation under a cache', (issuer) => ({
      issuers: [{ ...issuer, keys: { find: () => [] } }],
      cache: createTokenCache(),
    })],
  ])('refuses %s', async (_what, change) => {
    const { publicKey } = await generateJwtKeyPair('ES256');
    const options = change({ ...expectations(publicKey) });
    // The cast is the mistake.
    expect(() => createMultiIssuerVerifier(options as { issuers: JwtIssuerOptions[] })).toThrow(TypeError);
  });
});
