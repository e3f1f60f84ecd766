import { describe, expect, test } from 'vitest';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { as, get } from './fixtures.ts';

const authOf = (claims: object): ReturnType<typeof createBearerAuth<object>> =>
  createBearerAuth({ verify: () => ({ claims }) });

describe('createBearerAuth()', () => {
  test('makes a frozen principal of the claims', async () => {
    const claims = { iss: 'https://i.test', sub: 'alice', scope: 'a b' };
    const principal = await authOf(claims).authenticate(get('/', as('t')));
    expect(principal).toEqual({ id: 'alice', issuer: 'https://i.test', scopes: ['a', 'b'], claims });
    expect(Object.isFrozen(principal)).toBe(true);
  });

  // RFC 6750 section 2: a name in percent-escapes is the same name.
  test.each(['access_token=t', 'access%5Ftoken=t', 'a&%61ccess_token'])(
    'refuses a token in the query %s',
    async (query) => {
      const authenticate = async (): Promise<unknown> =>
        await authOf({ sub: 'a' }).authenticate(get(`/?${query}`, as('t')));
      await expect(authenticate()).rejects.toMatchObject({
        code: 'credentials_malformed',
      });
    },
  );

  test('takes the scheme in any case', async () => {
    expect((await authOf({ sub: 'a' }).authenticate(get('/', { authorization: 'bEaReR t' }))).id).toBe('a');
  });

  test.each([[{}], [{ sub: '' }], [{ sub: 7 }], [{ sub: null }], [Object.create({ sub: 'inherited' })]])(
    'refuses claims without a subject: %o',
    async (claims) => {
      const authenticate = async (): Promise<unknown> => await authOf(claims).authenticate(get('/', as('t')));
      await expect(authenticate()).rejects.toMatchObject({ code: 'jwt_claim_missing' });
    },
  );

  // An `await` on the hot path costs more than finding a token that was proved before.
  test('answers without a promise where the verifier does', () => {
    expect(authOf({ sub: 'a' }).authenticate(get('/', as('t')))).toMatchObject({ id: 'a' });
  });

  test('waits for a verifier that needs time', async () => {
    const auth = createBearerAuth({ verify: (token) => Promise.resolve({ claims: { sub: token } }) });
    expect((await auth.authenticate(get('/', as('t')))).id).toBe('t');
  });

  // A scope claim of another shape must grant nothing rather than something.
  test.each([[['a']], [{ a: true }], [1], [null], ['a  b'], ['a "b"']])(
    'grants no scope for the claim %o',
    async (scope) => {
      expect((await authOf({ sub: 'a', scope }).authenticate(get('/', as('t')))).scopes).toEqual([]);
    },
  );

  test('reads nothing from a polluted prototype', async () => {
    const principal = await authOf(Object.assign(Object.create({ scope: 'admin', iss: 'x' }), { sub: 'a' }))
      .authenticate(get('/', as('t')));
    expect([principal.scopes, principal.issuer]).toEqual([[], undefined]);
  });

  test.each([[{}], [{ verify: 'x' }], [{ verify: () => ({ claims: {} }), realm: 'a"b' }], [{
    verify: () => ({ claims: {} }),
    relam: 'x',
  }]])('throws at creation for %o', (options) => {
    expect(() => createBearerAuth(options as never)).toThrow(TypeError);
  });
});
