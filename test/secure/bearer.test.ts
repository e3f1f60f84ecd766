import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import type { Authenticator } from '../../src/secure/authenticator.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, codeOf, get, ok } from './fixtures.ts';

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

  test.each<readonly [boolean, string, Readonly<Record<string, string>>]>([
    [false, '/', {}],
    [true, '/', as('t')],
    [true, '/', { authorization: 'bEaReR t' }],
    [true, '/', { authorization: 'Bearer' }],
    [true, '/', { authorization: 'Bearer\tt' }],
    [true, '/', { authorization: 'Bearer a b' }],
    [true, '/', { authorization: 'Basic YTpi, Bearer t' }],
    [true, '/', { authorization: 'Basic YTpi,bearer t' }],
    [true, '/?access_token=t', {}],
    [true, '/?a&access%5Ftoken', { authorization: 'Basic YTpi' }],
    [false, '/?token=t', { authorization: 'Basic YTpi' }],
    [false, '/', { authorization: 'Bearers t' }],
    [false, '/', { authorization: 'AWS4-HMAC-SHA256 Credential=bearer, SignedHeaders=host' }],
    [false, '/', { cookie: 'access_token=t', 'x-authorization': 'Bearer t' }],
  ])('tells (%s) whether a token is presented: %s %j', (isPresented, path, headers) => {
    expect(authOf({ sub: 'a' }).isPresented?.(get(path, headers))).toBe(isPresented);
  });

  // Hostile list 46: a header, a cookie and the query are three ways to be somebody.
  test.each([
    ['a cookie', '/', { cookie: 'session=bob' }, 200],
    ['a token', '/', as('t'), 200],
    ['a token beside a cookie', '/', { ...as('t'), cookie: 'session=bob' }, 400],
    ['half a token beside a cookie', '/', { authorization: 'Bearer', cookie: 'session=bob' }, 400],
    ['a token in the query beside a cookie', '/?access_token=t', { cookie: 'session=bob' }, 400],
    ['a token in the query', '/?access_token=t', {}, 400],
    ['other credentials beside a cookie', '/', { authorization: 'Basic YTpi', cookie: 'session=bob' }, 200],
    ['nothing', '/', {}, 401],
  ])('answers %s, where cookies are taken, too', async (_what, path, headers, status) => {
    const session: Authenticator = {
      ambient: true,
      isPresented: (request) => request.headers.has('cookie'),
      authenticate(request) {
        if (!request.headers.has('cookie')) throw new Refusal('credentials_missing');
        return { id: 'bob', issuer: undefined, scopes: [], claims: {} };
      },
      challenge: () => '',
    };
    for (const auth of [[authOf({ sub: 'a' }), session], [session, authOf({ sub: 'a' })]]) {
      const handler = secure({ methods: ['GET'], auth, csrf: createCrossOriginCheck() }, ok);
      const response = await handler(get(path, headers));
      expect(response.status).toBe(status);
      if (status === 400) expect(await codeOf(response)).toBe('credentials_malformed');
    }
  });
});
