import { describe, expect, test } from 'vitest';
import { createPkce, deriveChallenge, verifyPkce } from '../../src/pkce/index.ts';
import { outcome } from '../jwt/forge.ts';
import { CHALLENGE, VERIFIER } from '../vectors/rfc7636-b.ts';

describe('deriveChallenge()', () => {
  test('derives the challenge of RFC 7636 appendix B', async () => {
    expect(await deriveChallenge(VERIFIER)).toBe(CHALLENGE);
  });

  test.each(['', 'short', 'x'.repeat(42), 'x'.repeat(129), 'x'.repeat(43) + '+', 'x'.repeat(43) + '\n'])(
    'throws for the malformed verifier %j',
    async (verifier) => {
      await expect(deriveChallenge(verifier)).rejects.toThrow(TypeError);
    },
  );
});

describe('createPkce()', () => {
  test('makes a frozen triple whose parts belong together', async () => {
    const pkce = await createPkce();
    expect(Object.isFrozen(pkce)).toBe(true);
    expect(pkce.method).toBe('S256');
    expect(await outcome(() => verifyPkce(pkce.verifier, pkce))).toBe('accepted');
  });
});
