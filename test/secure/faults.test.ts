import { describe, expect, test } from 'vitest';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createIfMatch } from '../../src/net/if-match.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { object } from '../../src/schema/object.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, codeOf, get, ok, open, PEER, post } from './fixtures.ts';
import { ear } from './watched.ts';

const { auth } = bearer();
const reading = { methods: ['GET'], auth };
const loading = { ...reading, resource: () => ({ owner: 'alice' }), authorize: () => true };
const posting = { ...open, methods: ['POST'] };
const PLATFORM = { ...PEER, params: { id: '1' } };

/** What a policy is made of may do in the place of deciding. */
const broken = (): never => {
  throw new Error('canary of a defect');
};
const rejecting = (): Promise<never> => Promise.reject(new Error('canary of a defect'));
const hanging = (): Promise<never> => new Promise(() => undefined);
const schemaOf = (validate: () => unknown): object => ({ '~standard': { version: 1, vendor: 'x', validate } });
const proving = (authenticate: () => unknown): object => ({ ...auth, authenticate });

/** Each of the functions that a policy may be given, in a policy of its own. */
const PLACES: readonly (readonly [string, (work: () => unknown) => object, 'GET' | 'POST'])[] = [
  ['authenticate', (work) => ({ ...reading, auth: proving(work) }), 'GET'],
  ['authenticate, of the second', (work) => ({ ...reading, auth: [auth, proving(work)] }), 'GET'],
  ['roles', (roles) => ({ ...reading, auth: proving(() => ({ id: 'alice', scopes: [], claims: {} })), roles }), 'GET'],
  ['params', (work) => ({ ...open, params: schemaOf(work) }), 'GET'],
  ['query', (work) => ({ ...open, query: schemaOf(work) }), 'GET'],
  ['body', (work) => ({ ...posting, body: schemaOf(work) }), 'POST'],
  ['resource', (resource) => ({ ...open, resource, authorize: () => true }), 'GET'],
  ['authorize', (authorize) => ({ ...open, authorize }), 'GET'],
  ['authorize, of what is hidden', (authorize) => ({ ...open, authorize, notFoundInsteadOfForbidden: true }), 'GET'],
];

async function run(policy: object, method: 'GET' | 'POST' = 'GET'): Promise<{
  readonly status: number;
  readonly code: string;
  readonly text: string;
  readonly headers: Headers;
  readonly ran: boolean;
  readonly errors: readonly unknown[];
  readonly outcomes: readonly string[];
}> {
  const { events, onEvent } = ear();
  const errors: unknown[] = [];
  let ran = false;
  const onError = (error: unknown): void => void errors.push(error);
  const handler = secure({ timeouts: { stageMs: 10 }, ...policy, onEvent, onError } as never, () => {
    ran = true;
    return ok();
  });
  const response = await handler(method === 'POST' ? post('{}') : get(), PLATFORM);
  const text = await response.clone().text();
  const code = response.ok ? '' : await codeOf(response);
  return {
    status: response.status,
    code,
    text,
    headers: response.headers,
    ran,
    errors,
    outcomes: events.map(({ outcome }) => outcome),
  };
}

// The failure matrix: whatever cannot decide has not allowed.
describe.each(PLACES)('secure(): %s', (_place, policyWith, method) => {
  test.each([['throws', broken], ['rejects', rejecting]])(
    'that %s is a 500, and its words stay here',
    async (_how, work) => {
      const { status, code, text, headers, ran, errors, outcomes } = await run(policyWith(work), method);
      expect([status, code, ran, outcomes]).toEqual([500, 'internal_error', false, ['failed']]);
      expect(text).not.toContain('canary');
      expect(errors).toMatchObject([{ message: 'canary of a defect' }]);
      expect(headers.get('cache-control')).toBe('no-store');
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  test('that hangs is given up: 503, and when to come back', async () => {
    const { status, code, headers, ran, outcomes } = await run(policyWith(hanging), method);
    expect([status, code, ran, outcomes]).toEqual([503, 'deadline_exceeded', false, ['failed']]);
    expect(headers.get('retry-after')).toBe('5');
  });
});

/** What a function that must prove, permit or validate may answer by mistake. */
const NONSENSE: readonly (readonly [string, unknown])[] = [
  ['undefined', undefined],
  ['null', null],
  ['1', 1],
  ['a text', 'true'],
  ['an object', {}],
  ['a list', [true]],
  ['a boxed true', Object(true)],
  ['a function', () => true],
  ['a promise of a promise of a text', Promise.resolve(Promise.resolve('true'))],
  ['a principal without an id', { scopes: [], claims: {} }],
  ['a principal whose id is empty', { id: '', scopes: [], claims: {} }],
  ['a principal whose id is a number', { id: 7, scopes: [], claims: {} }],
  ['a principal whose id is a list', { id: ['alice'], scopes: [], claims: {} }],
];

describe.each(NONSENSE)('secure(): %s', (_what, answer) => {
  // Hostile list 61: anything but true denies.
  test('is no permission', async () => {
    for (const work of [() => answer, async () => await answer]) {
      const denied = await run({ ...open, authorize: work });
      expect([denied.status, denied.code, denied.ran]).toEqual([403, 'forbidden', false]);
      const roles = await run({ ...reading, auth: proving(() => ({ id: 'a', scopes: [], claims: {} })), roles: work });
      expect([roles.status, roles.ran]).toEqual([403, false]);
    }
  });

  test('is no principal', async () => {
    for (const work of [() => answer, async () => await answer]) {
      const { status, code, ran, errors } = await run({ ...reading, auth: proving(work) });
      expect([status, code, ran]).toEqual([500, 'internal_error', false]);
      expect(errors).toHaveLength(1);
    }
  });

  test('is no answer of a schema', async () => {
    for (const work of [() => answer, async () => await answer]) {
      for (const [place, policyWith, method] of PLACES) {
        if (!['params', 'query', 'body'].includes(place)) continue;
        const { status, code, ran } = await run(policyWith(work), method);
        expect([place, status, code, ran]).toEqual([place, 500, 'internal_error', false]);
      }
    }
  });
});

describe('secure(): what else can fail', () => {
  test('a handler that is late is a 503, and is told', async () => {
    let signal: AbortSignal | undefined;
    const policy = { ...open, timeouts: { handlerMs: 5 }, onError: () => undefined };
    const handler = secure(policy, (_request, context) => {
      signal = context.signal;
      return hanging();
    });
    const response = await handler(get(), PEER);
    expect([response.status, await codeOf(response), response.headers.get('retry-after')]).toEqual([
      503,
      'deadline_exceeded',
      '5',
    ]);
    expect([signal?.aborted, signal?.reason]).toMatchObject([true, { code: 'deadline_exceeded' }]);
  });

  test('a version that cannot be told is a 500', async () => {
    const precondition = createIfMatch({ versionOf: broken, required: true });
    const handler = secure({ ...loading, precondition, onError: () => undefined } as never, ok);
    const response = await handler(get('/', { ...as('reader'), 'if-match': '"6"' }), PEER);
    expect(await codeOf(response)).toBe('internal_error');
  });

  // It cannot throw: a defect of it must not take the hardening away.
  test('a finaliser that throws leaves a static answer, hardened, with the id of the request', async () => {
    const cors = { ...createCors({ origins: ['https://a.test'] }), apply: broken };
    for (const policy of [{ ...open, cors }, { ...open, cors, authorize: () => false }]) {
      const { status, code, text, headers, errors, outcomes } = await run(policy);
      expect([status, code, outcomes]).toEqual([500, 'internal_error', ['failed']]);
      expect(text).not.toContain('canary');
      expect(errors.length).toBeGreaterThan(0);
      expect(headers.get('x-request-id')).toBe(JSON.parse(text).requestId);
      for (const name of ['content-security-policy', 'x-content-type-options', 'x-frame-options', 'referrer-policy']) {
        expect(headers.has(name)).toBe(true);
      }
      expect(headers.get('cache-control')).toBe('no-store');
    }
  });

  test('a clock that throws serves nothing', async () => {
    let isBroken = false;
    const clock = (): number => isBroken ? broken() : 0;
    const { events, onEvent } = ear();
    const handler = secure({ ...open, clock, onEvent, onError: () => undefined }, ok);
    isBroken = true;
    expect((await handler(get(), PEER)).status).toBe(500);
    expect(events).toEqual([]);
  });

  test('a resource of the wrong kind is for authorize to decide, which denies by default', async () => {
    for (const resource of [[], [{ owner: 'mallory' }], 'row', 0, false]) {
      const { status, ran } = await run({
        ...open,
        resource: () => resource,
        authorize: ({ resource }: { resource: { owner?: string } }) => resource.owner === 'alice',
      });
      expect([status, ran]).toEqual([403, false]);
    }
  });

  // Nothing of a policy is found wrong while requests wait: compile.test.ts has the rest of what throws at creation.
  test.each([
    ['stageMs of 0', { timeouts: { stageMs: 0 } }],
    ['stageMs that no timer has', { timeouts: { stageMs: 2 ** 31 } }],
    ['handlerMs of NaN', { timeouts: { handlerMs: NaN } }],
    ['another time', { timeouts: { totalMs: 1 } }],
    ['onEvent that is no function', { onEvent: [] }],
    ['a clock that is a number', { clock: 0 }],
    ['roles that are names', { auth, roles: ['admin'] }],
    ['a query of a schema that is not from text', { query: object({}) }],
    ['params that are no schema', { params: { id: 'string' } }],
    ['a response that is no schema', { response: true }],
  ])('and at creation: %s', (_what, wrong) => {
    expect(() => secure({ ...open, ...wrong } as never, ok)).toThrow(/^Cannot /);
  });

  test('but a schema from text is none of these', () => {
    expect(() => secure({ ...open, query: fromText(object({})) }, ok)).not.toThrow();
  });
});
