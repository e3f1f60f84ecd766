import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ownerRule } from '../../src/access/owner.ts';
import { createRoles } from '../../src/access/role.ts';
import { createCors } from '../../src/cross-origin/cors.ts';
import { describePolicy } from '../../src/secure/describe-policy.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { slidingLog } from '../../src/limiter/sliding-log.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { anyPolicy, shape } from './describe-policies.ts';
import { bearer, codeOf, get, ok, open, post } from './fixtures.ts';

const limit = (name: string) => [{ name, limit: 10, windowSeconds: 60 }];

describe('describePolicy()', () => {
  test('fills in what the least policy leaves out', () => {
    expect(describePolicy(open)).toEqual({
      id: null,
      methods: ['GET', 'HEAD'],
      resourceMethods: ['GET', 'HEAD'],
      public: true,
      authenticators: [],
      scopes: [],
      roles: null,
      methodsByRole: false,
      resource: false,
      authorize: null,
      notFoundInsteadOfForbidden: false,
      precondition: false,
      client: false,
      hosts: false,
      https: false,
      deny: false,
      cors: null,
      csrf: false,
      params: false,
      query: false,
      body: 'none',
      bodyLimits: null,
      limits: [],
      whenStoreFails: null,
      idempotency: null,
      response: false,
      timeouts: { stageMs: 2000, handlerMs: null },
      events: false,
      stages: ['method', 'contentHeaders', 'body'].map((stage) => ({
        stage,
        mode: 'enforce',
        until: null,
        reason: null,
        enforce: null,
      })),
    });
  });

  test('is plain data: the same as structured clone and as JSON, and holds no function', () => {
    fc.assert(fc.property(anyPolicy, (policy) => {
      const description = describePolicy(policy);
      expect(structuredClone(description)).toStrictEqual(description);
      expect(JSON.parse(JSON.stringify(description))).toStrictEqual(description);
    }));
  });

  test('is frozen throughout', () => {
    fc.assert(fc.property(anyPolicy, (policy) => {
      const left: unknown[] = [describePolicy(policy)];
      for (let value = left.pop(); value !== undefined; value = left.pop()) {
        if (typeof value !== 'object' || value === null) continue;
        expect(Object.isFrozen(value)).toBe(true);
        left.push(...Object.values(value));
      }
    }));
  });

  test('says who may: authenticators, scopes, and rules by the names that they have', () => {
    const { auth } = bearer();
    const roles = createRoles({ manager: { permissions: ['orders:refund'], methods: ['POST'] } });
    const policy = {
      methods: ['POST'],
      resourceMethods: ['GET', 'POST'],
      auth: [auth],
      scopes: ['orders:write'],
      roles: roles.permissionRule('orders:refund'),
      methodsByRole: roles,
      resource: () => ({ owner: 'ada', tenant: 'acme' }),
      authorize: ownerRule(),
      notFoundInsteadOfForbidden: true,
    } as const;
    expect(describePolicy(policy)).toMatchObject({
      methods: ['POST'],
      resourceMethods: ['GET', 'POST', 'HEAD'],
      public: false,
      authenticators: [{ ambient: false, requestHeaders: ['authorization'] }],
      scopes: ['orders:write'],
      roles: 'permission orders:refund',
      methodsByRole: true,
      resource: true,
      authorize: ownerRule().name,
      notFoundInsteadOfForbidden: true,
    });
    expect(describePolicy({ ...policy, roles: (() => () => true)() }).roles).toBe('rule');
  });

  test('says what is counted, in the order in which it is asked, and how it is meant', () => {
    const limits = createLimits({
      afterBody: [{ limits: limit('account'), key: () => 'k' }],
      principal: [{ name: 'principal', limit: 5, windowSeconds: 1, algorithm: slidingLog }],
      client: [{ name: 'client', limit: 100, windowSeconds: 60, burst: 10 }],
      whenStoreFails: { local: memoryStore(), instances: 2 },
    });
    const mode = createModes({
      limits: {
        client: { mode: 'report', until: '2099-01-31', reason: 'new', enforce: { sample: 0.5, by: 'client' } },
        account: 'off',
      },
    });
    const { limits: described, whenStoreFails, stages } = describePolicy({
      ...open,
      auth: bearer().auth,
      store: memoryStore(),
      limits,
      mode,
    });
    expect(whenStoreFails).toBe('local');
    expect(described).toEqual([
      {
        name: 'client',
        group: 'client',
        limit: 100,
        windowSeconds: 60,
        burst: 10,
        algorithm: 'gcra',
        mode: 'report',
        until: '2099-01-31',
        reason: 'new',
        enforce: { sample: 0.5, by: 'client' },
      },
      expect.objectContaining({
        name: 'principal',
        group: 'principal',
        burst: null,
        algorithm: 'slidingLog',
        mode: 'enforce',
      }),
      expect.objectContaining({ name: 'account', group: 'afterBody', mode: 'off', until: null }),
    ]);
    expect(stages.filter(({ stage }) => stage.endsWith('Limits'))).toMatchObject([
      { stage: 'clientLimits', mode: 'report', until: '2099-01-31' },
      { stage: 'principalLimits', mode: 'enforce' },
      { stage: 'inputLimits', mode: 'off' },
    ]);
  });

  test('says what CORS, bodies, idempotency and times are', () => {
    const cors = createCors({
      origins: ['https://a.test'],
      headers: ['content-type', 'idempotency-key'],
      credentials: true,
    });
    const policy = {
      id: 'pay',
      methods: ['POST'],
      auth: 'public',
      cors,
      body: shape,
      bodyLimits: { maxBytes: 100 },
      idempotency: createIdempotency({ store: memoryStore(), ttlSeconds: 60 }),
      timeouts: { handlerMs: 5000 },
      onEvent: () => undefined,
    } as const;
    expect(describePolicy(policy)).toMatchObject({
      cors: { origins: ['https://a.test'], credentials: true, headers: ['content-type', 'idempotency-key'] },
      body: 'json',
      bodyLimits: { maxBytes: 100, maxDepth: 32, timeoutMs: 10_000 },
      idempotency: { methods: ['POST', 'PATCH'], required: true, ttlSeconds: 60, pendingSeconds: 60 },
      timeouts: { stageMs: 2000, handlerMs: 5000 },
      events: true,
    });
    expect(describePolicy({ ...open, cors: createCors({ origins: '*' }) }).cors?.origins).toEqual(['*']);
  });

  test('tells the defaults that requests meet', async () => {
    const policy = { ...open, methods: ['POST'] as const, body: shape };
    const { bodyLimits, resourceMethods } = describePolicy({ ...open, body: shape, methods: ['POST'] });
    const { maxBytes = 0, maxDepth = 0 } = bodyLimits ?? {};
    const handler = secure(policy, ok);
    const nested = (depth: number): string => `${'['.repeat(depth)}${']'.repeat(depth)}`;
    const codeFor = async (body: string): Promise<string> => codeOf(await handler(post(body)));
    // Read, and no object of that shape.
    expect(await codeFor(nested(maxDepth))).toBe('body_invalid');
    expect(await codeFor(nested(maxDepth + 1))).toBe('json_too_deep');
    expect(await codeFor(`"${'a'.repeat(maxBytes - 2)}"`)).toBe('body_invalid');
    expect(await codeFor(`"${'a'.repeat(maxBytes - 1)}"`)).toBe('body_too_large');
    expect((await handler(get())).headers.get('allow')).toBe(resourceMethods.join(', '));
  });

  test('holds nothing of keys, networks, hosts and what functions close over', () => {
    const CANARY = 'c4n4ry';
    const policy = {
      ...open,
      auth: { ...bearer().auth, secret: CANARY },
      store: { ...memoryStore(), url: `redis://${CANARY}` },
      limits: createLimits({ beforeAuthentication: [{ limits: limit('head'), key: () => CANARY }] }),
      authorize: () => CANARY.length > 0,
      clock: () => CANARY.length,
    };
    expect(JSON.stringify(describePolicy(policy))).not.toContain(CANARY);
  });
});
