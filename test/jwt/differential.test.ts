import fc from 'fast-check';
import { compactVerify, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { encodeBase64Url } from '../../src/encoding/base64url.ts';
import { encodeUtf8 } from '../../src/encoding/utf8.ts';
import { importHmacSecret, type JwtKey, parseJwt, verifyJws, verifyJwt } from '../../src/jwt/index.ts';
import { CLAIMS, NOW_SECONDS, type Segment, segment } from './forge.ts';

const SECRET = new Uint8Array(32).fill(7);
const HEADER = { alg: 'HS256', typ: 'at+jwt' };
const BOM = 0xfeff;

/**
 * Every way in which we refuse what jose takes, with the rule that makes us. Each row judges the text by itself, apart from our parser, so
 * that a disagreement for another reason has no row and fails the test.
 */
const STRICTER: readonly (readonly [rule: string, applies: (token: string) => boolean])[] = [
  ['RFC 7515 section 2, RFC 4648 section 3.5: one spelling of bytes, no padding, no white space, no + or /', isRespelt],
  ['RFC 7515 section 2: no byte order mark', (token) => texts(token).some((text) => text.codePointAt(0) === BOM)],
  ['RFC 7493 section 2.1: no half of a surrogate pair', (token) => texts(token).some(hasHalf)],
  ['RFC 7515 section 4: no member twice, in claims as well', (token) => texts(token).some(namesTwice)],
  [
    'prototype pollution: no __proto__, no constructor.prototype',
    (token) => texts(token).some((text) => /__proto__|"prototype"/.test(text)),
  ],
  ['RFC 7493 section 2.2: no number beyond a double', (token) => texts(token).some((text) => /e[+]?\d{3}/i.test(text))],
  ['a cap on depth, 32', (token) => texts(token).some((text) => /[[{]{33}/.test(text.replace(/"\w+":/g, '')))],
  ['a cap on length, 8,192', (token) => token.length > 8192],
  ['RFC 7515 section 4.1.4 and 4.1.9: kid and typ are strings, a kid of at most 256 characters', hasOddName],
  ['RFC 7797 section 7, RFC 7515 section 4.1.11: no b64, and no crit, since no extension is understood', (token) => {
    const header = readHeader(token);
    return 'b64' in header || 'crit' in header;
  }],
  ['RFC 7519 section 7.2: a header and a signature, neither of which decodeJwt of jose looks at', isHalf],
];

/** The same for claims whose signature is right. */
const STRICTER_CLAIMS: readonly (readonly [rule: string, applies: (claims: Record<string, unknown>) => boolean])[] = [
  ['exp is compulsory', (claims) => !('exp' in claims)],
  ['RFC 7519 section 4.1.6: iat lies not in the future', (claims) => Number(claims['iat']) > NOW_SECONDS],
  [
    'RFC 7519 section 2: a time is a number that a clock can show',
    (claims) => ['exp', 'nbf', 'iat'].some((name) => name in claims && !isTime(claims[name])),
  ],
  [
    'RFC 7519 section 4.1: sub and jti are strings',
    (claims) => ['sub', 'jti'].some((name) => name in claims && typeof claims[name] !== 'string'),
  ],
  [
    'RFC 7519 section 4.1.3: aud holds strings alone',
    (claims) => Array.isArray(claims['aud']) && claims['aud'].some((one) => typeof one !== 'string'),
  ],
  ['RFC 7800 section 3.1: a binding that nobody checks is not ignored', (claims) => 'cnf' in claims],
];

function isTime(value: unknown): boolean {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}

function isRespelt(token: string): boolean {
  return token.split('.').some((part) => encodeBase64Url(lax(part)) !== part);
}

/** Decodes as lax decoders do: whatever is no letter is skipped, whatever bits are left over are dropped. */
function lax(part: string): Uint8Array {
  let bits = '';
  for (const letter of part.replaceAll('+', '-').replaceAll('/', '_')) {
    const at = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'.indexOf(letter);
    if (at >= 0) bits += at.toString(2).padStart(6, '0');
  }
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => parseInt(byte, 2));
}

function texts(token: string): readonly string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  return token.split('.').slice(0, 2).map((part) => decoder.decode(lax(part)));
}

function readHeader(token: string): Record<string, unknown> {
  try {
    const header: unknown = JSON.parse(texts(token)[0]?.replace(/^\uFEFF/, '') ?? '');
    // A copy, so that of a list or a number no member is left.
    return typeof header === 'object' ? { ...header } : {};
  } catch {
    return {};
  }
}

/** Three parts, of which only the second is what it should be. */
function isHalf(token: string): boolean {
  const [header = '', , signature, ...rest] = token.split('.');
  if (signature === undefined || rest.length > 0) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(lax(header));
  } catch {
    return true;
  }
  return signature === '' || typeof readHeader(token)['alg'] !== 'string';
}

function hasHalf(text: string): boolean {
  return /\\ud[89a-f]/i.test(text);
}

function namesTwice(text: string): boolean {
  const names = Array.from(text.matchAll(/"((?:[^"\\]|\\.)*)"\s*:/g), ([, name = '']) => name);
  return new Set(names).size < names.length;
}

function hasOddName(token: string): boolean {
  const { kid, typ } = readHeader(token);
  return (kid !== undefined && (typeof kid !== 'string' || kid.length > 256)) ||
    (typ !== undefined && typeof typ !== 'string');
}

async function sign(payload: Segment, header: Segment = HEADER): Promise<string> {
  const signed = `${segment(header)}.${segment(payload)}`;
  const key = await crypto.subtle.importKey('raw', SECRET, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign']);
  return `${signed}.${encodeBase64Url(new Uint8Array(await crypto.subtle.sign('HMAC', key, encodeUtf8(signed))))}`;
}

/** What comes out, or undefined for a refusal. Any other error of ours fails the test. */
async function ours<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isRefusal(error)) return undefined;
    throw error;
  }
}

async function theirs<T>(work: () => T | Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch {
    return undefined;
  }
}

/** Judges one token by both, as a JWS and as what it says; returns the rules that explain where only jose takes it. */
async function compare(token: string, key: JwtKey): Promise<readonly string[]> {
  // jose is given the key and so does not look at `kid`; a set that does not either makes the two comparable.
  const proved = await ours(() => verifyJws(token, { keys: { find: () => [key] }, algorithms: ['HS256'] }));
  const josed = await theirs(() => compactVerify(token, SECRET, { algorithms: ['HS256'] }));
  const parsed = await ours(() => parseJwt(token).claims);
  const decoded = await theirs(() => decodeJwt(token));
  // Never laxer, and never another meaning.
  if (proved !== undefined) expect(josed && [...josed.payload]).toEqual([...proved.payload]);
  if (parsed !== undefined) expect(JSON.stringify(decoded)).toBe(JSON.stringify(parsed));
  if ((josed === undefined || proved !== undefined) && (decoded === undefined || parsed !== undefined)) return [];
  const rules = STRICTER.filter(([, applies]) => applies(token)).map(([rule]) => rule);
  expect(rules, JSON.stringify(token.slice(0, 400))).not.toEqual([]);
  return rules;
}

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

/** At least one token for every rule of the first table. */
const ODD: readonly (readonly [payload: Segment, header: Segment, spell?: (token: string) => string])[] = [
  [CLAIMS, HEADER, (token) => `${token}=`],
  [CLAIMS, HEADER, (token) => token.replace('.', '=.')],
  [
    CLAIMS,
    HEADER,
    (token) =>
      `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : String.fromCharCode(token.charCodeAt(token.length - 1) + 1)}`,
  ],
  [`\uFEFF${JSON.stringify(CLAIMS)}`, HEADER],
  [CLAIMS, `\uFEFF${JSON.stringify(HEADER)}`],
  [bytes(0x7b, 0x22, 0x61, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d), HEADER],
  ['{"sub":"\\ud800"}', HEADER],
  ['{"sub":1,"sub":2}', HEADER],
  ['{"__proto__":{"sub":"root"}}', HEADER],
  ['{"exp":1e999}', HEADER],
  [`{"a":${'['.repeat(40)}${']'.repeat(40)}}`, HEADER],
  [{ pad: 'x'.repeat(9000) }, HEADER],
  [CLAIMS, { ...HEADER, kid: 7 }],
  [CLAIMS, { ...HEADER, kid: 'k'.repeat(300) }],
  [CLAIMS, { ...HEADER, typ: 7 }],
  [CLAIMS, { ...HEADER, b64: true }],
  [CLAIMS, { ...HEADER, b64: true, crit: ['b64'] }],
  [CLAIMS, '{"alg":"HS256","kid":"a","kid":"b"}'],
  [CLAIMS, '{}'],
  [CLAIMS, HEADER, (token) => token.slice(0, token.lastIndexOf('.') + 1)],
];

describe('verifyJws() and parseJwt() beside jose', () => {
  it('refuse what jose takes for a rule of the table, and for every rule of it', async () => {
    const key = await importHmacSecret(SECRET, 'HS256');
    const met = new Set<string>();
    for (const [payload, header, spell = (token: string) => token] of ODD) {
      for (const rule of await compare(spell(await sign(payload, header)), key)) met.add(rule);
    }
    expect([...met].toSorted()).toEqual(STRICTER.map(([rule]) => rule).toSorted());
  });

  it('agree about changed tokens, or differ by a rule of the table', async () => {
    const key = await importHmacSecret(SECRET, 'HS256');
    const token = await sign(CLAIMS);
    const letter = fc.constantFrom('.', '=', ' ', '\n', '+', '/', '-', '_', 'A', 'e', 'é', '\0', '%');
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      drop: fc.nat({ max: 3 }),
      insert: fc.array(letter, { maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 3 }), async (edits) => {
        let text = token;
        for (const { at, drop, insert } of edits) {
          const from = Math.round(at * text.length);
          text = text.slice(0, from) + insert.join('') + text.slice(from + drop);
        }
        await compare(text, key);
      }),
      { numRuns: 150 },
    );
  });

  it('agree about signed JSON of any spelling, or differ by a rule of the table', async () => {
    const key = await importHmacSecret(SECRET, 'HS256');
    const noise = fc.constantFrom(
      ...'{}[]",:\\ \t\n0123456789.eE+-truefalsn'.split(''),
      '\\u0061',
      '\\n',
      '\uFEFF',
      'é',
      '😀',
    );
    const json = fc.oneof(
      fc.json({ maxDepth: 3 }),
      fc.array(noise, { maxLength: 12 }).map((list) => list.join('')),
      fc.tuple(fc.json({ maxDepth: 2 }), fc.nat(), noise).map(([text, at, odd]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + odd + text.slice(from);
      }),
    );
    const header = fc.oneof(
      fc.constant<Segment>(HEADER),
      fc.dictionary(fc.constantFrom('kid', 'typ', 'cty', 'b64', 'crit', 'jwk', 'x'), fc.jsonValue({ maxDepth: 1 }))
        .map((more): Segment => ({ ...HEADER, ...more })),
    );
    await fc.assert(
      fc.asyncProperty(json, header, async (payload, head) => void await compare(await sign(payload, head), key)),
      { numRuns: 150 },
    );
  });
});

describe('verifyJwt() beside jose', () => {
  async function compareClaims(claims: Record<string, unknown>, key: JwtKey): Promise<readonly string[]> {
    const token = await sign(JSON.stringify(claims));
    const expected = { issuer: CLAIMS.iss, audience: CLAIMS.aud };
    const proved = await ours(() =>
      verifyJwt(token, {
        ...expected,
        type: 'at+jwt',
        algorithms: ['HS256'],
        keys: [key],
        clock: () => NOW_SECONDS * 1000,
      })
    );
    const josed = await theirs(() =>
      jwtVerify(token, SECRET, {
        ...expected,
        typ: 'at+jwt',
        algorithms: ['HS256'],
        currentDate: new Date(NOW_SECONDS * 1000),
      })
    );
    if (proved !== undefined) expect(JSON.stringify(josed?.payload)).toBe(JSON.stringify(proved.claims));
    if (proved !== undefined || josed === undefined) return [];
    const rules = STRICTER_CLAIMS.filter(([, applies]) => applies(claims)).map(([rule]) => rule);
    expect(rules, JSON.stringify(claims)).not.toEqual([]);
    return rules;
  }

  it('refuses claims that jose takes for a rule of the table, and for every rule of it', async () => {
    const key = await importHmacSecret(SECRET, 'HS256');
    const { exp: _exp, ...unending } = CLAIMS;
    const met = new Set<string>();
    for (
      const claims of [
        unending,
        { ...CLAIMS, iat: NOW_SECONDS + 9999 },
        { ...CLAIMS, exp: 2 ** 60 },
        { ...CLAIMS, nbf: -1 },
        { ...CLAIMS, sub: 7 },
        { ...CLAIMS, aud: [CLAIMS.aud, 7] },
        { ...CLAIMS, cnf: { jkt: 'k'.repeat(43) } },
      ]
    ) {
      for (const rule of await compareClaims(claims, key)) met.add(rule);
    }
    expect([...met].toSorted()).toEqual(STRICTER_CLAIMS.map(([rule]) => rule).toSorted());
  });

  it('agrees about claims, or differs by a rule of the table', async () => {
    const key = await importHmacSecret(SECRET, 'HS256');
    const time = fc.oneof(
      fc.integer({ min: -2, max: 2 }).map((n) => NOW_SECONDS + n),
      fc.double(),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const audience = fc.oneof(
      fc.constantFrom<unknown>(CLAIMS.aud, `${CLAIMS.aud}/`, [CLAIMS.aud], [], ['x', CLAIMS.aud], [CLAIMS.aud, 1]),
      fc.jsonValue({ maxDepth: 1 }),
    );
    const claims = fc.record({
      iss: fc.oneof(
        fc.constantFrom<unknown>(CLAIMS.iss, [CLAIMS.iss], 'HTTPS://ID.TEST'),
        fc.jsonValue({ maxDepth: 1 }),
      ),
      aud: audience,
      exp: time,
      nbf: time,
      iat: time,
      sub: fc.jsonValue({ maxDepth: 1 }),
      jti: fc.jsonValue({ maxDepth: 1 }),
    }, { requiredKeys: [] });
    const mostlyGood = fc.tuple(
      fc.constant(CLAIMS),
      claims,
      fc.subarray(['iss', 'aud', 'exp', 'nbf', 'iat', 'sub', 'jti'], { maxLength: 2 }),
    )
      .map(([good, odd, names]) => ({
        ...good,
        ...Object.fromEntries(Object.entries(odd).filter(([name]) => names.includes(name))),
      }));
    await fc.assert(
      fc.asyncProperty(fc.oneof(claims, mostlyGood), async (value) => void await compareClaims(value, key)),
      { numRuns: 200 },
    );
  });
});
