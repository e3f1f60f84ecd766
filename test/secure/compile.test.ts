import { describe, expect, test } from 'vitest';
import { object } from '../../src/schema/object.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { bearer, get, ok, open, ORIGIN } from './fixtures.ts';

describe('secure(): what throws at creation', () => {
  const { auth } = bearer();
  const posting = { ...open, methods: ['POST'] };
  const cors = { origins: ['https://a.test'], headers: ['content-type'] };
  const limit = [{ name: 'l', limit: 1, windowSeconds: 1 }];
  const WRONG: readonly (readonly [string, object])[] = [
    ['no methods', { auth: 'public' }],
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
    ['a limit that is undefined', { ...open, store: memoryStore(), limits: { client: undefined } }],
    ['an unknown field', { ...open, rateLimit: {} }],
    ['limits without a store', { ...open, limits: { client: limit } }],
    ['an unknown group of limits', { ...open, store: memoryStore(), limits: { ip: limit } }],
    ['limits by principal for the public', { ...open, store: memoryStore(), limits: { principal: limit } }],
    ['a negative limit', {
      ...open,
      store: memoryStore(),
      limits: { client: [{ name: 'l', limit: -1, windowSeconds: 1 }] },
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
    // Every page of the web could read what cookies open.
    ['any origin with credentials', { ...open, cors: { origins: '*', credentials: true } }],
    ['an unknown CORS option', { ...open, cors: { origins: ['https://a.test'], origin: '*' } }],
    ['an unknown header option', { ...open, headers: { csp: false } }],
    ['proxies without a header to read', { ...open, client: { trustedProxies: ['10.0.0.0/8'] } }],
    ['a number of hops', { ...open, client: { trustedProxies: 1 } }],
    ['a body for GET, whose schema would never run', { ...open, body: object({}) }],
    ['a body for GET beside POST', { ...open, methods: ['GET', 'POST'], body: object({}) }],
    ['body limits without a body', { ...posting, bodyLimits: { maxBytes: 1 } }],
    ['limits of nobody', { ...open, store: memoryStore(), limits: {} }],
    [
      'one name for a client and a principal limit',
      { ...open, auth, store: memoryStore(), limits: { client: limit, principal: limit } },
    ],
    ['an id that is no text', { ...open, id: 5 }],
    ['methods of CORS', { ...open, cors: { ...cors, methods: ['GET'] } }],
    // The browser would give up in the preflight and say nothing of why.
    ['CORS without the header of the token', { ...open, auth, cors }],
    ['CORS without the type of the body', { ...posting, body: object({}), cors: { origins: ['https://a.test'] } }],
    ['onError that is no function', { ...open, onError: 'log' }],
  ];
  test.each(WRONG)('%s', (_what, policy) => {
    expect(() => secure(policy as never, ok)).toThrow(/^Cannot /);
  });

  test('no handler', () => {
    expect(() => secure(open, undefined as never)).toThrow(TypeError);
  });

  test('nothing that is changed in the policy afterwards changes what it does', async () => {
    const policy = { methods: ['GET'], auth: 'public', cors: { origins: ['https://a.test'] } };
    const handler = secure(policy as never, ok);
    policy.methods.push('POST');
    policy.cors.origins.push('https://evil.test');
    expect((await handler(new Request(ORIGIN, { method: 'POST' }))).status).toBe(405);
    expect((await handler(get('/', { origin: 'https://evil.test' }))).headers.has('access-control-allow-origin')).toBe(
      false,
    );
  });
});
