import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJwt } from '../../src/jwt/index.ts';
import { HEADER as A3_HEADER, PAYLOAD, TOKEN } from '../vectors/rfc7515-a3.ts';
import { CLAIMS, HEADER, outcome, segment } from './forge.ts';
import { MALFORMED_TOKENS } from './malformed.ts';

const C = segment(CLAIMS);
const SIGNATURE = 'A'.repeat(86);

describe('parseJwt()', () => {
  test('reads the token of RFC 7515 A.3', () => {
    expect(parseJwt(TOKEN)).toEqual({
      header: { alg: 'ES256' },
      claims: { iss: 'joe', exp: 1300819380, 'http://example.com/is_root': true },
    });
  });

  test('trusts nothing: it reads a token that nobody signed', () => {
    expect(parseJwt(`${segment({ alg: 'none' })}.${C}.AAAA`).claims['sub']).toBe('ada');
  });

  test('freezes what it returns all the way down', () => {
    const { header, claims } = parseJwt(
      `${segment({ ...HEADER, deep: [{}] })}.${segment({ a: { b: [{ c: 1 }] } })}.AAAA`,
    );
    const nested = claims['a'];
    expect([header, header['deep'], claims, nested].every(Object.isFrozen)).toBe(true);
    expect(() => Reflect.apply(Array.prototype.push, header['deep'], [1])).toThrow(TypeError);
  });

  test.each(MALFORMED_TOKENS)('refuses %s', async (_what, token) => {
    // The cast is the attack: tokens come from outside of the type system.
    expect(await outcome(() => parseJwt(token as string))).toBe('jwt_malformed');
  });

  test('refuses 8,193 characters and reads 8,192', async () => {
    const rest = `${A3_HEADER}.${PAYLOAD}.`;
    const room = 8192 - rest.length;
    expect(await outcome(() => parseJwt(rest + 'A'.repeat(room)))).toBe('accepted');
    expect(await outcome(() => parseJwt(rest + 'A'.repeat(room + 1)))).toBe('jwt_too_large');
  });

  // Splitting two million dots, or decoding megabytes, is the attack.
  test.each([
    ['two million dots', '.'.repeat(2_000_000)],
    ['a header of six megabytes', `${'A'.repeat(6_000_000)}.${C}.${SIGNATURE}`],
  ])('refuses %s without looking at it', async (_what, token) => {
    expect(await outcome(() => parseJwt(token))).toBe('jwt_too_large');
  });

  // Within the cap on length, so that it is the depth that ends it, before a parser that recurses sees the text.
  test('refuses thousands of brackets in claims and in the header', () => {
    const deep = segment(`{"a":${'['.repeat(5900)}`);
    expect(`${segment(HEADER)}.${deep}.${SIGNATURE}`.length).toBeLessThanOrEqual(8192);
    for (const token of [`${segment(HEADER)}.${deep}.${SIGNATURE}`, `${deep}.${C}.${SIGNATURE}`]) {
      expect(() => parseJwt(token)).toThrow(
        expect.objectContaining({ code: 'jwt_malformed', cause: expect.objectContaining({ code: 'json_too_deep' }) }),
      );
    }
  });

  // RFC 4648 section 3.5: of 64 last letters of a 64-byte signature only these four leave no bits over.
  test('accepts one spelling of each signature', async () => {
    const accepted: string[] = [];
    for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/= \n') {
      if (await outcome(() => parseJwt(TOKEN.slice(0, -1) + letter)) === 'accepted') accepted.push(letter);
    }
    expect(accepted).toEqual(['A', 'Q', 'g', 'w']);
  });

  test('answers any text with a parsed token or a refusal', async () => {
    await fc.assert(fc.asyncProperty(fc.string({ unit: 'binary' }), fc.string(), async (a, b) => {
      expect(await outcome(() => parseJwt(`${segment(a)}.${segment(b)}.${a}`))).toMatch(/^accepted$|^jwt_malformed$/);
    }));
  });
});
