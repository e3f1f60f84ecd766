import { TOKEN } from '../vectors/rfc7515-a3.ts';
import { TOKEN as UNSECURED_TOKEN } from '../vectors/rfc7515-a5.ts';
import { FLATTENED_JSON, GENERAL_JSON } from '../vectors/rfc7515-json.ts';
import { TOKEN as ENCRYPTED_TOKEN } from '../vectors/rfc7516-a1.ts';
import { CONTENT_ONLY_JSON } from '../vectors/rfc7520-4.ts';
import { CLAIMS, HEADER, segment } from './forge.ts';

const H = segment(HEADER);
const C = segment(CLAIMS);
const SIGNATURE = 'A'.repeat(86);
/** Of lengths that leave bits over, so that the last letter has other spellings: one ends in IA, the other in fQ. */
const H2 = segment('{"alg":"ES256"} ');
const C2 = segment('{"a":1}');
/** Segments that hold both - and _. */
const H3 = segment('{"alg":"ES256","x":"~~~???"}');
const C3 = segment('{"x":"~~~???"}');
const ASCII = new TextEncoder();
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
  ['the JWE of RFC 7516 A.1', ENCRYPTED_TOKEN],
  ['a JWE without an encrypted key', `${segment({ alg: 'dir', enc: 'A128GCM' })}..AAAA.AAAA.AAAA`],
  // RFC 7515 appendix A.5: what nobody signed has an empty signature.
  ['the unsecured JWS of RFC 7515 A.5', UNSECURED_TOKEN],
  // RFC 7515 section 7.2: whoever takes JSON here and text elsewhere verifies one thing and reads another.
  ['the general JSON of RFC 7515 A.6', JSON.stringify(GENERAL_JSON)],
  ['the flattened JSON of RFC 7515 A.7', JSON.stringify(FLATTENED_JSON)],
  ['the flattened JSON of RFC 7515 A.7 as an object', FLATTENED_JSON],
  ['the flattened JSON of RFC 7520 4.7', JSON.stringify(CONTENT_ONLY_JSON)],
  [
    'flattened JSON with an unprotected header',
    JSON.stringify({ payload: C, header: { alg: 'HS256' }, signature: 'AAAA' }),
  ],
  [
    'flattened JSON in three parts',
    JSON.stringify({ payload: C, header: { alg: 'HS256', kid: 'a.b.c' }, signature: 'AAAA' }),
  ],
  [
    'flattened JSON as an object',
    { payload: C, header: { alg: 'HS256', kid: 'a.b.c' }, signature: 'AAAA' },
  ],
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
  // The same of what is signed: who decodes laxly has a second spelling of one token for every list of revoked ones.
  ['non-zero trailing bits in the header', `${H2.slice(0, -1)}B.${C}.${SIGNATURE}`],
  ['non-zero trailing bits in the payload', `${H}.${C2.slice(0, -1)}R.${SIGNATURE}`],
  ['a padded payload', `${H}.${C2}==.${SIGNATURE}`],
  ['a line feed inside the header', `${H.slice(0, 8)}\n${H.slice(8)}.${C}.${SIGNATURE}`],
  ['a line feed inside the payload', `${H}.${C.slice(0, 8)}\n${C.slice(8)}.${SIGNATURE}`],
  ['a + in the header', `${H3.replace('-', '+')}.${C}.${SIGNATURE}`],
  ['a / in the header', `${H3.replace('_', '/')}.${C}.${SIGNATURE}`],
  ['a + in the payload', `${H}.${C3.replace('-', '+')}.${SIGNATURE}`],
  ['a / in the payload', `${H}.${C3.replace('_', '/')}.${SIGNATURE}`],
  // RFC 8725 section 3.7: UTF-8 and nothing else.
  ['a header that is not UTF-8', `${segment(bytes(0x7b, 0xff, 0x7d))}.${C}.${SIGNATURE}`],
  ['claims that are not UTF-8', `${H}.${segment(bytes(0x7b, 0x22, 0xc3, 0x22, 0x3a, 0x31, 0x7d))}.${SIGNATURE}`],
  [
    'claims with a surrogate in UTF-8',
    `${H}.${segment(bytes(0x7b, 0x22, 0xed, 0xa0, 0x80, 0x22, 0x3a, 0x31, 0x7d))}.${SIGNATURE}`,
  ],
  [
    'a header with a surrogate in UTF-8',
    `${segment(bytes(...ASCII.encode('{"alg":"ES256","x":"'), 0xed, 0xa0, 0x80, 0x22, 0x7d))}.${C}.${SIGNATURE}`,
  ],
  ['a header with a byte order mark', `${segment(`\uFEFF${JSON.stringify(HEADER)}`)}.${C}.${SIGNATURE}`],
  ['claims with a byte order mark', `${H}.${segment(`\uFEFF${JSON.stringify(CLAIMS)}`)}.${SIGNATURE}`],
  // RFC 7493 section 2.1: an escaped half of a pair passes every UTF-8 decoder.
  ['claims with an escaped lone surrogate', `${H}.${segment('{"sub":"\\ud800"}')}.${SIGNATURE}`],
  ['claims with a lone surrogate in a key', `${H}.${segment('{"\\udc00":1}')}.${SIGNATURE}`],
  ['claims with a lone surrogate deep inside', `${H}.${segment('{"a":[{"b":["\\ud800"]}]}')}.${SIGNATURE}`],
  ['a header with an escaped lone surrogate', `${segment('{"alg":"ES256","kid":"\\ud800"}')}.${C}.${SIGNATURE}`],
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
  ['kid twice', `${segment('{"alg":"ES256","kid":"one","kid":"two"}')}.${C}.${SIGNATURE}`],
  ['exp twice', `${H}.${segment('{"exp":1,"exp":9999999999}')}.${SIGNATURE}`],
  ['iss twice, once escaped', `${H}.${segment('{"iss":"a","\\u0069ss":"b"}')}.${SIGNATURE}`],
  ['claims with aud twice', `${H}.${segment('{"aud":"https://api.test","aud":"https://evil.test"}')}.${SIGNATURE}`],
  ['claims with cnf twice', `${H}.${segment('{"cnf":{"jkt":"a"},"cnf":{"jkt":"b"}}')}.${SIGNATURE}`],
  // Prototype pollution.
  ['__proto__ in the header', `${segment('{"alg":"ES256","__proto__":{"kid":"one"}}')}.${C}.${SIGNATURE}`],
  ['__proto__ in the claims', `${H}.${segment('{"__proto__":{"exp":9999999999}}')}.${SIGNATURE}`],
  [
    'constructor.prototype in the header',
    `${segment('{"alg":"ES256","constructor":{"prototype":{"kid":"one"}}}')}.${C}.${SIGNATURE}`,
  ],
  ['constructor.prototype in the claims', `${H}.${segment('{"constructor":{"prototype":{"a":1}}}')}.${SIGNATURE}`],
  // 1e999 parses to Infinity, which no time is ever after.
  ['a number beyond doubles', `${H}.${segment('{"exp":1e999}')}.${SIGNATURE}`],
  // RFC 8259 section 6: no JSON, though many a parser takes them.
  ['claims with a literal NaN', `${H}.${segment('{"exp":NaN}')}.${SIGNATURE}`],
  ['claims with a literal Infinity', `${H}.${segment('{"exp":Infinity}')}.${SIGNATURE}`],
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
  ['a kid that is a list', `${segment({ ...HEADER, kid: ['one'] })}.${C}.${SIGNATURE}`],
  ['a kid that is a truth value', `${segment({ ...HEADER, kid: true })}.${C}.${SIGNATURE}`],
  ['a kid of 257 characters', `${segment({ ...HEADER, kid: 'k'.repeat(257) })}.${C}.${SIGNATURE}`],
];
