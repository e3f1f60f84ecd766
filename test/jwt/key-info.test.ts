import { describe, expect, test } from 'vitest';
import type { JwtAlgorithm } from '../../src/jwt/algorithm.ts';
import { importPem } from '../../src/jwt/pem.ts';
import * as keys from '../vectors/pem-keys.ts';
import * as rfc8410 from '../vectors/pem-rfc8410.ts';
import { der, fromHex, fromPem, toPem } from './der-writer.ts';

type Bytes = Uint8Array<ArrayBuffer>;
type Part = Bytes | readonly number[];
type Case = readonly [what: string, algorithm: JwtAlgorithm, pem: () => string];

const INTEGER = 0x02;
const BITS = 0x03;
const OCTETS = 0x04;
const SEQUENCE = 0x30;
const NULL = [0x05, 0];
const RSA_OID = fromHex('06 09 2a 86 48 86 f7 0d 01 01 01');
const EC_OID = fromHex('06 07 2a 86 48 ce 3d 02 01');
const P256_OID = fromHex('06 08 2a 86 48 ce 3d 03 01 07');
const P384_OID = fromHex('06 05 2b 81 04 00 22');
const ED25519_OID = fromHex('06 03 2b 65 70');
const RSA_ID = der(SEQUENCE, RSA_OID, NULL);
const EC_ID = der(SEQUENCE, EC_OID, P256_OID);
const ED25519_ID = der(SEQUENCE, ED25519_OID);

// The parts of known keys, by their places in what OpenSSL wrote.
const point = (): Bytes => fromPem(keys.P256.publicKey).slice(-65);
const number = (): Bytes => fromPem(keys.P256.privateKey).slice(36, 68);
const seed = (): Bytes => fromPem(keys.ED25519.privateKey).slice(-32);
const edPoint = (): Bytes => fromPem(keys.ED25519.publicKey).slice(-32);
const modulus = (): Bytes => fromPem(keys.RSA.publicKey).slice(33, 289);
const exponent = [1, 0, 1];

const spki = (identifier: Part, ...key: readonly Part[]): string =>
  toPem('PUBLIC KEY', der(SEQUENCE, identifier, der(BITS, [0], ...key)));
const pkcs8 = (identifier: Part, key: Part, ...more: readonly Part[]): string =>
  toPem('PRIVATE KEY', der(SEQUENCE, [INTEGER, 1, 0], identifier, der(OCTETS, key), ...more));
const rsaNumbers = (n: Part, e: Part): Bytes => der(SEQUENCE, der(INTEGER, n), der(INTEGER, e));
const ecKey = (...more: readonly Part[]): Bytes => der(SEQUENCE, [INTEGER, 1, 1], der(OCTETS, number()), ...more);
const pointField = (bytes: Part = point()): Bytes => der(0xa1, der(BITS, [0], bytes));
const threePrimes = (): Bytes => {
  const bytes = fromPem(keys.RSA.privateKey);
  expect([...bytes.subarray(26, 33)]).toEqual([SEQUENCE, 0x82, 0x04, 0xa3, INTEGER, 1, 0]);
  return bytes.map((byte, place) => place === 32 ? 1 : byte);
};
const certificate = (fields: readonly Part[], more: readonly Part[] = []): string =>
  toPem('CERTIFICATE', der(SEQUENCE, der(SEQUENCE, ...fields), der(SEQUENCE, ED25519_OID), der(BITS, [0]), ...more));
const ecSpki = (): Bytes => der(SEQUENCE, EC_ID, der(BITS, [0], point()));
const VERSION = der(0xa0, [INTEGER, 1, 2]);
const SERIAL = [INTEGER, 1, 1];
const NAME = [SEQUENCE, 0];

const TAKEN: readonly Case[] = [
  ['a point', 'ES256', () => spki(EC_ID, point())],
  ['RSA numbers', 'RS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus()], exponent))],
  ['an exponent of 3', 'PS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus()], [3]))],
  ['an Ed25519 point', 'Ed25519', () => spki(ED25519_ID, edPoint())],
  ['a number with its point', 'ES256', () => pkcs8(EC_ID, ecKey(pointField()))],
  ['a number without its point', 'ES256', () => pkcs8(EC_ID, ecKey())],
  ['a number with its curve once more', 'ES256', () => pkcs8(EC_ID, ecKey(der(0xa0, P256_OID), pointField()))],
  ['a seed', 'EdDSA', () => pkcs8(ED25519_ID, der(OCTETS, seed()))],
  ['attributes', 'ES256', () => pkcs8(EC_ID, ecKey(pointField()), der(0xa0))],
  ['a certificate of version 1', 'ES256', () => certificate([SERIAL, NAME, NAME, NAME, NAME, ecSpki()])],
  [
    'a certificate with everything',
    'ES256',
    () => certificate([VERSION, SERIAL, NAME, NAME, NAME, NAME, ecSpki(), [0x81, 0], [0x82, 0], [0xa3, 0]]),
  ],
  ['the public key of RFC 8410 section 10.1', 'Ed25519', () => rfc8410.PUBLIC_KEY],
  ['the private key of RFC 8410 section 10.3', 'Ed25519', () => rfc8410.PRIVATE_KEY],
];

/** What is no SubjectPublicKeyInfo, PrivateKeyInfo or Certificate. */
const FRAME: readonly Case[] = [
  // X.690 section 10.1, at depths that a platform's own reader may take as BER.
  [
    'an indefinite length',
    'ES256',
    () => toPem('PUBLIC KEY', new Uint8Array([0x30, 0x80, ...ecSpki().slice(2), 0, 0])),
  ],
  ['an overlong length', 'ES256', () => toPem('PUBLIC KEY', new Uint8Array([0x30, 0x81, ...ecSpki().slice(1)]))],
  ['bits that are left unused', 'ES256', () => toPem('PUBLIC KEY', der(SEQUENCE, EC_ID, der(BITS, [1], point())))],
  ['an empty bit string', 'ES256', () => toPem('PUBLIC KEY', der(SEQUENCE, EC_ID, der(BITS)))],
  [
    'a field behind the key',
    'ES256',
    () => toPem('PUBLIC KEY', der(SEQUENCE, EC_ID, der(BITS, [0], point()), NULL)),
  ],
  ['an attribute of another tag', 'ES256', () => pkcs8(EC_ID, ecKey(), der(0xa2))],
  // RFC 5958 adds the public key in version 2, which half of the platforms do not take.
  ['the second private key of RFC 8410 section 10.3', 'Ed25519', () => rfc8410.PRIVATE_KEY_V2],
  [
    'the version of RFC 5958 without its public key',
    'ES256',
    () => toPem('PRIVATE KEY', der(SEQUENCE, [INTEGER, 1, 1], EC_ID, der(OCTETS, ecKey()))),
  ],
  ['octets for bits', 'ES256', () => toPem('PUBLIC KEY', der(SEQUENCE, EC_ID, der(OCTETS, [0], point())))],
  ['a set for a sequence', 'ES256', () => toPem('PUBLIC KEY', der(0x31, EC_ID, der(BITS, [0], point())))],
  [
    'a certificate with another thing for serial number',
    'ES256',
    () => certificate([NAME, NAME, NAME, NAME, NAME, ecSpki()]),
  ],
  [
    'a certificate with another thing for issuer',
    'ES256',
    () => certificate([SERIAL, NAME, NULL, NAME, NAME, ecSpki()]),
  ],
  [
    'a certificate without a serial number',
    'ES256',
    () => certificate([VERSION, NAME, NAME, NAME, NAME, ecSpki()]),
  ],
  [
    'a certificate of a version alone',
    'ES256',
    () => certificate([VERSION, VERSION, VERSION, VERSION, VERSION, VERSION]),
  ],
  ['a certificate of 5 fields', 'ES256', () => certificate([SERIAL, NAME, NAME, NAME, ecSpki()])],
  [
    'a certificate of 11 fields',
    'ES256',
    () => certificate([VERSION, SERIAL, NAME, NAME, NAME, NAME, ecSpki(), NAME, NAME, NAME, NAME]),
  ],
  [
    'a certificate whose key stands one place too early',
    'ES256',
    () => certificate([VERSION, SERIAL, NAME, NAME, NAME, ecSpki(), NAME]),
  ],
  [
    'a certificate with a field behind its signature',
    'ES256',
    () => certificate([SERIAL, NAME, NAME, NAME, NAME, ecSpki()], [NULL]),
  ],
  ['a certificate of nothing', 'ES256', () => toPem('CERTIFICATE', der(SEQUENCE))],
  ['nesting to the brim', 'ES256', () => toPem('CERTIFICATE', nest(2900))],
];

/** What is one, of a key for something else. */
const FAMILY: readonly Case[] = [
  ['the X25519 certificate of RFC 8410 section 10.2', 'Ed25519', () => rfc8410.CERTIFICATE],
  ['RSA without its NULL', 'RS256', () => spki(der(SEQUENCE, RSA_OID), rsaNumbers([0, ...modulus()], exponent))],
  ['Ed25519 with a NULL', 'Ed25519', () => spki(der(SEQUENCE, ED25519_OID, NULL), edPoint())],
  ['a curve with more behind it', 'ES256', () => spki(der(SEQUENCE, EC_OID, P256_OID, NULL), point())],
  ['no curve', 'ES256', () => spki(der(SEQUENCE, EC_OID), point())],
  ['an implicit curve', 'ES256', () => spki(der(SEQUENCE, EC_OID, NULL), point())],
];

/** What is a key of the right family, in a spelling that only some readers take. */
const SPELLING: readonly Case[] = [
  [
    'an overlong length inside of an RSA key',
    'RS256',
    () => spki(RSA_ID, der(SEQUENCE, der(INTEGER, [0, ...modulus()]), [INTEGER, 0x81, 3, ...exponent])),
  ],
  [
    'an indefinite length inside of an RSA key',
    'RS256',
    () => spki(RSA_ID, [SEQUENCE, 0x80, ...der(INTEGER, [0, ...modulus()]), ...der(INTEGER, exponent), 0, 0]),
  ],
  ['a byte behind the point', 'ES256', () => spki(EC_ID, point(), [0])],
  ['the point at infinity', 'ES256', () => spki(EC_ID, [0])],
  ['a hybrid point', 'ES256', () => spki(EC_ID, [6 + ((point()[64] ?? 0) & 1)], point().slice(1))],
  ['a compressed point', 'ES256', () => spki(EC_ID, [2 + ((point()[64] ?? 0) & 1)], point().slice(1, 33))],
  ['an Ed25519 point of 31 bytes', 'Ed25519', () => spki(ED25519_ID, edPoint().slice(1))],
  ['an Ed25519 point of 33 bytes', 'Ed25519', () => spki(ED25519_ID, edPoint(), [0])],
  ['an RSA modulus below zero', 'RS256', () => spki(RSA_ID, rsaNumbers(modulus(), exponent))],
  ['an RSA modulus with a zero in front', 'RS256', () => spki(RSA_ID, rsaNumbers([0, 0, ...modulus()], exponent))],
  ['an RSA exponent with a zero in front', 'RS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus()], [0, 3]))],
  ['an empty RSA exponent', 'RS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus()], []))],
  [
    'a third RSA number',
    'RS256',
    () => spki(RSA_ID, der(SEQUENCE, [INTEGER, 1, 3], [INTEGER, 1, 3], [INTEGER, 1, 3])),
  ],
  ['an RSA private key that says it has three primes', 'RS256', () => toPem('PRIVATE KEY', threePrimes())],
  ['an RSA private key without its primes', 'RS256', () => pkcs8(RSA_ID, rsaNumbers([0, ...modulus()], exponent))],
  [
    'a number of 31 bytes',
    'ES256',
    () => pkcs8(EC_ID, der(SEQUENCE, [INTEGER, 1, 1], der(OCTETS, number().slice(1)))),
  ],
  ['a number of 33 bytes', 'ES256', () => pkcs8(EC_ID, der(SEQUENCE, [INTEGER, 1, 1], der(OCTETS, [0], number())))],
  ['version 0 of the number', 'ES256', () => pkcs8(EC_ID, der(SEQUENCE, [INTEGER, 1, 0], der(OCTETS, number())))],
  ['a curve that contradicts', 'ES256', () => pkcs8(EC_ID, ecKey(der(0xa0, P384_OID), pointField()))],
  ['a compressed point beside it', 'ES256', () => pkcs8(EC_ID, ecKey(pointField([2, ...point().slice(1, 33)])))],
  ['an unknown field beside it', 'ES256', () => pkcs8(EC_ID, ecKey(der(0xa2, NULL)))],
  ['its point before its curve', 'ES256', () => pkcs8(EC_ID, ecKey(pointField(), der(0xa0, P256_OID)))],
  ['its point twice', 'ES256', () => pkcs8(EC_ID, ecKey(pointField(), pointField()))],
  ['a seed without its frame', 'Ed25519', () => pkcs8(ED25519_ID, seed())],
  ['a seed of 31 bytes', 'Ed25519', () => pkcs8(ED25519_ID, der(OCTETS, seed().slice(1)))],
  ['a seed with its point behind it', 'Ed25519', () => pkcs8(ED25519_ID, der(OCTETS, seed(), edPoint()))],
];

/** What is spelled well, and no key or a weak one. */
const NUMBERS: readonly Case[] = [
  // RFC 8017 section 3.1: e is odd and at least 3; with 1 every text is its own signature.
  ['an RSA exponent of 0', 'RS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus()], [0]))],
  ['an RSA exponent of 1', 'RS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus()], [1]))],
  ['an RSA exponent of 2', 'PS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus()], [2]))],
  ['an even RSA exponent', 'PS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus()], [1, 0, 0]))],
  ['an RSA exponent of 5 bytes', 'PS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus()], [1, 0, 0, 0, 1]))],
  ['an even RSA modulus', 'RS256', () => spki(RSA_ID, rsaNumbers([0, ...modulus().slice(0, 255), 2], exponent))],
  // Whoever likes writes signatures that such a key proves.
  ['an Ed25519 point of zeros', 'Ed25519', () => spki(ED25519_ID, new Uint8Array(32))],
  ['the neutral point of Ed25519', 'EdDSA', () => spki(ED25519_ID, [1], new Uint8Array(31))],
  [
    'an RSA modulus of 2040 bits',
    'RS256',
    () => spki(RSA_ID, rsaNumbers([0, ...modulus().slice(0, 255)], exponent)),
  ],
  [
    'an RSA modulus of 8200 bits',
    'RS256',
    () => spki(RSA_ID, rsaNumbers([0, 0xff, ...new Uint8Array(1023), 1], exponent)),
  ],
  [
    'a number of zero',
    'ES256',
    () => pkcs8(EC_ID, der(SEQUENCE, [INTEGER, 1, 1], der(OCTETS, new Uint8Array(32)))),
  ],
  [
    'a number beyond the order',
    'ES256',
    () => pkcs8(EC_ID, der(SEQUENCE, [INTEGER, 1, 1], der(OCTETS, new Uint8Array(32).fill(255)))),
  ],
  [
    'another point beside it',
    'ES256',
    () => pkcs8(EC_ID, ecKey(pointField(fromPem(keys.OTHER_P256_PUBLIC_KEY).slice(-65)))),
  ],
];

describe('importPem() and the spelling of keys', () => {
  test.each(TAKEN)('importPem() takes %s', async (_what, algorithm, pem) => {
    expect((await importPem(pem(), { algorithm })).algorithm).toBe(algorithm);
  });

  test.each(FRAME)('importPem() refuses %s', async (_what, algorithm, pem) => {
    expect(await refusal(pem(), algorithm)).toMatch(/: what it holds is not what its label [A-Z ]+ says, in DER\.$/);
  });

  test.each(FAMILY)('importPem() refuses %s', async (_what, algorithm, pem) => {
    expect(await refusal(pem(), algorithm)).toMatch(/: its key is none for \w+\.$/);
  });

  test.each(SPELLING)('importPem() refuses %s', async (_what, algorithm, pem) => {
    expect(await refusal(pem(), algorithm)).toMatch(/: its numbers are spelled as in no key of their kind\.$/);
  });

  test.each(NUMBERS)('importPem() refuses %s', async (_what, algorithm, pem) => {
    const message = await refusal(pem(), algorithm);
    expect(message).toMatch(/^Cannot import PEM: /);
    expect(message).not.toMatch(/label|none for|spelled/);
  });
});

async function refusal(pem: string, algorithm: JwtAlgorithm): Promise<string> {
  const error: unknown = await importPem(pem, { algorithm }).catch((caught: unknown) => caught);
  if (error instanceof TypeError) return error.message;
  throw new Error('The PEM was taken, or refused with something else.');
}

/** Sequences in sequences: what a reader that calls itself for each would run out of stack on. */
function nest(depth: number): Bytes {
  let bytes: Bytes = der(SEQUENCE);
  for (let index = 0; index < depth; index++) bytes = der(SEQUENCE, bytes);
  return bytes;
}
