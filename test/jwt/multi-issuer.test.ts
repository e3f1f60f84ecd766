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
import { CLAIMS, expectations, forge, HEADER, NOW_SECONDS, outcome } from './forge.ts';

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

/** Counts every call of Web Crypto that a verifier could make. */
async function countCrypto(work: () => Promise<unknown>): Promise<number> {
  const spies = (['verify', 'sign', 'digest', 'importKey'] as const).map((name) => vi.spyOn(crypto.subtle, name));
  // Bun hands out the spy of an earlier test, with its calls.
  for (const spy of spies) spy.mockClear();
  try {
    await work();
    return spies.reduce((calls, { mock }) => calls + mock.calls.length, 0);
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
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
    [{ 0: ONE, length: 1 }],
    [[[ONE]]],
    [[]],
    [7],
    [true],
    [null],
    ['__proto__'],
    ['constructor'],
    [`${ONE}\0`],
    [`${ONE}#`],
    [`${ONE}:443`],
    ['https://one.test.'],
    [undefined],
  ])('refuses the issuer %j before it touches a key', async (iss) => {
    const { verify, keys, finds } = await openHall();
    const token = await forge(keys.one, { ...CLAIMS, iss });
    const calls = await countCrypto(async () => {
      expect(await outcome(() => verify(token))).toBe('jwt_issuer_mismatch');
    });
    expect([finds(), calls]).toEqual([[0, 0], 0]);
  });

  test('refuses an iss that stands in the header, twice, or on every object', async () => {
    const { verify, keys, finds } = await openHall();
    const { iss: _iss, ...nobody } = CLAIMS;
    const headed = await forge(keys.one, nobody, { ...HEADER, iss: ONE });
    expect(await outcome(() => verify(headed))).toBe('jwt_issuer_mismatch');
    const twice = await forge(keys.one, JSON.stringify({ ...nobody, iss: ONE }).replace('{', `{"iss":"${TWO}",`));
    expect(await outcome(() => verify(twice))).toBe('jwt_malformed');
    const missing = await forge(keys.one, nobody);
    let refused: Promise<string>;
    Object.assign(Object.prototype, { iss: ONE });
    try {
      // The issuer is chosen before the first wait.
      refused = outcome(() => verify(missing));
    } finally {
      Reflect.deleteProperty(Object.prototype, 'iss');
    }
    expect([await refused, finds()]).toEqual(['jwt_issuer_mismatch', [0, 0]]);
  });

  // Nothing that a header says leads around the choice.
  test('chooses by iss alone, whatever kid, jku, jwk or alg say', async () => {
    const { verify, keys, finds } = await openHall();
    const jwk = await crypto.subtle.exportKey('jwk', (await generateJwtKeyPair('ES256')).publicKey.cryptoKey);
    const header = { ...HEADER, kid: TWO, jku: `${TWO}/jwks`, jwk };
    expect(await outcome(async () => verify(await forge(keys.two, { ...CLAIMS, iss: ONE }, header)))).toBe(
      'jwt_signature_invalid',
    );
    expect(finds()).toEqual([1, 0]);
    const none = await forge(keys.one, { ...CLAIMS, iss: 'https://three.test' }, { ...HEADER, alg: 'none' });
    expect(await outcome(() => verify(none))).toBe('jwt_issuer_mismatch');
  });

  test('believes of each issuer only its own algorithms', async () => {
    const { verify, keys, finds } = await openHall({ algorithms: ['ES384', 'HS256'] });
    expect(await outcome(async () => verify(await forge(keys.two, { ...CLAIMS, iss: TWO })))).toBe(
      'jwt_algorithm_not_allowed',
    );
    expect(
      await outcome(async () => verify(await forge(keys.one, { ...CLAIMS, iss: ONE }, { ...HEADER, alg: 'HS256' }))),
    )
      .toBe('jwt_algorithm_not_allowed');
    expect(finds()).toEqual([0, 0]);
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
    const { verify, keys, finds } = await openHall();
    expect(await outcome(() => verify('x.y.z'))).toBe('jwt_malformed');
    const stranger = await forge(keys.one, { ...CLAIMS, iss: 'https://three.test' });
    expect(await outcome(() => verify(`${stranger}=`))).toBe('jwt_malformed');
    expect(await outcome(() => verify('e'.repeat(8193)))).toBe('jwt_too_large');
    for (const claims of ['null', '[]', '"x"', '1', `"${ONE}"`]) {
      expect(await outcome(async () => verify(await forge(keys.one, claims)))).toBe('jwt_malformed');
    }
    expect(finds()).toEqual([0, 0]);
  });

  test('holds to what its options were when it was made', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const member = { ...expectations(publicKey), issuer: ONE };
    const issuers: JwtIssuerOptions[] = [member];
    const verify = createMultiIssuerVerifier({ issuers });
    member.issuer = TWO;
    issuers.push({ ...member, issuer: 'https://three.test' });
    expect(await outcome(async () => verify(await forge(privateKey, { ...CLAIMS, iss: ONE })))).toBe('accepted');
    for (const iss of [TWO, 'https://three.test']) {
      expect(await outcome(async () => verify(await forge(privateKey, { ...CLAIMS, iss })))).toBe(
        'jwt_issuer_mismatch',
      );
    }
    expect(Object.isFrozen(verify)).toBe(true);
  });

  test('asks for the proof that a token is bound to', async () => {
    const { verify, keys } = await openHall();
    const jkt = 'k'.repeat(43);
    const token = await forge(keys.two, { ...CLAIMS, iss: TWO, cnf: { jkt } });
    expect(await outcome(() => verify(token))).toBe('jwt_confirmation_mismatch');
    expect(await outcome(() => verify(token, { dpopThumbprint: jkt }))).toBe('accepted');
    expect(await outcome(() => verify(token))).toBe('jwt_confirmation_mismatch');
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

  // Hostile list 45 and 46: one memory for all is no one rule for all.
  test('judges a remembered token by the clock, the generation and the revocations of its own issuer', async () => {
    let [now, generation, revoked] = [NOW_SECONDS, 1, false];
    const pair = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const find = vi.fn(() => [pair.publicKey]);
    const cache = createTokenCache();
    const verify = createMultiIssuerVerifier({
      issuers: [
        ruleOf(ONE, { find, generation: () => generation }, { clock: () => now * 1000, isRevoked: () => revoked }),
        ruleOf(TWO, { find, generation: () => 0 }),
      ],
      cache,
    });
    const [one, two] = [
      await forge(pair.privateKey, { ...CLAIMS, iss: ONE }),
      await forge(pair.privateKey, { ...CLAIMS, iss: TWO }),
    ];
    const judge = async (): Promise<readonly string[]> => [
      await outcome(() => verify(one)),
      await outcome(() => verify(two)),
    ];
    expect(await judge()).toEqual(['accepted', 'accepted']);
    expect([cache.entries, find.mock.calls.length]).toEqual([2, 2]);
    revoked = true;
    expect(await judge()).toEqual(['jwt_revoked', 'accepted']);
    [revoked, now] = [false, NOW_SECONDS + 60];
    expect(await judge()).toEqual(['jwt_expired', 'accepted']);
    [now, generation] = [NOW_SECONDS, 2];
    expect(find.mock.calls.length).toBe(2);
    expect(await judge()).toEqual(['accepted', 'accepted']);
    expect(find.mock.calls.length).toBe(3);
  });

  test('remembers nothing for a token with another issuer in it, nor for another verifier', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const cache = createTokenCache();
    const keys = { find: () => [publicKey], generation: () => 0 };
    const verify = createMultiIssuerVerifier({ issuers: [ruleOf(ONE, keys), ruleOf(TWO, keys)], cache });
    const [header, payload, signature] = (await forge(privateKey, { ...CLAIMS, iss: ONE })).split('.');
    await verify(`${header}.${payload}.${signature}`);
    const swapped = (await forge(privateKey, { ...CLAIMS, iss: TWO })).split('.')[1];
    expect(await outcome(() => verify(`${header}.${swapped}.${signature}`))).toBe('jwt_signature_invalid');
    const strict = createMultiIssuerVerifier({
      issuers: [ruleOf(ONE, keys, { audience: 'https://other.test' })],
      cache,
    });
    expect(await outcome(() => strict(`${header}.${payload}.${signature}`))).toBe('jwt_audience_mismatch');
    const stranger = createMultiIssuerVerifier({ issuers: [ruleOf(TWO, keys)], cache });
    expect(await outcome(() => stranger(`${header}.${payload}.${signature}`))).toBe('jwt_issuer_mismatch');
  });

  test.each<[string, (issuer: JwtIssuerOptions) => unknown]>([
    ['no list', (issuer) => ({ issuers: issuer })],
    ['an empty list', () => ({ issuers: [] })],
    ['an issuer twice', (issuer) => ({ issuers: [issuer, issuer] })],
    [
      'an issuer twice with other rules',
      (issuer) => ({ issuers: [issuer, { ...issuer, audience: 'x', type: 'JWT' }] }),
    ],
    ['no issuers', () => ({})],
    ['null for options', () => null],
    ['a hole in the list', (issuer) => ({ issuers: [issuer, undefined] })],
    ['a name for an issuer', (issuer) => ({ issuers: [issuer.issuer] })],
    ['an issuer without a name', (issuer) => ({ issuers: [{ ...issuer, issuer: '' }] })],
    ['an issuer that is a list', (issuer) => ({ issuers: [{ ...issuer, issuer: [ONE, TWO] }] })],
    ['an issuer that is a pattern', (issuer) => ({ issuers: [{ ...issuer, issuer: /one/ }] })],
    ['an issuer without algorithms', ({ algorithms: _algorithms, ...issuer }) => ({ issuers: [issuer] })],
    ['an issuer without keys', ({ keys: _keys, ...issuer }) => ({ issuers: [issuer] })],
    ['an issuer that inherits its rules', (issuer) => ({ issuers: [Object.create(issuer)] })],
    ['a cache that is a Map', (issuer) => ({ issuers: [issuer], cache: new Map() })],
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

  test.each<object>([{ maxTokenLength: 0 }, { maxTokenLength: NaN }, { clockToleranceSeconds: 301 }, {
    maxAgeSeconds: 0,
  }])('refuses %j with a RangeError', async (more) => {
    const { publicKey } = await generateJwtKeyPair('ES256');
    const { maxTokenLength, ...rest } = { maxTokenLength: 8192, ...more };
    const issuers = [{ ...expectations(publicKey), ...rest }];
    expect(() => createMultiIssuerVerifier({ issuers, maxTokenLength })).toThrow(RangeError);
  });
});
