import { encodeHex } from '../encoding/hex.ts';
import type { AlgorithmRow } from './algorithm.ts';
import {
  DER_BIT_STRING,
  DER_INTEGER,
  DER_OBJECT_IDENTIFIER,
  DER_OCTET_STRING,
  DER_SEQUENCE,
  type DerValue,
  readDer,
} from './der.ts';
import { isStrongExponent, isStrongModulus } from './rsa.ts';
import { isSmallOrder } from './small-order.ts';

type Bytes = Uint8Array<ArrayBuffer>;

/** A key as a PEM carries it: what it says it is, and the key itself. Nobody has imported it yet. */
export interface KeyInfo {
  /** The format's name in Web Crypto. */
  readonly format: 'spki' | 'pkcs8';
  /** What `importKey` takes: a whole SubjectPublicKeyInfo or PrivateKeyInfo. */
  readonly whole: Bytes;
  /** The AlgorithmIdentifier, whole. */
  readonly identifier: Bytes;
  /** What the family of the key puts inside. */
  readonly key: Bytes;
}

/** The AlgorithmIdentifiers, whole: each has one spelling in DER, with its curve or its NULL. */
const IDENTIFIERS: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  // RFC 3279 section 2.3.1. Not id-RSASSA-PSS (RFC 4055): Web Crypto takes it nowhere, and a key of rsaEncryption serves PS256 as well.
  ['RSA', '300d06092a864886f70d0101010500'],
  // RFC 5480 section 2.1.1: named curves alone. On a curve that is written out, anybody can know the private half of any point.
  ['P-256', '301306072a8648ce3d020106082a8648ce3d030107'],
  ['P-384', '301006072a8648ce3d020106052b81040022'],
  ['P-521', '301006072a8648ce3d020106052b81040023'],
  // RFC 8410 section 3.
  ['Ed25519', '300506032b6570'],
]);
const CONTEXT_0 = 0xa0;
const CONTEXT_1 = 0xa1;
const UNCOMPRESSED = 4;

/** Reads a SubjectPublicKeyInfo (RFC 5280 section 4.1). */
export function readPublicKeyInfo(der: Bytes): KeyInfo | undefined {
  const [identifier, key] = readSequence(der, [DER_SEQUENCE, DER_BIT_STRING]) ?? [];
  // The first octet of a BIT STRING counts bits that its last octet leaves unused.
  if (identifier === undefined || key?.content[0] !== 0) return undefined;
  return { format: 'spki', whole: der, identifier: identifier.whole, key: key.content.subarray(1) };
}

/** Reads a PrivateKeyInfo (RFC 5208 section 5), with or without attributes. */
export function readPrivateKeyInfo(der: Bytes): KeyInfo | undefined {
  const [version, identifier, key, attributes] = readSequence(der, [DER_INTEGER, DER_SEQUENCE, DER_OCTET_STRING], 4) ??
    [];
  if (version === undefined || identifier === undefined || key === undefined || !holds(version, 0)) return undefined;
  if (attributes !== undefined && attributes.tag !== CONTEXT_0) return undefined;
  return { format: 'pkcs8', whole: der, identifier: identifier.whole, key: key.content };
}

/** Cuts the SubjectPublicKeyInfo out of a certificate (RFC 5280 section 4.1). The rest is believed by nobody, and only taken apart. */
export function readCertificate(der: Bytes): KeyInfo | undefined {
  const [signed] = readSequence(der, [DER_SEQUENCE, DER_SEQUENCE, DER_BIT_STRING]) ?? [];
  if (signed === undefined) return undefined;
  const fields = readDer(signed.content, 6, 10);
  // A certificate of version 1 leaves the version out.
  const rest = fields?.[0]?.tag === CONTEXT_0 ? fields.slice(1) : fields;
  // Serial number, algorithm, issuer, validity, subject, key; then what versions 2 and 3 add.
  const [serialNumber, ...five] = rest?.slice(0, 6) ?? [];
  const key = five[4];
  if (serialNumber?.tag !== DER_INTEGER || five.some(({ tag }) => tag !== DER_SEQUENCE)) return undefined;
  return key === undefined ? undefined : readPublicKeyInfo(key.whole);
}

/** Tells whether a key says that it is of an algorithm's family and curve. */
export function isOfFamily({ identifier }: KeyInfo, row: AlgorithmRow): boolean {
  const { keyType, keyParams } = row;
  const expected = IDENTIFIERS.get(keyType === 'RSA' ? keyType : keyParams.namedCurve ?? keyParams.name);
  return encodeHex(identifier) === expected;
}

/**
 * Tells whether what a key holds is spelled as its family spells it. It is tempting to leave that to `importKey`. However platforms differ
 * in what they take: compressed points, BER inside, numbers below zero, a curve that contradicts the outer one.
 */
export function isWellSpelled({ format, key, identifier }: KeyInfo, row: AlgorithmRow): boolean {
  const isPublic = format === 'spki';
  const half = row.signatureBytes[0] / 2;
  if (row.keyType === 'RSA') return (isPublic ? readNumbers(key, 2) : readNumbers(key, 9)) !== undefined;
  if (row.keyType === 'EC') {
    return isPublic ? isPoint(key, half) : isEcPrivateKey(key, half, identifier);
  }
  const [seed] = isPublic ? [] : readFields(key, [DER_OCTET_STRING]) ?? [];
  return (isPublic ? key : seed?.content)?.length === half;
}

/** Tells whether a well-spelled key is as strong as `importJwk` demands. */
export function isStrong({ format, key }: KeyInfo, { keyType }: AlgorithmRow): boolean {
  const isPublic = format === 'spki';
  // What a seed makes is of no small order.
  if (keyType !== 'RSA') return keyType !== 'OKP' || !isPublic || !isSmallOrder(key);
  const [modulus, exponent] = (isPublic ? readNumbers(key, 2) : readNumbers(key, 9)?.slice(1)) ?? [];
  return modulus !== undefined && exponent !== undefined && isStrongModulus(modulus) && isStrongExponent(exponent);
}

/**
 * RFC 8017 appendix A.1: a sequence of whole numbers, here without the zero that keeps them from being negative; the first of a private key,
 * its version, is the 0 of two primes.
 */
function readNumbers(key: Bytes, count: 2 | 9): readonly Bytes[] | undefined {
  const numbers = readSequence(key, Array.from({ length: count }, () => DER_INTEGER)) ?? [];
  const [version] = numbers;
  if (version === undefined || (count === 9 && !holds(version, 0))) return undefined;
  const isWhole = ({ content: [first = 0x80, second = 0x80] }: DerValue): boolean =>
    first < 0x80 && (first > 0 || second > 0x7f);
  if (!numbers.every(isWhole)) return undefined;
  return numbers.map(({ content }) => content[0] === 0 ? content.subarray(1) : content);
}

/** RFC 5915 section 3: the number, at its full length, then perhaps the curve once more and perhaps the public key. */
function isEcPrivateKey(key: Bytes, bytes: number, identifier: Bytes): boolean {
  const [version, number, ...rest] = readSequence(key, [DER_INTEGER, DER_OCTET_STRING], 4) ?? [];
  if (version === undefined || !holds(version, 1) || number?.content.length !== bytes) return false;
  const curve = rest[0]?.tag === CONTEXT_0 ? rest.shift() : undefined;
  const [, outerCurve] = readSequence(identifier, [DER_OBJECT_IDENTIFIER, DER_OBJECT_IDENTIFIER]) ?? [];
  if (curve !== undefined && (outerCurve === undefined || encodeHex(curve.content) !== encodeHex(outerCurve.whole))) {
    return false;
  }
  const point = rest[0]?.tag === CONTEXT_1 ? rest.shift() : undefined;
  if (point !== undefined) {
    const [bits] = readFields(point.content, [DER_BIT_STRING]) ?? [];
    if (bits?.content[0] !== 0 || !isPoint(bits.content.subarray(1), bytes)) return false;
  }
  return rest.length === 0;
}

function isPoint(bytes: Bytes, half: number): boolean {
  return bytes[0] === UNCOMPRESSED && bytes.length === 1 + 2 * half;
}

function holds({ content }: DerValue, value: number): boolean {
  return content.length === 1 && content[0] === value;
}

function readSequence(bytes: Bytes, tags: readonly number[], most?: number): readonly DerValue[] | undefined {
  const [sequence] = readFields(bytes, [DER_SEQUENCE]) ?? [];
  return sequence === undefined ? undefined : readFields(sequence.content, tags, most);
}

/** Reads values that fill bytes exactly and begin with these tags; what follows them up to the most there may be has any tag. */
function readFields(
  bytes: Bytes,
  tags: readonly number[],
  most: number = tags.length,
): readonly DerValue[] | undefined {
  const values = readDer(bytes, tags.length, most);
  return values !== undefined && tags.every((tag, index) => values[index]?.tag === tag) ? values : undefined;
}
