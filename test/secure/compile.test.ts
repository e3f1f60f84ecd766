import { describe, expect, test } from 'vitest';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createIfMatch } from '../../src/net/if-match.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { object } from '../../src/schema/object.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { bearer, get, ok, open, ORIGIN } from './fixtures.ts';

describe('secure(): what throws at creation', () => {
  const { auth } = bearer();
  const posting = { ...open, methods: ['POST'] };
  const cors = createCors({ origins: ['https://a.test'], headers: ['content-type'] });
  const limit = [{ name: 'l', limit: 1, windowSeconds: 1 }];
  const WRONG: readonly (readonly [string, object])[] = [
    ['no methods', { auth: 'public' }],
    ['one method in the place of a list', { ...open, methods: 'GET' }],
    ['no scope in the place of a list', { ...open, auth, scopes: '' }],
    ['one scope in the place of a list', { ...open, auth, scopes: 'a' }],
    ['a schema of text for a JSON body', { ...posting, body: fromText(object({})) }],
    ['a schema of text for a response', { ...open, response: fromText(object({})) }],
    ['CORS without the header of a precondition', {
      ...open,
      resource: () => ({}),
      authorize: () => true,
      precondition: createIfMatch({ versionOf: () => '1' }),
      cors: createCors({ origins: ['https://a.test'] }),
    }],
    ['an empty list of methods', { ...open, methods: [] }],
    ['TRACE', { ...open, methods: ['TRACE'] }],
    ['a lower-case method', { ...open, methods: ['get'] }],
    ['resource methods without a method of the policy', { ...open, resourceMethods: ['POST'] }],
    ['no auth', { methods: ['GET'] }],
    ['auth: undefined', { methods: ['GET'], auth: undefined }],
    ['auth that is another word', { methods: ['GET'], auth: 'none' }],
    // A misspelt name in what the policy is made from.
    ['scopes: undefined', { ...open, auth, scopes: undefined }],
    ['authorize: undefined', { ...open, authorize: undefined }],
    ['limits: undefined', { ...open, store: memoryStore(), limits: undefined }],
    ['an unknown field', { ...open, rateLimit: {} }],
    ['limits without a store', { ...open, limits: createLimits({ client: limit }) }],
    ['options in the place of limits', { ...open, store: memoryStore(), limits: { client: limit } }],
    ['limits by principal for the public', {
      ...open,
      store: memoryStore(),
      limits: createLimits({ principal: limit }),
    }],
    ['scopes for the public', { ...open, scopes: ['a'] }],
    ['no scopes at all', { ...open, auth, scopes: [] }],
    ['a scope with a space', { ...open, auth, scopes: ['a b'] }],
    ['a body that is no schema', { ...posting, body: { name: 'string' } }],
    ['a body both validated and not', { ...posting, body: object({}), dangerouslyAllowUnvalidatedBody: true }],
    ['a truthy text for a switch', { ...open, dangerouslyAllowUnvalidatedBody: 'false' }],
    ['a body limit of 0', { ...posting, body: object({}), bodyLimits: { maxBytes: 0 } }],
    ['an unknown body limit', { ...posting, body: object({}), bodyLimits: { maxSize: 1 } }],
    ['a resource without authorize', { ...open, resource: () => ({}) }],
    ['authorize that is no function', { ...open, authorize: true }],
    // Options in the place of what is made of them would be a check that is not there.
    ['options in the place of CORS', { ...open, cors: { origins: ['https://a.test'] } }],
    ['options in the place of a resolver', { ...open, client: { trustedProxies: ['10.0.0.0/8'], read: 'forwarded' } }],
    ['options in the place of a host check', { ...open, hosts: { hosts: ['api.test'] } }],
    ['names in the place of a host check', { ...open, hosts: ['api.test'] }],
    ['a word in the place of an https check', { ...open, https: true }],
    ['networks in the place of a list of them', { ...open, deny: ['192.0.2.0/24'] }],
    ['no tool at all', { ...open, cors: null }],
    ['an unknown header option', { ...open, headers: { csp: false } }],
    ['a body for GET, whose schema would never run', { ...open, body: object({}) }],
    ['a body for GET beside POST', { ...open, methods: ['GET', 'POST'], body: object({}) }],
    ['body limits without a body', { ...posting, bodyLimits: { maxBytes: 1 } }],
    ['limits of a route without an id', { ...open, store: memoryStore(), limits: createLimits({ route: limit }) }],
    ['an id that is no text', { ...open, id: 5 }],
    ['methods of CORS', { ...open, cors: createCors({ origins: ['https://a.test'], methods: ['GET'] }) }],
    // The browser would give up in the preflight and say nothing of why.
    ['CORS without the header of the token', { ...open, auth, cors }],
    [
      'CORS without the type of the body',
      { ...posting, body: object({}), cors: createCors({ origins: ['https://a.test'] }) },
    ],
    // The one name that `*` does not stand for.
    ['CORS with any header but that of the token', {
      ...open,
      auth,
      cors: createCors({ origins: '*', headers: ['*'] }),
    }],
    ['ambient credentials without a check of cross-site requests', { ...open, auth: { ...auth, ambient: true } }],
    ['options in the place of a check of cross-site requests', { ...open, csrf: { missing: 'deny' } }],
    ['onError that is no function', { ...open, onError: 'log' }],
  ];
  test.each(WRONG)('%s', (_what, policy) => {
    expect(() => secure(policy as never, ok)).toThrow(/^Cannot /);
  });

  test('no handler', () => {
    expect(() => secure(open, undefined as never)).toThrow(TypeError);
  });

  test('nothing that is changed in the policy afterwards changes what it does', async () => {
    const policy = { methods: ['GET'], auth: 'public', cors };
    const handler = secure(policy as never, ok);
    policy.methods.push('POST');
    policy.cors = createCors({ origins: ['https://evil.test'] });
    expect((await handler(new Request(ORIGIN, { method: 'POST' }))).status).toBe(405);
    expect((await handler(get('/', { origin: 'https://evil.test' }))).headers.has('access-control-allow-origin')).toBe(
      false,
    );
  });

  test('but a body may come with any header that CORS allows', () => {
    expect(() =>
      secure({ ...open, methods: ['POST'], body: object({}), cors: createCors({ origins: '*', headers: ['*'] }) }, ok)
    )
      .not.toThrow();
  });
});
