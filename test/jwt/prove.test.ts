import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { createJwtVerifier, generateJwtKeyPair, type KeySet } from '../../src/jwt/index.ts';
import { expectations, forge, openDesk } from './forge.ts';

/** What a verifier whose keys come from somebody's own set says to a good token. */
async function refusalOf(find: unknown): Promise<unknown> {
  const { privateKey } = await openDesk();
  // The cast is the mistake: a set written in JavaScript.
  const verify = createJwtVerifier({ ...expectations(), keys: { find } as KeySet });
  const token = await forge(privateKey);
  return await (async () => await verify(token))().catch((caught: unknown) => caught);
}

describe('createJwtVerifier() with a key set of somebody else', () => {
  const fault = new Error('down');

  // We cannot decide, so we refuse, and a retry may help: not 500, and never accepted.
  test.each([
    ['answers nothing', () => undefined],
    ['answers null', () => null],
    ['answers a key instead of a list', () => ({ algorithm: 'ES256' })],
    ['answers a promise of nothing', () => Promise.resolve()],
    ['answers a promise of a string', () => Promise.resolve('key')],
  ])('refuses with key_set_unavailable when it %s', async (_what, find) => {
    const error = await refusalOf(find);
    expect(isRefusal(error) && [error.code, error.cause instanceof TypeError]).toEqual(['key_set_unavailable', true]);
  });

  test.each([
    ['throws', () => {
      throw fault;
    }],
    ['rejects', () => Promise.reject(fault)],
  ])('refuses with key_set_unavailable when it %s, and keeps the cause', async (_what, find) => {
    const error = await refusalOf(find);
    expect(isRefusal(error) && [error.code, error.cause]).toEqual(['key_set_unavailable', fault]);
  });

  test.each([[[null]], [[undefined]], [[{}]], [['key']], [[{ algorithm: 'ES256' }]]])(
    'believes no token by the keys %j',
    async (keys) => {
      const error = await refusalOf(() => keys);
      expect(isRefusal(error) && error.status).toBe(401);
    },
  );

  test('refuses with key_set_unavailable when a key is none that can verify', async () => {
    const { privateKey } = await generateJwtKeyPair('ES256');
    const error = await refusalOf(() => [privateKey]);
    expect(isRefusal(error) && error.code).toBe('key_set_unavailable');
    const stub = await refusalOf(() => [{ algorithm: 'ES256', signatureBytes: 64, cryptoKey: {} }]);
    expect(isRefusal(stub) && stub.code).toBe('key_set_unavailable');
  });
});
