import { describe, expect, test, vi } from 'vitest';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import { createHttpsCheck } from '../../src/net/https-check.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, codeOf, get, ok, open, PEER, post, quiet } from './fixtures.ts';
import { ear, ON_LAST_DAY_MS, outcomes, REPORT } from './watched.ts';

const clock = (): number => ON_LAST_DAY_MS;

describe('secure(): a stage in report mode', () => {
  const { auth } = bearer();
  const hush = { ...quiet, clock, onEvent: () => undefined };

  // Hostile list 69.
  test('weakens no other: without a principal each check of one still refuses', async () => {
    const mode = createModes({ auth: REPORT });
    const anonymous = { ...hush, methods: ['GET'], auth, mode } as const;
    const handler = vi.fn(ok);
    const scoped = await secure({ ...anonymous, scopes: ['orders:read'] }, handler)(get());
    const ruled = await secure({ ...anonymous, roles: ({ principal }) => principal !== undefined }, handler)(get());
    const owned = await secure({ ...anonymous, authorize: ({ principal }) => principal?.id === 'alice' }, handler)(
      get(),
    );
    expect([scoped.status, ruled.status, owned.status]).toEqual([403, 403, 403]);
    expect(handler).not.toHaveBeenCalled();
    // Nobody is taken for somebody: not by the token that did not pass, either.
    const { events, onEvent } = ear();
    await secure({ ...anonymous, onEvent }, handler)(get('/', as('forged')), PEER);
    expect(handler.mock.lastCall).toMatchObject([{}, { principal: undefined, claims: undefined }]);
    expect(events.at(-1)).toMatchObject({ outcome: 'allowed', principalId: undefined });
    // And who proves who he is, is.
    await secure(anonymous, handler)(get('/', as('reader')), PEER);
    expect(handler.mock.lastCall).toMatchObject([{}, { principal: { id: 'alice' }, wouldDeny: [] }]);
  });

  test('weakens no other: ambient credentials that prove nothing are still checked for cross-site requests', async () => {
    const policy = {
      ...hush,
      methods: ['POST'],
      auth: { ...auth, ambient: true },
      csrf: createCrossOriginCheck(),
      body: object({}),
      mode: createModes({ auth: REPORT }),
    } as const;
    const response = await secure(policy, ok)(post('{}', { 'sec-fetch-site': 'cross-site' }));
    expect([response.status, await codeOf(response)]).toEqual([403, 'cross_site_request']);
  });

  // The schema is on trial: who may send what, how much of it, and in which grammar, is not.
  const BODIES: readonly (readonly [string, number, string])[] = [
    ['{"n":1', 400, 'json_malformed'],
    ['{"n":1,"n":2}', 400, 'json_duplicate_key'],
    ['{"__proto__":{}}', 400, 'json_forbidden_key'],
    [`"${'a'.repeat(200)}"`, 413, 'body_too_large'],
  ];
  test.each(BODIES)('of a body enforces size and grammar: %s', async (text, status, code) => {
    for (const mode of [REPORT, 'off', 'report'] as const) {
      const policy = { ...open, methods: ['POST'], body: object({ n: int() }), bodyLimits: { maxBytes: 100 } } as const;
      const response = await secure({ ...policy, ...hush, mode: createModes({ body: mode }) }, ok)(post(text));
      expect([response.status, await codeOf(response)]).toEqual([status, code]);
    }
    const untyped = new Request('https://api.test/', { method: 'POST', body: '{"n":1}' });
    const policy = {
      ...open,
      ...hush,
      methods: ['POST'],
      body: object({}),
      mode: createModes({ body: 'off' }),
    } as const;
    expect((await secure(policy, ok)(untyped)).status).toBe(415);
  });

  test('lets several pass, and names them in their order', async () => {
    const { events, onEvent } = ear();
    const mode = createModes({ auth: REPORT, scopes: REPORT, https: 'report', query: 'report', response: 'report' });
    const handler = vi.fn(ok);
    const policy = {
      ...hush,
      methods: ['GET'],
      auth,
      scopes: ['orders:write'],
      https: createHttpsCheck({ redirectHosts: ['api.test'] }),
      query: fromText(object({ n: int() })),
      response: object({}),
      mode,
      onEvent,
    } as const;
    const response = await secure(policy, handler)(new Request('http://api.test/?n=x'), PEER);
    expect(response.status).toBe(200);
    const wouldDeny = [
      // What would have been a redirect.
      { stage: 'https', code: 'https_required' },
      { stage: 'authenticate', code: 'credentials_missing' },
      { stage: 'scopes', code: 'insufficient_scope' },
      { stage: 'query', code: 'query_invalid' },
    ];
    expect(handler.mock.calls[0]?.[1 as never]).toMatchObject({ wouldDeny, query: { n: 'x' } });
    expect(outcomes(events.slice(5))).toEqual([
      ...wouldDeny.map(({ stage, code }) => `would_deny ${stage} ${code}`),
      'would_deny response internal_error',
      'allowed response',
    ]);
  });

  test('freezes what it says, for each request apart', async () => {
    const seen: (readonly object[])[] = [];
    const mode = createModes({ query: 'report' });
    const handler = secure({ ...open, ...hush, query: fromText(object({ n: int() })), mode }, (_request, context) => {
      seen.push(context.wouldDeny);
      return ok();
    });
    for (const path of ['/?n=x', '/?n=1', '/']) await handler(get(path));
    expect(seen.map((list) => [list.length, Object.isFrozen(list), list.every(Object.isFrozen)])).toEqual([
      [1, true, true],
      [0, true, true],
      [1, true, true],
    ]);
  });

  // What is found out after its time is nobody's: else a request would change in the middle of its way.
  test('that is late changes nothing any more', async () => {
    let release: (value?: unknown) => void = () => undefined;
    const gate = new Promise((resolve) => void (release = resolve));
    const seen: unknown[] = [];
    const { events, onEvent } = ear();
    const handler = secure({
      ...hush,
      methods: ['GET'],
      auth: { ...auth, authenticate: (request: Request) => gate.then(() => auth.authenticate(request)) },
      query: { '~standard': { version: 1, vendor: 'x', validate: () => gate.then(() => ({ value: 'late' })) } },
      timeouts: { stageMs: 5 },
      mode: createModes({ auth: REPORT, query: REPORT, authorize: REPORT }),
      authorize: async ({ principal, query }) => {
        seen.push([principal, query]);
        release();
        await new Promise((resolve) => setTimeout(resolve, 1));
        return true;
      },
      onEvent,
    }, (_request, { principal, query }) => {
      seen.push([principal, query]);
      return ok();
    });
    expect((await handler(get('/?n=1', as('reader')), PEER)).status).toBe(200);
    expect(seen).toEqual([[undefined, { n: '1' }], [undefined, { n: '1' }]]);
    expect(events.at(-1)).toMatchObject({ outcome: 'allowed', principalId: undefined });
  });

  // CORS and hardening do not depend on who refuses.
  test('takes no header away', async () => {
    const cors = createCors({ origins: ['https://app.test'] });
    const query = fromText(object({ n: int() }));
    const handler = secure({ ...open, ...hush, cors, query, mode: createModes({ query: 'report' }) }, ok);
    const { headers } = await handler(get('/', { origin: 'https://app.test' }));
    expect(headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });
});
