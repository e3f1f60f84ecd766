import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { decodeBase64Url, encodeBase64Url } from '../../src/encoding/base64url.ts';
import {
  generateJwtKeyPair,
  importHmacSecret,
  type JwtKey,
  signJws,
  type SignJwsOptions,
  verifyJws,
  type VerifyJwsOptions,
} from '../../src/jwt/index.ts';
import { forge, outcome, segment } from './forge.ts';
import { MALFORMED_TOKENS } from './malformed.ts';

async function secret(): Promise<JwtKey> {
  return await importHmacSecret(new Uint8Array(32).fill(7), 'HS256');
}

function hs256(key: JwtKey, more: Partial<VerifyJwsOptions> = {}): VerifyJwsOptions {
  return { keys: [key], algorithms: ['HS256'], ...more };
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
    ['a typ that is a number', { typ: 7 }],
    ['a kid that is a number', { kid: 7 }],
    ['a kid of 257 characters', { kid: 'k'.repeat(257) }],
    ['__proto__', JSON.parse('{"__proto__":{"alg":"none"}}')],
    ['a Date', { at: new Date(0) }],
    ['a toJSON', { at: { toJSON: () => 'none' } }],
    ['NaN', { at: NaN }],
    ['undefined', { at: undefined }],
    ['half a surrogate pair', { at: '\ud800' }],
    ['a list for a header', []],
    ['a string for a header', 'typ'],
  ])('refuses %s', async (_what, header) => {
    // The cast is the mistake.
    await expect(signJws(new Uint8Array(1), await secret(), { header } as SignJwsOptions)).rejects.toThrow(TypeError);
  });

  test.each<unknown>(['text', [1], new ArrayBuffer(1), undefined, null, {}])(
    'refuses the payload %j',
    async (payload) => {
      await expect(signJws(payload as Uint8Array, await secret())).rejects.toThrow(TypeError);
    },
  );

  test('refuses a public key, and an unknown option', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
    await expect(signJws(new Uint8Array(1), publicKey)).rejects.toThrow(TypeError);
    await expect(signJws(new Uint8Array(1), privateKey, { kid: 'one' } as SignJwsOptions)).rejects.toThrow(TypeError);
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

  test('reads an empty signature as none', async () => {
    expect(await outcome(async () => verifyJws(`${segment({ alg: 'HS256' })}.AA.`, hs256(await secret())))).toBe(
      'jwt_malformed',
    );
    expect(decodeBase64Url('')?.length).toBe(0);
  });
});
