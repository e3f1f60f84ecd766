import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createIpList } from '../../src/net/cidr.ts';
import { createHostCheck } from '../../src/net/host-check.ts';
import { createHttpsCheck } from '../../src/net/https-check.ts';
import { createIfMatch } from '../../src/net/if-match.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import type { PolicyEvent } from '../../src/secure/event.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { STAGES } from '../../src/secure/order.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { as, bearer, get, ok, open, ORIGIN, PEER, post, quiet } from './fixtures.ts';
import { ear } from './watched.ts';

const { auth } = bearer();
const reading = { methods: ['GET'], auth } as const;
const count = object({ n: int() });
const counting = { ...open, methods: ['POST'], body: count };
/** A budget that is empty from the start. */
function empty(by: 'client' | 'principal' | 'afterBody'): object {
  const limit = [{ name: 'l', limit: 1, windowSeconds: 60 }];
  const limits = by === 'afterBody'
    ? createLimits({ afterBody: [{ limits: limit, key: () => 'k', cost: () => 2 }] })
    : createLimits({ [by]: limit });
  return { limits, store: memoryStore({ clock: () => 0 }) };
}
const deadline = { timeouts: { stageMs: 1, handlerMs: 1 } };
const never = (): Promise<never> => new Promise(() => undefined);
const thrown = (error: unknown) => (): never => {
  throw error;
};
const unwritable = (): Response => {
  const response = ok();
  Object.defineProperty(response, 'headers', { get: thrown(new Error('no headers')) });
  return response;
};

type Row = readonly [
  what: string,
  policy: object,
  () => Request,
  stage: string,
  code: string | undefined,
  status: number,
];

const REFUSED: readonly Row[] = [
  ['another method', open, () => post('{}'), 'method', 'method_not_allowed', 405],
  ['another host', { ...open, hosts: createHostCheck({ hosts: ['b.test'] }) }, get, 'hosts', 'host_not_allowed', 421],
  [
    'http',
    { ...open, https: createHttpsCheck() },
    () => new Request('http://api.test'),
    'https',
    'https_required',
    403,
  ],
  ['a denied network', { ...open, deny: createIpList(['192.0.2.0/24']) }, get, 'deny', 'forbidden', 403],
  [
    'a wrong type',
    counting,
    () => post('{}', { 'content-type': 'text/plain' }),
    'contentHeaders',
    'media_type_unsupported',
    415,
  ],
  ['no credentials', reading, get, 'authenticate', 'credentials_missing', 401],
  [
    'a slow proof',
    { ...reading, auth: { ...auth, authenticate: never }, ...deadline },
    get,
    'authenticate',
    'deadline_exceeded',
    503,
  ],
  ['a missing scope', { ...reading, scopes: ['z'] }, () => get('/', as('reader')), 'scopes', 'insufficient_scope', 403],
  ['another role', { ...reading, roles: () => false }, () => get('/', as('reader')), 'roles', 'forbidden', 403],
  ['params', { ...open, params: fromText(count) }, get, 'params', 'params_invalid', 400],
  ['a query', { ...open, query: fromText(count) }, get, 'query', 'query_invalid', 400],
  ['no JSON', counting, () => post('{'), 'body', 'json_malformed', 400],
  ['a body', counting, () => post('{}'), 'bodySchema', 'body_invalid', 400],
  [
    'an empty account',
    { ...counting, ...empty('afterBody') },
    () => post('{"n":1}'),
    'inputLimits',
    'rate_limited',
    429,
  ],
  ['no resource', { ...open, resource: () => null, authorize: () => true }, get, 'resource', 'not_found', 404],
  ['no permission', { ...open, authorize: () => false }, get, 'authorize', 'forbidden', 403],
  [
    'another version',
    {
      ...open,
      resource: () => ({}),
      authorize: () => true,
      precondition: createIfMatch({ versionOf: () => '7', required: true }),
    },
    () => get('/', { 'if-match': '"6"' }),
    'precondition',
    'precondition_failed',
    412,
  ],
  [
    'a key that nobody can remember',
    {
      ...counting,
      id: 'i',
      idempotency: createIdempotency({ store: { run: () => Promise.reject(new Error('The store is down.')) } }),
    },
    () => post('{"n":1}', { 'idempotency-key': '"k"' }),
    'idempotency',
    'store_unavailable',
    503,
  ],
  ['a rule that throws', { ...open, authorize: thrown(new Error('x')) }, get, 'authorize', 'internal_error', 500],
  ['a response that does not fit', { ...open, response: count }, get, 'response', 'internal_error', 500],
];

const HANDLERS:
  readonly (readonly [string, () => unknown, outcome: string, code: string | undefined, status: number])[] = [
    ['a response', ok, 'allowed', undefined, 200],
    ['its own 404', () => new Response(null, { status: 404 }), 'allowed', undefined, 404],
    ['its own 502', () => new Response(null, { status: 502 }), 'failed', undefined, 502],
    ['a refusal', thrown(new Refusal('not_found')), 'denied', 'not_found', 404],
    ['a refusal that is ours', thrown(new Refusal('store_unavailable')), 'failed', 'store_unavailable', 503],
    ['an error', thrown(new Error('x')), 'failed', 'internal_error', 500],
    ['no error', thrown('x'), 'failed', 'internal_error', 500],
    ['undefined', thrown(undefined), 'failed', 'internal_error', 500],
    ['a rejection', () => Promise.reject(new Error('x')), 'failed', 'internal_error', 500],
    ['nothing', () => undefined, 'failed', 'internal_error', 500],
    ['a network error', () => Response.error(), 'failed', 'internal_error', 500],
    ['what no finaliser can write on', unwritable, 'failed', 'internal_error', 500],
    ['a thrown response', thrown(ok()), 'failed', 'internal_error', 500],
  ];

/** Serves once, and hands out the one event of it. */
async function only(policy: object, request: unknown, handler: () => unknown = ok): Promise<PolicyEvent | undefined> {
  const { events, onEvent } = ear();
  const run = secure({ ...quiet, ...policy, onEvent } as never, handler as never);
  const response = await run(request as Request, { ...PEER, params: {} });
  expect(events).toHaveLength(1);
  expect(events[0]?.status).toBe(response.status);
  expect(events[0]?.requestId).toBe(response.headers.get('x-request-id'));
  return events[0];
}

describe('secure(): one event for each request', () => {
  test.each(REFUSED)('that is refused: %s', async (_what, policy, request, stage, code, status) => {
    const outcome = status >= 500 ? 'failed' : 'denied';
    expect(await only(policy, request())).toMatchObject({ outcome, stage, code, status });
  });

  test.each(HANDLERS)('whose handler answers or throws %s', async (_what, handler, outcome, code, status) => {
    const event = await only(open, get(), handler);
    expect(event).toMatchObject({ outcome, stage: 'handler', code, status });
  });

  test('whose handler is late', async () => {
    const event = await only({ ...open, ...deadline }, get(), never);
    expect(event).toMatchObject({ outcome: 'failed', stage: 'handler', code: 'deadline_exceeded', status: 503 });
  });

  const BUDGETS = [['client', 'clientLimits', open], ['principal', 'principalLimits', reading]] as const;
  test.each(BUDGETS)('whose budget is spent, by %s', async (by, stage, policy) => {
    const { events, onEvent } = ear();
    const run = secure({ ...policy, ...empty(by), onEvent } as never, ok);
    for (let n = 0; n < 3; n++) await run(get('/', as('reader')), PEER);
    expect(events.map(({ outcome, stage, code }) => [outcome, stage, code])).toEqual([
      ['allowed', 'handler', undefined],
      ['denied', stage, 'rate_limited'],
      ['denied', stage, 'rate_limited'],
    ]);
  });

  test('that a stage answers in the place of the handler', async () => {
    const cors = createCors({ origins: ['https://a.test'] });
    const headers = { origin: 'https://a.test', 'access-control-request-method': 'GET' };
    const preflight = new Request(ORIGIN, { method: 'OPTIONS', headers });
    expect(await only({ ...open, cors }, preflight)).toMatchObject({
      outcome: 'allowed',
      stage: 'preflight',
      status: 204,
    });
    const https = createHttpsCheck({ redirectHosts: ['api.test'] });
    const clear = new Request('http://api.test/');
    expect(await only({ ...open, https }, clear)).toMatchObject({ outcome: 'allowed', stage: 'https', status: 308 });
  });

  test.each([
    ['a URL of two paths', { url: 'https://api.test//a/%2e%2e/b' }],
    ['an encoded slash', get('/a%2fb')],
    ['nothing at all', undefined],
    ['a text', 'GET / HTTP/1.1'],
    ['an object whose members throw', new Proxy({}, { get: thrown(new Error('x')) })],
  ])('that is none: %s', async (_what, request) => {
    const event = await only(open, request);
    expect(event?.stage).toBe('request');
    expect(['request_malformed', 'internal_error']).toContain(event?.code);
    expect(event?.outcome).toBe(event?.status === 400 ? 'denied' : 'failed');
  });

  test('in every stage that can refuse one', () => {
    // What these two refuse is asked for above; the others stand in the table.
    const elsewhere = ['preflight', 'clientLimits', 'principalLimits', 'crossSite', 'methodsByRole'];
    const covered = new Set([...REFUSED.map((row) => row[3]), ...elsewhere]);
    expect(STAGES.filter((stage) => !covered.has(stage))).toEqual([]);
  });

  test('made when the response is, and not when its body ends', async () => {
    const { events, onEvent } = ear();
    const body = new ReadableStream({ pull: never });
    await secure({ ...open, onEvent }, () => new Response(body))(get());
    expect(events).toMatchObject([{ outcome: 'allowed' }]);
  });
});
