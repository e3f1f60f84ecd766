import { describe, expect, test } from 'vitest';
import { createCsp } from '../../src/headers/csp.ts';
import { sha256, sha384, sha512 } from '../../src/headers/csp-token.ts';
import { formatIntegrity } from '../../src/headers/integrity.ts';
import { formatIntegrityPolicy } from '../../src/headers/integrity-policy.ts';

const SCRIPT = new TextEncoder().encode("alert('Hello, world.');");

describe('formatIntegrity()', () => {
  // The example of Subresource Integrity, section 3.2.1.
  test('formatIntegrity() computes what the standard shows', async () => {
    expect(await formatIntegrity(SCRIPT)).toBe(
      'sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO',
    );
  });

  test('formatIntegrity() computes the SHA-256 of nothing', async () => {
    expect(await formatIntegrity(new Uint8Array(0), { hash: 'SHA-256' })).toBe(
      'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=',
    );
  });

  test.each([['SHA-256', sha256], ['SHA-384', sha384], ['SHA-512', sha512]] as const)(
    'formatIntegrity() by %s is what createCsp() takes as a hash',
    async (hash, word) => {
      const integrity = await formatIntegrity(SCRIPT, { hash });
      const [, digest = ''] = integrity.split(/-(.*)/);
      expect(createCsp({ scriptSrc: [word(digest)] }).format({ secure: true })).toBe(`script-src '${integrity}'`);
    },
  );

  test.each<readonly [string, unknown]>([
    ['a weak hash', { hash: 'SHA-1' }],
    ['a hash in the attribute’s spelling', { hash: 'sha384' }],
    ['an unknown option', { algorithm: 'SHA-256' }],
  ])('formatIntegrity() rejects %s', async (_what, options) => {
    await expect(Reflect.apply(formatIntegrity, undefined, [SCRIPT, options])).rejects.toThrow(TypeError);
  });

  test('formatIntegrity() rejects what is no bytes', async () => {
    await expect(Reflect.apply(formatIntegrity, undefined, ['alert()'])).rejects.toThrow(TypeError);
  });
});

describe('formatIntegrityPolicy()', () => {
  test.each(
    [
      [{ blockedDestinations: ['script'] }, 'blocked-destinations=(script)'],
      [
        { blockedDestinations: ['script', 'style'], endpoints: ['main'] },
        'blocked-destinations=(script style), endpoints=(main)',
      ],
    ] as const,
  )('formatIntegrityPolicy(%j) is %s', (options, value) => {
    expect(formatIntegrityPolicy(options)).toBe(value);
  });

  test.each<readonly [string, unknown]>([
    ['no destination', { blockedDestinations: [] }],
    ['nothing', {}],
    ['an unknown destination', { blockedDestinations: ['image'] }],
    ['a destination twice', { blockedDestinations: ['script', 'script'] }],
    ['an endpoint that breaks out', { blockedDestinations: ['script'], endpoints: ['main), x=(y'] }],
    ['an endpoint with CR LF', { blockedDestinations: ['script'], endpoints: ['main\r\nx: y'] }],
    ['an unknown option', { blockedDestinations: ['script'], sources: ['inline'] }],
    ['no object', null],
  ])('formatIntegrityPolicy() throws on %s', (_what, options) => {
    expect(() => Reflect.apply(formatIntegrityPolicy, undefined, [options])).toThrow(TypeError);
  });
});
