import { refuseUnknownOptions } from '../core/option.ts';
import type { CryptoKey } from '../crypto/crypto-key.ts';
import { decodeBase64 } from '../encoding/base64.ts';
import { algorithmOption, type AlgorithmRow, algorithmRow, type JwtAlgorithm } from './algorithm.ts';
import { bindKey, type JwtKey, keyIdOption } from './key.ts';
import {
  isOfFamily,
  isStrong,
  isWellSpelled,
  type KeyInfo,
  readCertificate,
  readPrivateKeyInfo,
  readPublicKeyInfo,
} from './key-info.ts';
import { describeFailure } from './platform.ts';

/** Options of {@linkcode importPem}. */
export interface ImportPemOptions {
  /** The algorithm to bind the key to; a PEM names none. Required. */
  readonly algorithm: JwtAlgorithm;
  /** The key's id, 1 to 256 characters. Default: it has none. */
  readonly keyId?: string;
}

const ACTION = 'import PEM';
/** Twice the longest key that is taken, a private one of RSA with 8,192 bits; what is longer is not looked at. */
const MAX_LENGTH = 16_384;
/** RFC 7468 section 2 asks writers for 64, and RFC 2045 for 76. */
const MAX_LINE_LENGTH = 76;
const BEGIN = '-----BEGIN ';
const END = '-----END ';
const DASHES = '-----';
const PUBLIC_MEMBERS: readonly string[] = ['kty', 'crv', 'x', 'y', 'n', 'e'];

/** What is taken, by label (RFC 7468 section 4). */
const READERS: ReadonlyMap<string, (der: Uint8Array<ArrayBuffer>) => KeyInfo | undefined> = /* @__PURE__ */ new Map([
  ['PUBLIC KEY', readPublicKeyInfo],
  ['PRIVATE KEY', readPrivateKeyInfo],
  ['CERTIFICATE', readCertificate],
]);
/** What is often handed in instead, and what to do about it. */
const ADVICE: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['RSA PUBLIC KEY', 'convert it from PKCS#1 to SubjectPublicKeyInfo, whose label is PUBLIC KEY'],
  ['RSA PRIVATE KEY', 'convert it from PKCS#1 to PKCS#8, whose label is PRIVATE KEY'],
  ['EC PRIVATE KEY', 'convert it from SEC 1 to PKCS#8, whose label is PRIVATE KEY'],
  ['ENCRYPTED PRIVATE KEY', 'decrypt it first, to PKCS#8 without a password, whose label is PRIVATE KEY'],
]);

/**
 * Imports one key in PEM and binds it to one algorithm. Do it once, not per request.
 *
 * `PUBLIC KEY` (SPKI) verifies, and so does `CERTIFICATE` (X.509). **Of a certificate the key is taken and nothing is checked**: not who
 * signed it, not its dates, names, key usage or revocation. It is a spelling of a key that you already trust: pin it. `PRIVATE KEY` (PKCS#8
 * without a password, and without the public key that RFC 5958 lets one add) signs and cannot be exported. One block, and nothing around
 * it but a last line end; RSA keys as `rsaEncryption`, also for PS256, and not as `id-RSASSA-PSS`; never a secret for HMAC.
 *
 * @param pem the text, at most 16,384 characters
 * @param options the algorithm, and the key's id
 * @returns a frozen key
 * @throws {TypeError} when the text is anything else, or its key is not of the algorithm's family and curve, or too weak; never quoting the text
 * @see RFC 7468, RFC 5208, RFC 5280 section 4.1, RFC 8410
 *
 * @example
 * ```ts
 * import { importPem } from 'sallyport/jwt';
 *
 * const key = await importPem(`-----BEGIN PUBLIC KEY-----
 * MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7
 * 6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
 * -----END PUBLIC KEY-----`, { algorithm: 'ES256', keyId: 'one' });
 * ```
 */
export async function importPem(pem: string, options: ImportPemOptions): Promise<JwtKey> {
  refuseUnknownOptions(ACTION, options, ['algorithm', 'keyId']);
  const algorithm = algorithmOption(ACTION, options.algorithm);
  const row = algorithmRow(algorithm);
  // A verifier that takes a public key for a secret believes whoever knows the public key, which is everybody.
  if (row.keyType === 'oct') throw refuse(`a PEM is no secret; for ${algorithm} use importHmacSecret`);
  const keyId = keyIdOption(ACTION, options.keyId);
  const info = readPem(pem);
  if (!isOfFamily(info, row)) throw refuse(`its key is none for ${algorithm}`);
  if (!isWellSpelled(info, row)) throw refuse('its numbers are spelled as in no key of their kind');
  if (!isStrong(info, row)) {
    throw refuse(
      row.keyType === 'RSA'
        ? 'its modulus must be odd and of 2048 to 8192 bits, its exponent odd, at least 3 and of at most 4 bytes'
        : 'its point is of small order',
    );
  }
  return bindKey(algorithm, keyId, await importAndTry(info, row));
}

function readPem(pem: unknown): KeyInfo {
  if (typeof pem !== 'string') throw refuse('it must be a string');
  if (pem.length > MAX_LENGTH) throw refuse(`it is longer than ${MAX_LENGTH} characters`);
  // One kind of line end, all through: in the other kind, the CR of a CRLF is left over and is no base64.
  const lines = pem.split(pem.includes('\r\n') ? '\r\n' : '\n');
  if (lines.at(-1) === '') lines.pop();
  const [first = '', ...rest] = lines;
  const last = rest.pop();
  if (!first.startsWith(BEGIN) || !first.endsWith(DASHES)) {
    throw refuse('it must begin with its BEGIN line, without anything before it, be it white space');
  }
  const label = first.slice(BEGIN.length, -DASHES.length);
  const read = READERS.get(label);
  if (read === undefined) {
    throw refuse(ADVICE.get(label) ?? `its label must be one of ${[...READERS.keys()].join(', ')}`);
  }
  if (last !== `${END}${label}${DASHES}`) {
    throw refuse('it must end with the END line of the same label, without anything after it but a line end');
  }
  if (rest.some(({ length }) => length === 0 || length > MAX_LINE_LENGTH)) {
    throw refuse(`its lines must hold 1 to ${MAX_LINE_LENGTH} characters`);
  }
  const der = decodeBase64(rest.join(''));
  if (der === undefined) throw refuse('between its two lines must stand canonical base64 and nothing else');
  const info = read(der);
  if (info === undefined) throw refuse(`what it holds is not what its label ${label} says, in DER`);
  return info;
}

/**
 * Imports a key and uses it once, a private one against its own public half, as `importJwk` does: platforms differ in what `importKey` checks,
 * and find out at the first use.
 */
async function importAndTry({ format, whole }: KeyInfo, row: AlgorithmRow): Promise<CryptoKey> {
  const { keyParams, signParams, signatureBytes: [length] } = row;
  const sample = new Uint8Array(length).fill(1);
  const name = keyParams.namedCurve ?? keyParams.name;
  try {
    if (format === 'spki') {
      const publicKey = await crypto.subtle.importKey(format, whole, keyParams, true, ['verify']);
      await crypto.subtle.verify(signParams, publicKey, sample, sample);
      return publicKey;
    }
    const pair = await crypto.subtle.importKey(format, whole, keyParams, true, ['sign']);
    const members = Object.entries(await crypto.subtle.exportKey('jwk', pair));
    const half = Object.fromEntries(members.filter(([member]) => PUBLIC_MEMBERS.includes(member)));
    const publicKey = await crypto.subtle.importKey('jwk', half, keyParams, true, ['verify']);
    const privateKey = await crypto.subtle.importKey(format, whole, keyParams, false, ['sign']);
    const signature = await crypto.subtle.sign(signParams, privateKey, sample);
    if (await crypto.subtle.verify(signParams, publicKey, signature, sample)) return privateKey;
  } catch (error) {
    const reason = describeFailure(error, name);
    if (reason !== undefined) throw refuse(reason);
    // No cause: a platform's message may quote the key.
  }
  throw refuse(`its numbers are no ${name} key`);
}

/** Never with the text or a cause: half of what is passed in here is a private key. */
function refuse(reason: string): TypeError {
  return new TypeError(`Cannot ${ACTION}: ${reason}.`);
}
