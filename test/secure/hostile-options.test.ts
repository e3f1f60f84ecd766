import { describe, expect, test } from 'vitest';
import { createRoles } from '../../src/access/role.ts';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import { createIpList } from '../../src/net/cidr.ts';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import { createHostCheck } from '../../src/net/host-check.ts';
import { createHttpsCheck } from '../../src/net/https-check.ts';
import { createIfMatch } from '../../src/net/if-match.ts';
import { createFormReader } from '../../src/schema/form-reader.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure, type SecuredHandler } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { bearer, quiet } from './fixtures.ts';

/** Every option of every tool, as a program would read it from somewhere, and may write to later. */
function makeOptions() {
  const limit = { name: 'client', limit: 1000, windowSeconds: 60 };
  return {
    policy: {
      id: 'orders',
      methods: ['POST'],
      resourceMethods: ['GET', 'POST'],
      scopes: ['orders:write'],
      bodyLimits: { maxBytes: 100, maxDepth: 4, timeoutMs: 1000 },
      timeouts: { stageMs: 1000, handlerMs: 1000 },
      headers: { hsts: { maxAgeSeconds: 31_536_000 }, strip: ['x-debug'], api: { sandbox: true } },
      notFoundInsteadOfForbidden: true,
    },
    client: { trustedProxies: ['10.0.0.0/8'], read: 'x-forwarded' },
    hosts: { hosts: ['api.test'] },
    https: { redirectHosts: ['api.test'] },
    deny: ['203.0.113.0/24'],
    cors: {
      origins: ['https://app.test'],
      headers: ['authorization', 'content-type', 'if-match'],
      exposeHeaders: ['etag'],
    },
    csrf: { trustedOrigins: ['https://app.test'], bypass: ['POST /callback'], missing: 'deny' },
    limits: {
      client: [limit],
      principal: [{ ...limit, name: 'principal' }],
      afterBody: [{ limits: [{ ...limit, name: 'note' }], key: () => 'a' }],
      whenStoreFails: 'closed',
    },
    roles: {
      clerk: { permissions: ['write'], methods: ['POST'] },
      boss: { inherits: ['clerk'], permissions: ['all'] },
    },
    rolesOf: { rolesOf: () => ['clerk'] },
    shape: { note: string({ max: 20 }) },
    unknown: { unknown: 'strip' },
    query: { q: string() },
    ifMatch: { versionOf: () => '1', required: true },
    idempotency: { methods: ['POST'], required: false, ttlSeconds: 60 },
    modes: {
      deny: { mode: 'report', until: '2999-01-01', reason: 'trial', enforce: { sample: 1, by: 'client' } },
      limits: { client: 'enforce' },
    },
    form: { maxBytes: 100 },
  };
}

type Options = ReturnType<typeof makeOptions>;

/** The same policy three ways: by `secure()`, defined, and extended. What is given is looser than the types, as JSON is. */
function makeHandlers(options: Options, made: object[]): readonly SecuredHandler[] {
  const [store, given]: [unknown, Record<string, never>] = [memoryStore(), options as never];
  const roles = createRoles(given['roles'] as never, given['rolesOf']);
  const common = {
    ...quiet,
    onEvent: (): void => undefined,
    ...options.policy,
    store,
    auth: bearer().auth,
    client: createClientResolver(given['client']),
    hosts: createHostCheck(given['hosts'] as never),
    https: createHttpsCheck(given['https']),
    deny: createIpList(options.deny),
    cors: createCors(given['cors'] as never),
    csrf: createCrossOriginCheck(given['csrf']),
    limits: createLimits(given['limits'] as never),
    roles: roles.permissionRule('write' as never),
    methodsByRole: roles,
    query: fromText(object(options.query)),
    resource: () => ({ owner: 'bob' }),
    authorize: () => true,
    precondition: createIfMatch(options.ifMatch),
    idempotency: createIdempotency({ store, ...options.idempotency } as never),
    mode: createModes(given['modes'] as never),
  };
  const json = { ...common, body: object(options.shape), response: object(options.shape, given['unknown']) };
  const { bodyLimits: _, ...rest } = common;
  const form = { ...rest, form: createFormReader(object(options.shape), given['form']) };
  const { scopes: __, ...less } = json;
  const answer = (): Response =>
    Response.json({ note: 'a', secret: 'b' }, { headers: { 'x-debug': '1', 'x-other': '1', 'etag': '"1"' } });
  made.push(json, form, less);
  const base = definePolicy(less as never);
  // Made anew for each request, and so also when everything has been changed.
  const late: SecuredHandler = (request, ...platform) =>
    secure(base.extend({ id: 'late', scopes: ['orders:write'] } as never), answer)(request, ...platform);
  return [
    secure(json as never, answer),
    secure(form as never, answer),
    secure(definePolicy(json as never), answer),
    secure(base.extend({ scopes: options.policy.scopes } as never), answer),
    late,
  ];
}

const HEADERS = {
  'authorization': 'Bearer writer',
  'content-type': 'application/json',
  'if-match': '"1"',
  'origin': 'https://app.test',
  'sec-fetch-site': 'cross-site',
};

/** Each is decided by another option. */
const PROBES:
  readonly (readonly [url: string, method: string, headers: Readonly<Record<string, string>>, peer: string])[] = [
    ['/?q=a', 'POST', {}, '192.0.2.1'],
    ['/?q=a', 'GET', {}, '192.0.2.1'],
    [
      '/?q=a',
      'OPTIONS',
      { 'access-control-request-method': 'POST', 'access-control-request-headers': 'if-match' },
      '192.0.2.1',
    ],
    ['/?q=a', 'POST', { authorization: 'Bearer reader' }, '192.0.2.1'],
    ['/?q=a', 'POST', { origin: 'https://evil.test' }, '192.0.2.1'],
    ['/?q=a', 'POST', { 'sec-fetch-site': 'same-site', 'origin': 'https://evil.test' }, '192.0.2.1'],
    ['/callback?q=a', 'POST', { origin: 'https://evil.test' }, '192.0.2.1'],
    ['/?q=a', 'POST', { 'x-forwarded-for': '203.0.113.7', 'x-forwarded-proto': 'http' }, '10.0.0.1'],
    ['/?q=a', 'POST', { 'x-forwarded-host': 'evil.test' }, '10.0.0.1'],
    ['/?q=a', 'POST', {}, '203.0.113.7'],
    ['/?q=a', 'POST', { 'if-match': '"2"' }, '192.0.2.1'],
    ['/?p=a', 'POST', {}, '192.0.2.1'],
    ['/?q=a', 'POST', { 'idempotency-key': '"' }, '192.0.2.1'],
    ['/?q=a', 'POST', { 'content-type': 'application/x-www-form-urlencoded' }, '192.0.2.1'],
  ];
const BODIES = [
  '{"note":"a"}',
  '{"note":"a","more":1}',
  `{"note":"${'a'.repeat(30)}"}`,
  `"${'a'.repeat(120)}"`,
  'note=a',
];

/** All that clients are told, but for ids and what is left of a budget. */
async function probe(handlers: readonly SecuredHandler[]): Promise<readonly string[]> {
  const told: string[] = [];
  for (const handler of handlers) {
    for (const [path, method, headers, peerAddress] of PROBES) {
      for (const body of method === 'POST' ? BODIES : [undefined]) {
        const init = { method, headers: { ...HEADERS, ...headers }, ...(body !== undefined && { body }) };
        const response = await handler(new Request(`https://api.test${path}`, init), { peerAddress });
        const kept = [...response.headers].filter(([name]) => name !== 'x-request-id' && name !== 'ratelimit');
        const text = (await response.text()).replace(/"requestId":"[^"]*"/, '');
        told.push(JSON.stringify([path, method, headers, body, response.status, kept, text]));
      }
    }
  }
  return told;
}

/** Changes everything that can be reached from a value and is not frozen; tells how much that was. */
function scramble(value: unknown): number {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return 0;
  let count = 1;
  for (const item of Object.values(value)) count += scramble(item);
  if (Array.isArray(value)) value.splice(0, value.length, '*', 'evil.test', 'https://evil.test', 'GET', '0.0.0.0/1');
  else {for (const key of Object.keys(value)) {
      Reflect.set(value, key, typeof Reflect.get(value, key) === 'number' ? 1 : 'off');
    }}
  return count;
}

// Hostile list 60: what is kept by reference is a policy that anybody changes who can reach the options.
describe('secure(): a policy whose options are changed afterwards', () => {
  test('decides and answers as before, to the last header', async () => {
    const options = makeOptions();
    const made: object[] = [];
    const handlers = makeHandlers(options, made);
    const before = await probe(handlers);
    expect(scramble(options)).toBeGreaterThan(40);
    for (const policy of made) for (const name of Object.keys(policy)) Reflect.set(policy, name, () => true);
    expect(await probe(handlers)).toEqual(before);
    // And the probes can tell: every one of them, and different ends among them.
    const statuses = new Set(before.map((line) => Number(/,(\d{3}),\[\[/.exec(line)?.[1])));
    expect([...statuses].sort()).toEqual([200, 204, 400, 403, 405, 412, 413, 415, 421]);
  });

  // Each tool by itself: what it shows of itself cannot be changed either.
  test('has tools that are frozen', () => {
    const policy = definePolicy({ methods: ['GET'], auth: bearer().auth, scopes: ['a'], headers: { strip: ['x-a'] } });
    const tools: readonly object[] = [
      policy,
      policy.methods,
      policy.extend({ id: 'b' }),
      createClientResolver(),
      createHostCheck({ hosts: ['a.test'] }),
      createHttpsCheck(),
      createIpList([]),
      createCors({ origins: ['https://a.test'] }),
      createCrossOriginCheck(),
      createLimits({ client: [{ name: 'l', limit: 1, windowSeconds: 1 }] }),
      createRoles({ a: { permissions: ['b'] } }),
      createIfMatch({ versionOf: () => '1' }),
      createIdempotency({ store: memoryStore() }),
      createModes({ deny: 'off' }),
      createFormReader(object({ a: string() })),
      fromText(object({ a: string() })),
      object({ a: string() }),
      bearer().auth,
    ];
    for (const tool of tools) expect(Object.isFrozen(tool)).toBe(true);
    const { headers } = policy;
    expect([headers, headers?.strip].every(Object.isFrozen)).toBe(true);
  });
});
