import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { decodeBase64Url, encodeBase64Url } from '../../src/encoding/base64url.ts';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import {
  exportPublicJwk,
  generateJwtKeyPair,
  importHmacSecret,
  type JwtAlgorithm,
  type JwtKey,
  type KeySet,
  parseJwt,
  signJws,
  type SignJwsOptions,
  verifyJws,
  type VerifyJwsOptions,
} from '../../src/jwt/index.ts';
import { countVerifications } from './count-verifications.ts';
import { bigEndian } from './ecdsa.ts';
import { forge, outcome, segment } from './forge.ts';
import { MALFORMED_TOKENS } from './malformed.ts';

async function secret(): Promise<JwtKey> {
  return await importHmacSecret(new Uint8Array(32).fill(7), 'HS256');
}

function hs256(key: JwtKey, more: Partial<VerifyJwsOptions> = {}): VerifyJwsOptions {
  return { keys: [key], algorithms: ['HS256'], ...more };
}

function parseHeader(token: string): unknown {
  return JSON.parse(atob((token.split('.')[0] ?? '').replaceAll('-', '+').replaceAll('_', '/')));
}

/** A token whose signature is whatever bytes one likes. */
function dress(header: object, signature: Uint8Array): string {
  return `${segment(header)}.${segment('payload')}.${encodeBase64Url(signature)}`;
}

describe('signJws() and verifyJws()', () => {
  test('carry any bytes, also none', async () => {
    const key = await secret();
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
        const { payload } = await verifyJws(await signJws(bytes, key), hs256(key));
        expect([...payload]).toEqual([...bytes]);
      }),
      { numRuns: 40 },
    );
    expect((await verifyJws(await signJws(new Uint8Array(0), key), hs256(key))).payload.length).toBe(0);
  });

  test('sign exactly the window that is shown', async () => {
    const key = await secret();
    const memory = Uint8Array.of(1, 2, 3, 4, 5);
    expect([...(await verifyJws(await signJws(memory.subarray(1, 3), key), hs256(key))).payload]).toEqual([2, 3]);
  });

  test('sign the bytes as they are when it is called, and hand out copies', async () => {
    const key = await secret();
    const bytes = Uint8Array.of(1, 2, 3);
    const signing = signJws(bytes, key);
    bytes.fill(0);
    const token = await signing;
    const first = await verifyJws(token, hs256(key));
    expect([...first.payload]).toEqual([1, 2, 3]);
    first.payload.fill(9);
    expect([...(await verifyJws(token, hs256(key))).payload]).toEqual([1, 2, 3]);
    expect(Object.isFrozen(first)).toBe(true);
  });

  test.each<JwtAlgorithm>(['ES256', 'ES384', 'ES512', 'Ed25519', 'EdDSA', 'PS256'])('serve %s', async (algorithm) => {
    const { publicKey, privateKey } = await generateJwtKeyPair(algorithm, { keyId: 'one' });
    const token = await signJws(Uint8Array.of(0xff, 0), privateKey);
    const { header, payload } = await verifyJws(token, { keys: [publicKey], algorithms: [algorithm] });
    expect([header, [...payload]]).toEqual([{ alg: algorithm, kid: 'one' }, [0xff, 0]]);
  });

  test('take a kid of 256 characters, that of the header before that of the key', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const kid = 'k'.repeat(256);
    const token = await signJws(Uint8Array.of(1), privateKey, { header: { kid } });
    expect(parseHeader(token)).toEqual({ alg: 'ES256', kid });
    expect(await outcome(() => verifyJws(token, { keys: [publicKey], algorithms: ['ES256'] }))).toBe(
      'jwt_key_not_found',
    );
  });

  test('carry members of the header, and name the key', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const token = await signJws(Uint8Array.of(1), privateKey, {
      header: { typ: 'receipt', cty: 'text/plain', x: [1] },
    });
    const { header } = await verifyJws(token, { keys: [publicKey], algorithms: ['ES256'] });
    expect(header).toEqual({ alg: 'ES256', kid: 'one', typ: 'receipt', cty: 'text/plain', x: [1] });
    expect(Object.isFrozen(header) && Object.isFrozen(header['x'])).toBe(true);
  });
});

describe('signJws()', () => {
  test.each<[string, unknown]>([
    // The key decides it; a header that says otherwise is how algorithm confusion begins.
    ['alg', { alg: 'none' }],
    ['crit', { crit: ['exp'] }],
    ['b64', { b64: false }],
    ['alg, as the key has it', { alg: 'HS256' }],
    ['crit, empty', { crit: [] }],
    ['b64, as it is anyway', { b64: true }],
    ['a typ that is a number', { typ: 7 }],
    ['a typ that is null', { typ: null }],
    ['a kid that is a number', { kid: 7 }],
    // Every verifier here calls such a token malformed, and a key with an id of its own does not make it better.
    ['a kid that is null', { kid: null }],
    ['a kid that is empty', { kid: '' }],
    ['a kid of 257 characters', { kid: 'k'.repeat(257) }],
    ['a kid with half a surrogate pair', { kid: '\udc00' }],
    ['half a surrogate pair in a name', { '\ud800': 1 }],
    ['constructor.prototype', { constructor: { prototype: {} } }],
    ['null for a header', null],
    ['an instance for a header', new Map([['typ', 'a']])],
    ['a header that inherits', Object.create({ typ: 'a' })],
    ['__proto__', JSON.parse('{"__proto__":{"alg":"none"}}')],
    ['a Date', { at: new Date(0) }],
    ['a toJSON', { at: { toJSON: () => 'none' } }],
    ['NaN', { at: NaN }],
    ['undefined', { at: undefined }],
    ['half a surrogate pair', { at: '\ud800' }],
    ['a list for a header', []],
    ['a string for a header', 'typ'],
  ])('refuses %s', async (_what, header) => {
    // With and without an id of the key's own; the casts are the mistake.
    const named = await importHmacSecret(new Uint8Array(32), 'HS256', { keyId: 'one' });
    await expect(signJws(new Uint8Array(1), named, { header } as SignJwsOptions)).rejects.toThrow(TypeError);
    await expect(signJws(new Uint8Array(1), await secret(), { header } as SignJwsOptions)).rejects.toThrow(TypeError);
  });

  // What was checked is what is signed: a getter could answer otherwise the second time.
  test('reads each member of the header once', async () => {
    let reads = 0;
    const header = {
      get kid(): string | number {
        return reads++ === 0 ? 'one' : 7;
      },
    };
    const token = await signJws(new Uint8Array(1), await secret(), { header });
    expect([parseHeader(token), reads]).toEqual([{ alg: 'HS256', kid: 'one' }, 1]);
  });

  test('signs no alg that a toJSON on every object would put there', async () => {
    const key = await secret();
    Object.defineProperty(Object.prototype, 'toJSON', { value: () => ({ alg: 'none' }), configurable: true });
    let signing: Promise<string>;
    try {
      // The header is written before the first wait.
      signing = signJws(new Uint8Array(1), key, { header: { typ: 'a' } });
    } finally {
      Reflect.deleteProperty(Object.prototype, 'toJSON');
    }
    expect(parseHeader(await signing)).toEqual({ alg: 'HS256', typ: 'a' });
  });

  test.each<unknown>(['text', [1], new ArrayBuffer(1), new Uint16Array(1), undefined, null, {}])(
    'refuses the payload %j',
    async (payload) => {
      await expect(signJws(payload as Uint8Array, await secret())).rejects.toThrow(TypeError);
    },
  );

  test('refuses a public key, and an unknown option', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    await expect(signJws(new Uint8Array(1), publicKey)).rejects.toThrow(TypeError);
    await expect(signJws(new Uint8Array(1), privateKey, { kid: 'one' } as SignJwsOptions)).rejects.toThrow(TypeError);
    await expect(signJws(new Uint8Array(1), privateKey, null as unknown as SignJwsOptions)).rejects.toThrow(TypeError);
  });

  test.each<unknown>([undefined, null, 'secret', new Uint8Array(32), {}, { algorithm: 'HS256', type: 'secret' }])(
    'refuses the key %j',
    async (key) => {
      await expect(signJws(new Uint8Array(1), key as JwtKey)).rejects.toThrow(TypeError); // the cast is the mistake
    },
  );

  // A key put together by hand would let one algorithm's name stand over another's signature.
  test('refuses a key that was renamed to another algorithm', async () => {
    const key = await secret();
    await expect(signJws(new Uint8Array(1), { ...key, algorithm: 'HS512' })).rejects.toThrow(TypeError);
    await expect(signJws(new Uint8Array(1), { ...key, algorithm: 'ES256' })).rejects.toThrow(TypeError);
  });
});

describe('verifyJws()', () => {
  // What is wrong with claims is nothing to a JWS, whose payload is bytes.
  const malformed = MALFORMED_TOKENS.filter(([what]) =>
    !/claims|^an empty payload|twice, once|^exp twice|beyond doubles|nesting/.test(what)
  );

  test.each(malformed)('refuses %s before it asks for a key', async (_what, token) => {
    const find = vi.fn(() => []);
    expect(await outcome(() => verifyJws(token as string, { keys: { find }, algorithms: ['ES256', 'HS256'] }))).toBe(
      'jwt_malformed',
    );
    expect(find).not.toHaveBeenCalled();
  });

  test('refuses a payload that is not canonical base64url, whoever signed it', async () => {
    const key = await secret();
    const [header = ''] = (await signJws(new Uint8Array(1), key)).split('.');
    for (const payload of ['A', 'AB', 'AA=', 'A A', 'AA\n', '+A']) {
      const signed = `${header}.${payload}`;
      const mac = await crypto.subtle.sign('HMAC', key.cryptoKey, new TextEncoder().encode(signed));
      const token = `${signed}.${encodeBase64Url(new Uint8Array(mac))}`;
      expect(await outcome(() => verifyJws(token, hs256(key)))).toBe('jwt_malformed');
    }
  });

  test('refuses what is longer than maxLength, 65,536 by default', async () => {
    const key = await secret();
    const token = await signJws(new Uint8Array(60), key);
    expect(await outcome(() => verifyJws(token, hs256(key, { maxLength: token.length })))).toBe('accepted');
    expect(await outcome(() => verifyJws(token, hs256(key, { maxLength: token.length - 1 })))).toBe('jwt_too_large');
    expect(await outcome(() => verifyJws('.'.repeat(65_537), hs256(key)))).toBe('jwt_too_large');
  });

  // The length comes before all else: two million dots, or a header of megabytes, cost nothing.
  test.each([['dots', '.'], ['letters', 'e'], ['half pairs', '\ud800']])(
    'refuses a text of 2 million %s without asking for a key',
    async (_what, letter) => {
      const find = vi.fn(() => []);
      const token = letter.repeat(2_000_000);
      expect(
        await countVerifications(async () => {
          expect(await outcome(() => verifyJws(token, { keys: { find }, algorithms: ['HS256'] }))).toBe(
            'jwt_too_large',
          );
        }),
      ).toBe(0);
      expect(find).not.toHaveBeenCalled();
    },
  );

  test.each([0, -1, 1.5, NaN, Infinity, '65536', null])(
    'refuses the maxLength %j with a RangeError',
    async (maxLength) => {
      const key = await secret();
      const options = { ...hs256(key), maxLength } as VerifyJwsOptions; // the cast is the mistake
      await expect(verifyJws(await signJws(new Uint8Array(1), key), options)).rejects.toThrow(RangeError);
    },
  );

  // Hostile list 7 and 9, CVE-2022-21449.
  test('refuses signatures of another length and of zeros without asking for a key', async () => {
    const find = vi.fn(() => []);
    const one = bigEndian(1n, 32);
    const zero = bigEndian(0n, 32);
    const der = Uint8Array.of(0x30, 0x44, 0x02, 0x20, ...one, 0x02, 0x20, ...one);
    const bad = [der, one, [...one, ...one, 0], [0, ...one, ...one], [...zero, ...one], [...one, ...zero], [0], [
      ...zero,
      ...zero,
    ]];
    const calls = await countVerifications(async () => {
      for (const bytes of bad) {
        const token = dress({ alg: 'ES256' }, Uint8Array.from(bytes));
        expect(await outcome(() => verifyJws(token, { keys: { find }, algorithms: ['ES256'] }))).toBe(
          'jwt_signature_invalid',
        );
      }
    });
    expect([calls, find.mock.calls.length]).toEqual([0, 0]);
  });

  // Hostile list 1 and 2 (CVE-2015-2951, CVE-2016-10555), 3: what is public is never a secret.
  test('believes no HMAC made with a public key, in whatever spelling', async () => {
    const { publicKey } = await generateJwtKeyPair('ES256', { extractable: true });
    const spki = new Uint8Array(await crypto.subtle.exportKey('spki', publicKey.cryptoKey));
    const pem = `-----BEGIN PUBLIC KEY-----\n${btoa(String.fromCharCode(...spki))}\n-----END PUBLIC KEY-----`;
    const jwk = JSON.stringify(await exportPublicJwk(publicKey));
    const calls = await countVerifications(async () => {
      for (const bytes of [spki, encodeUtf8(pem), encodeUtf8(`\n${pem}\n`), encodeUtf8(jwk)]) {
        const token = await signJws(Uint8Array.of(1), await importHmacSecret(bytes, 'HS256'));
        expect(await outcome(() => verifyJws(token, { keys: [publicKey], algorithms: ['ES256', 'HS256'] }))).toBe(
          'jwt_key_not_found',
        );
        expect(await outcome(() => verifyJws(token, { keys: [publicKey], algorithms: ['ES256'] }))).toBe(
          'jwt_algorithm_not_allowed',
        );
      }
    });
    expect(calls).toBe(0);
  });

  test.each(['none', 'None', 'nOnE', 'NONE', '', ' HS256', 'hs256', 'HS256 ', 'HS257', '__proto__', 'toString'])(
    'refuses the algorithm %j without asking for a key',
    async (alg) => {
      const find = vi.fn(() => []);
      const token = dress({ alg }, new Uint8Array(32).fill(1));
      expect(await outcome(() => verifyJws(token, { keys: { find }, algorithms: ['HS256'] }))).toBe(
        'jwt_algorithm_not_allowed',
      );
      expect(await outcome(() => verifyJws(`${segment({ alg })}.AA.`, { keys: { find }, algorithms: ['HS256'] })))
        .toBe('jwt_malformed');
      expect(find).not.toHaveBeenCalled();
    },
  );

  // RFC 8725 section 3.1: a set of somebody's own may offer whatever it likes.
  test('tries no key of another algorithm that a set offers', async () => {
    const hmac = await secret();
    const others = [
      (await generateJwtKeyPair('ES384')).publicKey,
      (await generateJwtKeyPair('ES256')).publicKey,
      await importHmacSecret(new Uint8Array(64).fill(7), 'HS512'),
    ];
    const token = await signJws(Uint8Array.of(1), hmac);
    const judge = async (...keys: readonly JwtKey[]): Promise<string> => {
      const set: KeySet = { find: () => keys };
      return await outcome(() => verifyJws(token, { keys: set, algorithms: ['HS256', 'HS512', 'ES256', 'ES384'] }));
    };
    expect(await countVerifications(async () => expect(await judge(...others)).toBe('jwt_key_not_found'))).toBe(0);
    expect(await countVerifications(async () => expect(await judge(...others, hmac)).toBe('accepted'))).toBe(1);
  });

  test('asks a set for exactly the algorithm and the id of the header', async () => {
    const key = await secret();
    const find = vi.fn(() => Promise.resolve([key]));
    const token = await signJws(Uint8Array.of(1), key, { header: { kid: '__proto__' } });
    expect(await outcome(() => verifyJws(token, { keys: { find }, algorithms: ['HS256'] }))).toBe('accepted');
    expect(find.mock.calls).toEqual([['HS256', '__proto__']]);
  });

  // Hostile list 12 and 13.
  test.each<object>([
    { crit: [] },
    { crit: null },
    { crit: 'exp' },
    { crit: ['exp'], exp: 1 },
    { crit: ['exp', 'exp'], exp: 1 },
    { crit: ['alg'] },
    { crit: ['b64'], b64: true },
    { b64: null },
  ])('refuses the header %j, though it is signed', async (more) => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    const token = await forge(privateKey, 'payload', { alg: 'ES256', ...more });
    expect(await outcome(() => verifyJws(token, { keys: [publicKey], algorithms: ['ES256'] }))).toBe(
      'jwt_critical_header_unsupported',
    );
  });

  test('reads no crit and no kid from a polluted prototype', async () => {
    const key = await secret();
    const token = await signJws(Uint8Array.of(1), key);
    const find = vi.fn(() => [key]);
    // A kid that no token holds would choose the key.
    let verifying: Promise<unknown>;
    Object.assign(Object.prototype, { crit: ['exp'], kid: 'two' });
    try {
      verifying = verifyJws(token, { keys: { find }, algorithms: ['HS256'] });
    } finally {
      for (const name of ['crit', 'kid']) Reflect.deleteProperty(Object.prototype, name);
    }
    expect(await outcome(() => verifying)).toBe('accepted');
    expect(find.mock.calls).toEqual([['HS256', undefined]]);
  });

  // Hostile list 32.
  test('says nothing of the token in any refusal', async () => {
    const key = await secret();
    const other = await importHmacSecret(new Uint8Array(32).fill(8), 'HS256');
    const token = await signJws(encodeUtf8('payload'), other, { header: { typ: 'letter', x: 'confidential' } });
    const [header = '', payload = '', signature = ''] = token.split('.');
    for (const text of [token, `${token}=`, `${header}.${payload}`, `${segment('{"alg":confidential}')}.AA.AA`]) {
      const error: unknown = await verifyJws(text, hs256(key)).catch((caught: unknown) => caught);
      const told = isRefusal(error)
        ? `${error.message} ${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`
        : '';
      expect(told).toContain('jwt_');
      for (const part of [header, payload, signature, 'confidential', 'letter']) expect(told).not.toContain(part);
    }
  });

  test('refuses any changed letter', async () => {
    const key = await secret();
    const token = await signJws(Uint8Array.of(1, 2, 3), key);
    for (let index = 0; index < token.length; index++) {
      const other = token[index] === 'A' ? 'B' : 'A';
      const changed = token.slice(0, index) + other + token.slice(index + 1);
      expect(await outcome(() => verifyJws(changed, hs256(key)))).not.toBe('accepted');
    }
  });

  test('refuses other algorithms, crit and b64, and another key', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    const judge = async (header: object): Promise<string> => {
      const token = await forge(privateKey, 'payload', { alg: 'ES256', ...header });
      return await outcome(() => verifyJws(token, { keys: [publicKey], algorithms: ['ES256'] }));
    };
    expect(await judge({})).toBe('accepted');
    for (const alg of ['none', 'None', 'HS256', 'ES384', 'constructor']) {
      expect(await judge({ alg })).toBe('jwt_algorithm_not_allowed');
    }
    for (const header of [{ crit: [] }, { crit: ['b64'], b64: false }, { b64: false }, { b64: true }]) {
      expect(await judge(header)).toBe('jwt_critical_header_unsupported');
    }
    expect(await judge({ kid: 'two' })).toBe('jwt_key_not_found');
    const stranger = await generateJwtKeyPair('ES256');
    const token = await forge(stranger.privateKey, 'payload', { alg: 'ES256' });
    expect(await outcome(() => verifyJws(token, { keys: [publicKey], algorithms: ['ES256'] }))).toBe(
      'jwt_signature_invalid',
    );
  });

  // CVE-2018-0114 and its like.
  test('uses no key that a header brings or points at', async () => {
    const [mine, theirs] = [await generateJwtKeyPair('ES256'), await generateJwtKeyPair('ES256')];
    const jwk = await crypto.subtle.exportKey('jwk', theirs.publicKey.cryptoKey);
    const header = { alg: 'ES256', jwk, jku: 'https://evil.test/jwks', x5u: 'https://evil.test/c', x5c: ['MIIB'] };
    const fetched = vi.spyOn(globalThis, 'fetch');
    // Bun hands out the spy of an earlier test, with its calls.
    fetched.mockClear();
    const token = await forge(theirs.privateKey, 'payload', header);
    expect(await outcome(() => verifyJws(token, { keys: [mine.publicKey], algorithms: ['ES256'] }))).toBe(
      'jwt_signature_invalid',
    );
    expect(fetched).not.toHaveBeenCalled();
    fetched.mockRestore();
  });

  test.each([
    { algorithms: [] },
    { algorithms: ['none'] },
    { algorithms: undefined },
    { keys: [] },
    { keys: undefined },
    { key: 1 },
  ])(
    'refuses the option %j',
    async (option) => {
      const key = await secret();
      const options = { ...hs256(key), ...option } as VerifyJwsOptions; // the cast is the mistake
      await expect(verifyJws(await signJws(new Uint8Array(1), key), options)).rejects.toThrow(TypeError);
    },
  );

  // The two differ in what a payload may be, and in the cap.
  test('takes payloads that parseJwt() does not', async () => {
    const key = await secret();
    for (const payload of ['', 'null', '{"exp":1e999}', '\ufeff{}']) {
      const token = await signJws(encodeUtf8(payload), key);
      expect(await outcome(() => verifyJws(token, hs256(key)))).toBe('accepted');
      expect(await outcome(() => parseJwt(token))).toBe('jwt_malformed');
    }
  });

  test('reads an empty signature as none', async () => {
    expect(await outcome(async () => verifyJws(`${segment({ alg: 'HS256' })}.AA.`, hs256(await secret())))).toBe(
      'jwt_malformed',
    );
    expect(decodeBase64Url('')?.length).toBe(0);
  });
});
