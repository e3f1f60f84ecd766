import { TOKEN } from '../vectors/rfc7515-a3.ts';
import { CLAIMS, HEADER, segment } from './forge.ts';

const H = segment(HEADER);
const C = segment(CLAIMS);
const SIGNATURE = 'A'.repeat(86);
const bytes = (...values: number[]): Uint8Array => new Uint8Array(values);

/** Spellings that no correct issuer produces; shared by parser and verifier. */
export const MALFORMED_TOKENS: readonly (readonly [string, unknown])[] = [
  // Not a token at all.
  ['nothing', undefined],
  ['null', null],
  ['an object with toString', { toString: () => TOKEN }],
  ['empty', ''],
  ['one part', H],
  // Without a dot, indexOf says -1 and slice(0, -1) is JSON: one text that would be header, claims and signature at once.
  ['one part that reads as all three', `${segment('{"alg":"ES256"} ')}A`],
  // RFC 7515 section 3.1: exactly three parts; five are a JWE, which does not exist here.
  ['two parts', `${H}.${C}`],
  ['two parts and a dot', `${H}.${C}.`],
  ['four parts', `${H}.${C}.${SIGNATURE}.${SIGNATURE}`],
  ['five parts', `${H}.${C}.${SIGNATURE}.${SIGNATURE}.${SIGNATURE}`],
  ['dots alone', '..'],
  ['an empty header', `.${C}.${SIGNATURE}`],
  ['an empty payload', `${H}..${SIGNATURE}`],
  // RFC 7515 section 2: base64url has no white space, no padding, no + and /.
  ['a leading space', ` ${H}.${C}.${SIGNATURE}`],
  ['a trailing line feed', `${H}.${C}.${SIGNATURE}\n`],
  ['a line feed inside', `${H}.${C}.${'A'.repeat(43)}\n${'A'.repeat(43)}`],
  ['a padded header', `${H}=.${C}.${SIGNATURE}`],
  ['a padded signature', `${H}.${C}.${SIGNATURE}==`],
  ['a + in the signature', `${H}.${C}.+${SIGNATURE.slice(1)}`],
  ['a / in the signature', `${H}.${C}./${SIGNATURE.slice(1)}`],
  ['a signature beyond ASCII', `${H}.${C}.é${SIGNATURE.slice(1)}`],
  // RFC 4648 section 3.5: four libraries of five take this as the same signature spelled twice.
  ['non-zero trailing bits in the signature', `${H}.${C}.${SIGNATURE.slice(1)}B`],
  ['a length that base64url does not have', `${H}.${C}.AAAAA`],
  // RFC 8725 section 3.7: UTF-8 and nothing else.
  ['a header that is not UTF-8', `${segment(bytes(0x7b, 0xff, 0x7d))}.${C}.${SIGNATURE}`],
  ['claims that are not UTF-8', `${H}.${segment(bytes(0x7b, 0x22, 0xc3, 0x22, 0x3a, 0x31, 0x7d))}.${SIGNATURE}`],
  [
    'claims with a surrogate in UTF-8',
    `${H}.${segment(bytes(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d))}.${SIGNATURE}`,
  ],
  ['a header with a byte order mark', `${segment(`\uFEFF${JSON.stringify(HEADER)}`)}.${C}.${SIGNATURE}`],
  ['claims with a byte order mark', `${H}.${segment(`\uFEFF${JSON.stringify(CLAIMS)}`)}.${SIGNATURE}`],
  // RFC 7493 section 2.1: an escaped half of a pair passes every UTF-8 decoder.
  ['claims with an escaped lone surrogate', `${H}.${segment('{"sub":"\\ud800"}')}.${SIGNATURE}`],
  ['claims with a lone surrogate in a key', `${H}.${segment('{"\\udc00":1}')}.${SIGNATURE}`],
  ['claims with a lone surrogate deep inside', `${H}.${segment('{"a":[{"b":["\\ud800"]}]}')}.${SIGNATURE}`],
  // RFC 7519 section 7.2 step 10: the claims set is an object.
  ['claims null', `${H}.${segment('null')}.${SIGNATURE}`],
  ['claims that are a list', `${H}.${segment('[]')}.${SIGNATURE}`],
  ['claims that are a string', `${H}.${segment('"x"')}.${SIGNATURE}`],
  ['claims that are a number', `${H}.${segment('1')}.${SIGNATURE}`],
  ['claims that are no JSON', `${H}.${segment('{a:1}')}.${SIGNATURE}`],
  ['a header that is null', `${segment('null')}.${C}.${SIGNATURE}`],
  ['a header that is a list', `${segment('[]')}.${C}.${SIGNATURE}`],
  // Two parsers, two meanings (RFC 8725 section 2.4 speaks of the header; the same holds for claims).
  ['alg twice', `${segment('{"alg":"none","alg":"ES256"}')}.${C}.${SIGNATURE}`],
  ['exp twice', `${H}.${segment('{"exp":1,"exp":9999999999}')}.${SIGNATURE}`],
  ['iss twice, once escaped', `${H}.${segment('{"iss":"a","\\u0069ss":"b"}')}.${SIGNATURE}`],
  // Prototype pollution.
  ['__proto__ in the header', `${segment('{"alg":"ES256","__proto__":{"kid":"one"}}')}.${C}.${SIGNATURE}`],
  ['__proto__ in the claims', `${H}.${segment('{"__proto__":{"exp":9999999999}}')}.${SIGNATURE}`],
  ['constructor.prototype in the claims', `${H}.${segment('{"constructor":{"prototype":{"a":1}}}')}.${SIGNATURE}`],
  // 1e999 parses to Infinity, which no time is ever after.
  ['a number beyond doubles', `${H}.${segment('{"exp":1e999}')}.${SIGNATURE}`],
  ['nesting deeper than 32', `${H}.${segment(`{"a":${'['.repeat(40)}${']'.repeat(40)}}`)}.${SIGNATURE}`],
  // A kid reaches lookups, logs and other people's SQL.
  ['a header without alg', `${segment({ typ: 'at+jwt' })}.${C}.${SIGNATURE}`],
  ['an alg that is a number', `${segment({ alg: 256 })}.${C}.${SIGNATURE}`],
  ['an alg that is a list', `${segment({ alg: ['ES256'] })}.${C}.${SIGNATURE}`],
  ['a typ that is a list', `${segment({ ...HEADER, typ: ['at+jwt'] })}.${C}.${SIGNATURE}`],
  ['a typ that is null', `${segment({ ...HEADER, typ: null })}.${C}.${SIGNATURE}`],
  ['a kid that is a number', `${segment({ ...HEADER, kid: 1 })}.${C}.${SIGNATURE}`],
  ['a kid that is null', `${segment({ ...HEADER, kid: null })}.${C}.${SIGNATURE}`],
  ['a kid that is an object', `${segment({ ...HEADER, kid: { toString: 'one' } })}.${C}.${SIGNATURE}`],
  ['a kid of 257 characters', `${segment({ ...HEADER, kid: 'k'.repeat(257) })}.${C}.${SIGNATURE}`],
];
