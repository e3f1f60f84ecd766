import fc from 'fast-check';
import { describe, expect, test, vi } from 'vitest';
import { deriveChallenge, type PkceExpectation, verifyPkce } from '../../src/pkce/index.ts';
import { outcome } from '../jwt/forge.ts';
import { CHALLENGE, VERIFIER } from '../vectors/rfc7636-b.ts';

const S256 = 'S256';

/** Expects a refusal, and that it came before any hashing. */
async function expectNoDigest(verifier: unknown, expected: PkceExpectation, code: string): Promise<void> {
  const spy = vi.spyOn(crypto.subtle, 'digest');
  // Bun hands out the spy of an earlier test, with its calls.
  spy.mockClear();
  try {
    expect(await outcome(() => verifyPkce(verifier, expected))).toBe(code);
    expect(spy.mock.calls.length).toBe(0);
  } finally {
    spy.mockRestore();
  }
}

describe('verifyPkce()', () => {
  test('accepts the pair of RFC 7636 appendix B', async () => {
    expect(await outcome(() => verifyPkce(VERIFIER, { challenge: CHALLENGE, method: S256 }))).toBe('accepted');
  });

  test.each([43, 128])('accepts a verifier of %i characters', async (length) => {
    const verifier = 'aA0-._~'.repeat(20).slice(0, length);
    const challenge = await deriveChallenge(verifier);
    expect(await outcome(() => verifyPkce(verifier, { challenge, method: S256 }))).toBe('accepted');
  });

  test('refuses another verifier', async () => {
    expect(await outcome(() => verifyPkce('a'.repeat(43), { challenge: CHALLENGE, method: S256 }))).toBe(
      'pkce_mismatch',
    );
  });

  // RFC 9700 section 2.1.1: `plain`, or no method, which means `plain`, shows the verifier to whoever sees the first request.
  test.each([['plain'], [undefined], [null], ['s256'], ['S256 '], [['S256']]])(
    'refuses the method %j before it hashes',
    async (method) => {
      await expectNoDigest(VERIFIER, { challenge: CHALLENGE, method }, 'pkce_method_unsupported');
    },
  );

  // With `plain` the challenge is the verifier itself.
  test('refuses a challenge that is the verifier', async () => {
    expect(await outcome(() => verifyPkce(VERIFIER, { challenge: VERIFIER, method: S256 }))).toBe('pkce_mismatch');
  });

  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['of 42 characters', CHALLENGE.slice(1)],
    ['of 44 characters', `${CHALLENGE}A`],
    ['padded', `${CHALLENGE}=`],
    ['with +', `+${CHALLENGE.slice(1)}`],
    ['with /', `/${CHALLENGE.slice(1)}`],
    ['with a line feed at the end', `${CHALLENGE.slice(1)}\n`],
    ['with a line feed after it', `${CHALLENGE}\n`],
    ['beyond ASCII', `é${CHALLENGE.slice(1)}`],
    ['a list', [CHALLENGE]],
  ])('refuses a challenge that is %s before it hashes', async (_what, challenge) => {
    await expectNoDigest(VERIFIER, { challenge, method: S256 }, 'pkce_challenge_malformed');
  });

  // RFC 7636 section 4.1: 43*128unreserved.
  test.each([
    ['missing', undefined],
    ['empty', ''],
    ['of 42 characters', 'a'.repeat(42)],
    ['of 129 characters', 'a'.repeat(129)],
    ['of a million characters', 'a'.repeat(1_000_000)],
    ['with %', `%${VERIFIER.slice(1)}`],
    ['with +', `+${VERIFIER.slice(1)}`],
    ['with /', `/${VERIFIER.slice(1)}`],
    ['with =', `${VERIFIER.slice(1)}=`],
    ['with a space', ` ${VERIFIER.slice(1)}`],
    ['with a line feed after it', `${VERIFIER}\n`],
    ['beyond ASCII', `é${VERIFIER.slice(1)}`],
    ['a list', [VERIFIER]],
  ])('refuses a verifier that is %s before it hashes', async (_what, verifier) => {
    await expectNoDigest(verifier, { challenge: CHALLENGE, method: S256 }, 'pkce_verifier_malformed');
  });

  test('refuses every challenge but the derived one', async () => {
    const letters = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_');
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 42 }), letters, async (index, letter) => {
        const challenge = CHALLENGE.slice(0, index) + letter + CHALLENGE.slice(index + 1);
        const expected = challenge === CHALLENGE ? 'accepted' : 'pkce_mismatch';
        expect(await outcome(() => verifyPkce(VERIFIER, { challenge, method: S256 }))).toBe(expected);
      }),
    );
  });
});
