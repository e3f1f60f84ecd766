import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import { algorithmRow, type JwtAlgorithm } from '../../src/jwt/algorithm.ts';
import { verifyJws } from '../../src/jwt/jws.ts';
import type { JwtKey } from '../../src/jwt/key.ts';
import { importPem, type ImportPemOptions } from '../../src/jwt/pem.ts';
import * as keys from '../vectors/pem-keys.ts';
import * as unusable from '../vectors/pem-unusable.ts';
import { TOKEN as RS256_TOKEN } from '../vectors/rfc7515-a2.ts';
import { TOKEN as ES256_TOKEN } from '../vectors/rfc7515-a3.ts';
import { TOKEN as ES512_TOKEN } from '../vectors/rfc7515-a4.ts';
import { TOKEN as EDDSA_TOKEN } from '../vectors/rfc8037-a.ts';
import { fromPem, toPem } from './der-writer.ts';

/** Each algorithm with keys in its three spellings, and a JWS of an RFC by that very key. */
const FAMILIES: readonly (readonly [JwtAlgorithm, keys.PemVector, string | undefined])[] = [
  ['RS256', keys.RSA, RS256_TOKEN],
  ['RS384', keys.RSA, undefined],
  ['RS512', keys.RSA, undefined],
  ['PS256', keys.RSA, undefined],
  ['PS384', keys.RSA, undefined],
  ['PS512', keys.RSA, undefined],
  ['ES256', keys.P256, ES256_TOKEN],
  ['ES384', keys.P384, undefined],
  ['ES512', keys.P521, ES512_TOKEN],
  ['EdDSA', keys.ED25519, EDDSA_TOKEN],
  ['Ed25519', keys.ED25519, undefined],
];
const { publicKey: SPKI, privateKey: PKCS8, certificate: CERTIFICATE } = keys.P256;
const ES256: ImportPemOptions = { algorithm: 'ES256' };
const BODY = SPKI.split('\n').slice(1, -2);

async function refusal(pem: unknown, options: unknown = ES256): Promise<string> {
  try {
    // The casts are the mistakes that are tested.
    await importPem(pem as string, options as ImportPemOptions);
  } catch (error) {
    if (error instanceof TypeError && error.cause === undefined) return error.message;
    throw error;
  }
  throw new Error('The PEM was taken.');
}

function flip(bytes: Uint8Array<ArrayBuffer>, index: number): Uint8Array<ArrayBuffer> {
  return bytes.map((byte, place) => place === index ? byte ^ 1 : byte);
}

async function proves(signer: JwtKey, verifier: JwtKey): Promise<boolean> {
  const { signParams } = algorithmRow(signer.algorithm);
  const message = encodeUtf8('message');
  const signature = await crypto.subtle.sign(signParams, signer.cryptoKey, message);
  return await crypto.subtle.verify(signParams, verifier.cryptoKey, signature, message);
}

/** Refused with a TypeError, or a key of the right algorithm: there is no third. */
async function isRefusedOrKey(pem: string, algorithm: JwtAlgorithm): Promise<'refused' | 'key'> {
  let key: JwtKey;
  try {
    key = await importPem(pem, { algorithm });
  } catch (error) {
    expect(error).toBeInstanceOf(TypeError);
    expect(String(error)).toMatch(/^TypeError: Cannot import PEM: /);
    return 'refused';
  }
  const { name, namedCurve } = algorithmRow(algorithm).keyParams;
  expect(key.algorithm).toBe(algorithm);
  expect(key.cryptoKey.algorithm).toMatchObject(namedCurve === undefined ? { name } : { name, namedCurve });
  return 'key';
}

describe('importPem() of good keys', () => {
  test.each(FAMILIES)('importPem() imports a public key for %s', async (algorithm, { publicKey }, token) => {
    const key = await importPem(publicKey, { algorithm, keyId: 'one' });
    expect(key).toMatchObject({ algorithm, type: 'public', keyId: 'one' });
    expect(key.cryptoKey.usages).toEqual(['verify']);
    expect(Object.isFrozen(key)).toBe(true);
    if (token === undefined) return;
    const unnamed = await importPem(publicKey, { algorithm });
    expect(unnamed.keyId).toBe(undefined);
    expect((await verifyJws(token, { keys: [unnamed], algorithms: [algorithm] })).header.alg).toBe(algorithm);
  });

  test.each(FAMILIES)('importPem() cuts the key for %s out of a certificate', async (algorithm, pems, token) => {
    const key = await importPem(pems.certificate, { algorithm });
    expect(key).toMatchObject({ algorithm, type: 'public', keyId: undefined });
    expect(await proves(await importPem(pems.privateKey, { algorithm }), key)).toBe(true);
    if (token === undefined) return;
    expect((await verifyJws(token, { keys: [key], algorithms: [algorithm] })).header.alg).toBe(algorithm);
  });

  test.each(FAMILIES)('importPem() imports a private key for %s that stays', async (algorithm, pems) => {
    const key = await importPem(pems.privateKey, { algorithm, keyId: 'one' });
    expect(key).toMatchObject({ algorithm, type: 'private', keyId: 'one' });
    expect(key.cryptoKey.usages).toEqual(['sign']);
    expect(key.cryptoKey.extractable).toBe(false);
    expect(await proves(key, await importPem(pems.publicKey, { algorithm }))).toBe(true);
  });

  test('importPem() reads a certificate of version 1', async () => {
    const key = await importPem(keys.P256_CERTIFICATE_V1, ES256);
    expect((await verifyJws(ES256_TOKEN, { keys: [key], algorithms: ['ES256'] })).header.alg).toBe('ES256');
  });

  // What the docstring says that it does not do; whoever needs that has to know.
  test('importPem() believes a certificate with another signature, other dates and another subject', async () => {
    const text = String.fromCharCode(...fromPem(CERTIFICATE));
    const forged = `${text.replaceAll('p256', 'evil').replaceAll('26112', '19112').slice(0, -1)}\0`;
    expect(forged.length).toBe(text.length);
    const bytes = Uint8Array.from(forged, (letter) => letter.charCodeAt(0));
    const key = await importPem(toPem('CERTIFICATE', bytes), ES256);
    expect((await verifyJws(ES256_TOKEN, { keys: [key], algorithms: ['ES256'] })).header.alg).toBe('ES256');
  });

  test.each([
    ['CRLF', SPKI.replaceAll('\n', '\r\n')],
    ['no last line end', SPKI.trimEnd()],
    ['CRLF, but for the last line', SPKI.trimEnd().replaceAll('\n', '\r\n')],
    ['lines of 76', toPem('PUBLIC KEY', fromPem(SPKI), 76)],
    ['lines of 10', toPem('PUBLIC KEY', fromPem(SPKI), 10)],
  ])('importPem() takes %s', async (_what, pem) => {
    expect((await importPem(pem, ES256)).type).toBe('public');
  });
});

describe('importPem() and its text', () => {
  test.each([
    // Hostile to those who look at a text's beginning to tell a secret from a PEM (CVE-2026-34950).
    ['a leading space', ` ${SPKI}`, /must begin with its BEGIN line/],
    ['a leading line feed', `\n${SPKI}`, /must begin with its BEGIN line/],
    ['a leading CRLF', `\r\n${SPKI}`, /must begin with its BEGIN line/],
    ['a leading tab', `\t${SPKI}`, /must begin with its BEGIN line/],
    ['a byte order mark', `\ufeff${SPKI}`, /must begin with its BEGIN line/],
    ['a line before the first', `Subject: CN=id\n${SPKI}`, /must begin with its BEGIN line/],
    ['a space after the BEGIN line', SPKI.replace('KEY-----\n', 'KEY----- \n'), /must begin with its BEGIN line/],
    ['indentation', SPKI.replaceAll('\n', '\n  '), /must end with the END line/],
    ['two last line ends', `${SPKI}\n`, /must end with the END line/],
    ['a trailing space', `${SPKI} `, /must end with the END line/],
    ['a line after the last', `${SPKI}junk`, /must end with the END line/],
    ['a NUL after the last', `${SPKI}\0`, /must end with the END line/],
    ['no END line', SPKI.slice(0, SPKI.indexOf('-----END')), /must end with the END line/],
    ['the END line of another label', SPKI.replace('END PUBLIC', 'END PRIVATE'), /must end with the END line/],
    ['the BEGIN line alone', '-----BEGIN PUBLIC KEY-----', /must end with the END line/],
    ['both lines in one', '-----BEGIN PUBLIC KEY-----END PUBLIC KEY-----', /its label must be one of/],
    ['the same line for both', '-----BEGIN -----', /its label must be one of/],
    ['four dashes', SPKI.replace('KEY-----\n', 'KEY----\n'), /must begin with its BEGIN line/],
    ['two keys', `${SPKI}${SPKI}`, /base64 and nothing else/],
    ['a chain of certificates', `${CERTIFICATE}${CERTIFICATE}`, /base64 and nothing else/],
    ['a private and a public key', `${PKCS8}${SPKI}`, /must end with the END line/],
    ['headers', SPKI.replace('KEY-----\n', 'KEY-----\nProc-Type: 4,ENCRYPTED\n'), /base64 and nothing else/],
    ['an empty line', SPKI.replace('KEY-----\n', 'KEY-----\n\n'), /lines must hold 1 to 76/],
    ['a line of 77', toPem('PUBLIC KEY', fromPem(SPKI), 77), /lines must hold 1 to 76/],
    ['nothing between', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n', /not what its label PUBLIC KEY says/],
    ['mixed line ends', SPKI.replace('\n', '\r\n'), /must end with the END line/],
    ['a lone CR', SPKI.replaceAll('\n', '\r'), /must begin with its BEGIN line/],
    ['line ends spelled with a backslash', SPKI.replaceAll('\n', '\\n'), /must begin with its BEGIN line/],
    ['a space between lines', SPKI.replace('\n', ' \n'), /must begin with its BEGIN line/],
    ['no padding', SPKI.replaceAll('=', ''), /base64 and nothing else/],
    ['padding inside', SPKI.replace(BODY[0] ?? '', `${(BODY[0] ?? '').slice(0, -1)}=`), /base64 and nothing else/],
    ['base64url', SPKI.replaceAll('+', '-').replaceAll('/', '_'), /base64 and nothing else/],
    ['trailing bits that are not zero', SPKI.replace('lrQ==', 'lrR=='), /base64 and nothing else/],
    ['a lower-case label', SPKI.replaceAll('PUBLIC KEY', 'public key'), /its label must be one of/],
    ['a label with another space', SPKI.replaceAll('PUBLIC KEY', 'PUBLIC  KEY'), /its label must be one of/],
    ['a label of a prototype', SPKI.replaceAll('PUBLIC KEY', '__proto__'), /its label must be one of/],
    ['an unknown label', toPem('OPENSSH PRIVATE KEY', fromPem(PKCS8)), /its label must be one of/],
    ['nothing', '', /must begin with its BEGIN line/],
    ['a JWK', '{"kty":"EC"}', /must begin with its BEGIN line/],
    ['bytes', encodeUtf8(SPKI), /must be a string/],
    ['an object that reads as one', { toString: () => SPKI }, /must be a string/],
    ['undefined', undefined, /must be a string/],
    ['a list', [SPKI], /must be a string/],
  ])('importPem() refuses %s', async (_what, pem, message) => {
    expect(await refusal(pem)).toMatch(message);
  });

  test('importPem() refuses what is too long before it looks at it', async () => {
    const line = `${'A'.repeat(63)}\n`;
    const begin = '-----BEGIN PUBLIC KEY-----\n';
    const end = '-----END PUBLIC KEY-----';
    const body = line.repeat(256).slice(0, 16_384 - begin.length - end.length - 1);
    expect(await refusal(`${begin}${body}\n${end}`)).not.toMatch(/longer than/);
    expect(await refusal(`${begin}${body}\n${end}\n`)).toMatch(/longer than 16384 characters/);
    expect(await refusal('-'.repeat(1_000_000))).toMatch(/longer than/);
    expect(await refusal('\n'.repeat(16_384))).toMatch(/must begin/);
    expect(await refusal(begin.repeat(600))).toMatch(/must end/);
  });

  test.each([
    ['RSA PUBLIC KEY', unusable.PKCS1_PUBLIC, 'RS256', /convert it from PKCS#1 to SubjectPublicKeyInfo/],
    ['RSA PRIVATE KEY', unusable.PKCS1_PRIVATE, 'RS256', /convert it from PKCS#1 to PKCS#8/],
    ['EC PRIVATE KEY', unusable.SEC1_PRIVATE, 'ES256', /convert it from SEC 1 to PKCS#8/],
    ['ENCRYPTED PRIVATE KEY', unusable.ENCRYPTED_PRIVATE, 'ES256', /decrypt it first/],
  ])('importPem() refuses the label %s and says what to do', async (_label, pem, algorithm, message) => {
    expect(await refusal(pem, { algorithm })).toMatch(message);
  });

  test.each([
    ['a certificate', 'PUBLIC KEY', CERTIFICATE],
    ['a private key', 'PUBLIC KEY', PKCS8],
    ['a public key', 'PRIVATE KEY', SPKI],
    ['a certificate', 'PRIVATE KEY', CERTIFICATE],
    ['a public key', 'CERTIFICATE', SPKI],
    ['a private key', 'CERTIFICATE', PKCS8],
    ['a SEC 1 key', 'PRIVATE KEY', unusable.SEC1_PRIVATE],
    ['an encrypted key', 'PRIVATE KEY', unusable.ENCRYPTED_PRIVATE],
  ])('importPem() refuses %s that is called %s', async (_what, label, pem) => {
    expect(await refusal(toPem(label, fromPem(pem)))).toMatch(new RegExp(`not what its label ${label} says`));
  });
});

describe('importPem() and its options', () => {
  // CVE-2016-10555: whoever takes a public key for a secret believes everybody.
  test.each(['HS256', 'HS384', 'HS512'])('importPem() refuses %s', async (algorithm) => {
    for (const pem of [SPKI, PKCS8, CERTIFICATE, 'secret']) {
      expect(await refusal(pem, { algorithm })).toMatch(/a PEM is no secret; for HS\d+ use importHmacSecret/);
    }
  });

  test.each([
    ['no options', null],
    ['no algorithm', {}],
    ['the algorithm none', { algorithm: 'none' }],
    ['an algorithm of a prototype', { algorithm: 'constructor' }],
    ['a list of algorithms', { algorithm: ['ES256'] }],
    ['an inherited algorithm', Object.create({ algorithm: 'ES256' })],
    ['an unknown option', { algorithm: 'ES256', extractable: true }],
    ['an empty key id', { algorithm: 'ES256', keyId: '' }],
    ['a key id of 257 characters', { algorithm: 'ES256', keyId: 'k'.repeat(257) }],
    ['a key id that is a number', { algorithm: 'ES256', keyId: 1 }],
  ])('importPem() refuses %s', async (_what, options) => {
    expect(await refusal(SPKI, options)).toMatch(/^Cannot import PEM: /);
  });

  // RFC 8725 section 3.1: the key decides what it is for, and it is asked.
  const others = FAMILIES.flatMap(([algorithm, own]) =>
    [...new Set(FAMILIES.map(([, pems]) => pems))].filter((pems) => pems !== own).map((pems) => ({ algorithm, pems }))
  );
  test('importPem() refuses every key of another family or curve, in each spelling', async () => {
    expect(others.length).toBe(44);
    for (const { algorithm, pems } of others) {
      for (const pem of [pems.publicKey, pems.privateKey, pems.certificate]) {
        expect(await refusal(pem, { algorithm })).toBe(`Cannot import PEM: its key is none for ${algorithm}.`);
      }
    }
  });
});

describe('importPem() of bad keys', () => {
  test.each([
    ['a key for RSASSA-PSS alone', unusable.RSA_PSS, 'PS256', /its key is none for PS256/],
    ['a key for RSASSA-PSS alone, as another', unusable.RSA_PSS, 'RS256', /its key is none for RS256/],
    ['X25519', unusable.X25519, 'Ed25519', /its key is none for Ed25519/],
    ['Ed448', unusable.ED448, 'EdDSA', /its key is none for EdDSA/],
    ['secp256k1', unusable.SECP256K1, 'ES256', /its key is none for ES256/],
    ['a curve that is written out', unusable.P256_EXPLICIT, 'ES256', /its key is none for ES256/],
    ['a compressed point', unusable.P256_COMPRESSED, 'ES256', /spelled/],
    // RFC 7518 section 3.3.
    ['RSA of 1024 bits', unusable.RSA_1024, 'RS256', /its modulus must be/],
    ['RSA of 1024 bits, private', unusable.RSA_1024_PRIVATE, 'PS256', /its modulus must be/],
    ['RSA of 2040 bits', unusable.RSA_2040, 'RS256', /its modulus must be/],
    ['an RSA exponent of 5 bytes', unusable.RSA_WIDE_EXPONENT, 'RS256', /its exponent odd/],
  ])('importPem() refuses %s', async (_what, pem, algorithm, message) => {
    expect(await refusal(pem, { algorithm })).toMatch(message);
  });

  test('importPem() refuses a point that is not on the curve', async () => {
    const bytes = fromPem(SPKI);
    expect(await refusal(toPem('PUBLIC KEY', flip(bytes, bytes.length - 1)))).toMatch(/Cannot import PEM/);
  });

  test('importPem() refuses a private number that belongs to another point', async () => {
    const bytes = fromPem(PKCS8);
    // The last byte of the number; the point stands behind it.
    expect([...bytes.subarray(34, 36)]).toEqual([4, 32]);
    expect(await refusal(toPem('PRIVATE KEY', flip(bytes, 67)))).toMatch(/Cannot import PEM/);
  });

  // Node's importKey takes it; what it signs, nobody can verify.
  test('importPem() refuses a private RSA key whose modulus belongs to another', async () => {
    const bytes = fromPem(keys.RSA.privateKey);
    // The modulus begins behind its length and a zero.
    expect([...bytes.subarray(33, 38)]).toEqual([2, 0x82, 1, 1, 0]);
    expect(await refusal(toPem('PRIVATE KEY', flip(bytes, 100)), { algorithm: 'RS256' })).toMatch(/Cannot import PEM/);
  });
});

describe('importPem() on a platform without an algorithm', () => {
  test('importPem() says so', async () => {
    const absent = new DOMException('Unrecognized name', 'NotSupportedError');
    const spy = vi.spyOn(crypto.subtle, 'importKey').mockRejectedValue(absent);
    try {
      for (const pem of [keys.ED25519.publicKey, keys.ED25519.privateKey, keys.ED25519.certificate]) {
        expect(await refusal(pem, { algorithm: 'Ed25519' })).toMatch(/: this platform has no Ed25519\.$/);
      }
    } finally {
      spy.mockRestore();
    }
    expect((await importPem(keys.ED25519.publicKey, { algorithm: 'Ed25519' })).type).toBe('public');
  });

  test('importPem() asks the platform for nothing before it has read a PEM', async () => {
    const spy = vi.spyOn(crypto.subtle, 'importKey');
    try {
      for (const pem of [` ${SPKI}`, SPKI.slice(0, -30), keys.P384.publicKey, unusable.P256_COMPRESSED]) {
        await refusal(pem);
      }
      expect(spy).not.toHaveBeenCalled();
      await importPem(SPKI, ES256);
      expect(spy).toHaveBeenCalled();
    } finally {
      spy.mockRestore();
    }
  });
});

describe('importPem() of damaged keys', () => {
  test('importPem() refuses every truncation of a text', async () => {
    for (const pem of [SPKI, CERTIFICATE]) {
      for (let length = 0; length < pem.length - 1; length++) await refusal(pem.slice(0, length));
      for (let start = 1; start < pem.length; start++) await refusal(pem.slice(start));
    }
  });

  test('importPem() refuses every truncation and every extension of the bytes', async () => {
    for (const [label, pem] of [['PUBLIC KEY', SPKI], ['PRIVATE KEY', PKCS8], ['CERTIFICATE', CERTIFICATE]] as const) {
      const bytes = fromPem(pem);
      for (let length = 0; length < bytes.length; length++) await refusal(toPem(label, bytes.slice(0, length)));
      await refusal(toPem(label, new Uint8Array([...bytes, 0])));
      await refusal(toPem(label, new Uint8Array([...bytes, ...bytes])));
    }
  });

  const damaged: readonly (readonly [string, JwtAlgorithm, string, string])[] = [
    ['a public key on P-256', 'ES256', 'PUBLIC KEY', SPKI],
    ['a private key on P-256', 'ES256', 'PRIVATE KEY', PKCS8],
    ['a certificate', 'ES256', 'CERTIFICATE', keys.P256_CERTIFICATE_V1],
    ['a public Ed25519 key', 'Ed25519', 'PUBLIC KEY', keys.ED25519.publicKey],
    ['a private Ed25519 key', 'Ed25519', 'PRIVATE KEY', keys.ED25519.privateKey],
    ['a public RSA key', 'RS256', 'PUBLIC KEY', keys.RSA.publicKey],
  ];
  test.each(damaged)(
    'importPem() refuses %s with one byte changed, or has a key',
    async (_what, algorithm, label, pem) => {
      const bytes = fromPem(pem);
      for (let index = 0; index < bytes.length; index++) {
        for (const value of [0, 0x80, 0xff, (bytes[index] ?? 0) ^ 1]) {
          const changed = bytes.slice();
          changed[index] = value;
          await isRefusedOrKey(toPem(label, changed), algorithm);
        }
      }
    },
  );

  // The frame of an RSA private key, and samples of its numbers: each that is taken costs two signatures.
  test('importPem() refuses a private RSA key with one byte changed, or has a key', async () => {
    const bytes = fromPem(keys.RSA.privateKey);
    for (let index = 0; index < bytes.length; index += index < 48 ? 1 : 61) {
      await isRefusedOrKey(toPem('PRIVATE KEY', flip(bytes, index)), 'RS256');
    }
  });

  test('importPem() refuses a text with one character changed, or has a key', async () => {
    const letter = fc.constantFrom(...'A/=-\n\r \0é');
    await fc.assert(
      fc.asyncProperty(fc.nat(SPKI.length - 1), letter, async (index, changed) => {
        await isRefusedOrKey(`${SPKI.slice(0, index)}${changed}${SPKI.slice(index + 1)}`, 'ES256');
      }),
      { numRuns: 200 },
    );
  });

  test('importPem() refuses any bytes at all', async () => {
    const label = fc.constantFrom('PUBLIC KEY', 'PRIVATE KEY', 'CERTIFICATE');
    await fc.assert(
      fc.asyncProperty(label, fc.uint8Array({ maxLength: 200 }), async (name, bytes) => {
        expect(await isRefusedOrKey(toPem(name, new Uint8Array(bytes)), 'ES256')).toBe('refused');
      }),
      { numRuns: 200 },
    );
  });

  test('importPem() never repeats what it was given', async () => {
    const lines = PKCS8.split('\n');
    const pieces = [...lines.slice(1, -2), 'SECRET'];
    const inputs = [
      ...lines.map((_line, index) => lines.toSpliced(index, 1).join('\n')),
      ...lines.map((line) => PKCS8.replace(line, `${line}SECRET`)),
      PKCS8.replaceAll('PRIVATE KEY', 'SECRET KEY'),
      PKCS8.replaceAll('PRIVATE', 'EC PRIVATE'),
      lines.slice(1, -2).join(''),
      'SECRET',
    ];
    for (const input of inputs.filter((one) => one !== PKCS8 && `${one}\n` !== PKCS8)) {
      const message = await refusal(input);
      expect(pieces.filter((piece) => message.includes(piece))).toEqual([]);
    }
  });
});
