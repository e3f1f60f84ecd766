import { describe, expect, test, vi } from 'vitest';
import { STAGES } from '../../src/secure/order.ts';
import { EXITS } from './exits.ts';
import { type Exit, makeWorld, PAGE, sendTo, type World } from './exit-world.ts';

const API_CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";
const COMMON: readonly (readonly [name: string, value: string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-frame-options', 'DENY'],
];

async function run(exit: Exit): Promise<{ readonly world: World; readonly response: Response }> {
  const world = makeWorld(exit.rules);
  await exit.before?.(world);
  world.events.length = 0;
  world.reported.length = 0;
  return { world, response: await sendTo(world, exit.sent) };
}

const rows: readonly (readonly [string, Exit])[] = EXITS.map((exit) => [exit.name, exit]);
const isPreflight = ({ sent }: Exit): boolean => sent?.method === 'OPTIONS';

// Hostile list 25 (fastify-helmet #168: an early return that no hook sees): one table of all ways out, one set of headers.
describe('secure(): every exit', () => {
  test.each(rows)('%s has its status and code, and no other word', async (_name, exit) => {
    const { response } = await run(exit);
    expect(response.status).toBe(exit.status);
    if (exit.code === undefined) return;
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    const problem: object = JSON.parse(await response.text());
    expect(problem).toMatchObject({ status: exit.status, code: exit.code });
    // Hostile list 30: neither text, stack nor cause of an error has a place to stand in.
    const members = exit.status === 429 ? ['title', 'type', 'violated-policies'] : ['title', 'type'];
    const issues = ['params_invalid', 'query_invalid', 'body_invalid'].includes(exit.code) ? ['issues'] : [];
    expect(Object.keys(problem).sort()).toEqual(['code', 'requestId', 'status', ...members, ...issues].sort());
    expect(problem).toHaveProperty('requestId', response.headers.get('x-request-id'));
  });

  test.each(rows)('%s is hardened', async (_name, exit) => {
    const { headers, status } = (await run(exit)).response;
    for (const [name, value] of COMMON) {
      // A page may tell its own origin where it was, and a 304 has only what is the same for every kind.
      const differs = name === 'referrer-policy' || (status === 304 && name.startsWith('cross-origin'));
      if (!exit.name.startsWith('a page') || !differs) expect(headers.get(name), name).toBe(value);
    }
    const isClear = exit.sent?.url?.startsWith('http:') === true;
    expect(headers.has('strict-transport-security')).toBe(!isClear);
    if (status === 304) expect(headers.has('content-security-policy')).toBe(false);
    else if (exit.name.startsWith('a page')) {
      expect(headers.get('content-security-policy')).toContain("script-src 'self'");
    } else expect(headers.get('content-security-policy')).toBe(API_CSP);
    expect([headers.has('server'), headers.has('x-powered-by')]).toEqual([false, false]);
  });

  // Hostile list 23: about ten servers answer a 401, 429 or 500 without CORS, and the page sees a network error.
  test.each(rows)('%s can be read by the page that is allowed, and by no other', async (_name, exit) => {
    const { headers } = (await run(exit)).response;
    const isGranted = exit.name !== 'a preflight that asks for more';
    expect(headers.get('access-control-allow-origin')).toBe(isGranted ? PAGE : null);
    const foreign = { ...exit.sent, headers: { ...exit.sent?.headers, origin: 'https://evil.test' } };
    const { response } = await run({ ...exit, sent: foreign });
    expect(response.headers.get('access-control-allow-origin')).toBe(null);
    expect(response.headers.has('access-control-allow-credentials')).toBe(false);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });

  // Hostile list 33: a cache must hand no page's answer to another, and nobody's answer to anybody.
  test.each(rows)('%s is kept by no cache, and differs by Origin', async (_name, exit) => {
    const { headers } = (await run(exit)).response;
    expect(headers.get('cache-control')).toBe(exit.status === 304 ? null : 'no-store');
    const vary = headers.get('vary')?.toLowerCase().split(', ') ?? [];
    expect(vary).toContain('origin');
    expect(vary).toEqual([...new Set(vary)]);
    // An OPTIONS depends on what a preflight asks for; nothing else that a client wrote is repeated.
    expect(vary.length).toBe(isPreflight(exit) ? 3 : 1);
  });

  test.each(rows)('%s has an id of its own, which the event tells, once', async (_name, exit) => {
    const [{ world, response }, other] = [await run(exit), await run(exit)];
    const id = response.headers.get('x-request-id');
    expect(id).toMatch(/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/);
    expect(other.response.headers.get('x-request-id')).not.toBe(id);
    const outcome = exit.status >= 500 ? 'failed' : exit.status < 400 || ownError(exit) ? 'allowed' : 'denied';
    const told = world.events.filter((event) => event.outcome !== 'degraded');
    expect(told.map((event) => [event.outcome, event.status, event.requestId])).toEqual([[outcome, exit.status, id]]);
    expect(world.reported.filter((_, place) => place % 2 === 1)).toEqual(
      exit.status >= 500 ? [{ requestId: id, policyId: 'orders', status: exit.status }] : [],
    );
  });

  // RFC 9110 section 6.4.1: none of these has content.
  test.each(rows.filter(([, { status, sent }]) => [204, 205, 304].includes(status) || sent?.method === 'HEAD'))(
    '%s has no body',
    async (_name, exit) => {
      expect((await run(exit)).response.body).toBe(null);
    },
  );

  // Hostile list 38: of two branches the one that nobody reads is kept in memory, however long it grows.
  test('clones and tees nothing', async () => {
    const spies = [
      vi.spyOn(Request.prototype, 'clone'),
      vi.spyOn(Response.prototype, 'clone'),
      vi.spyOn(ReadableStream.prototype, 'tee'),
    ];
    try {
      for (const exit of EXITS) await run(exit);
      for (const spy of spies) expect(spy).not.toHaveBeenCalled();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
  });

  test('stands in the table for each stage of the order', async () => {
    const seen = new Set<string>();
    for (const exit of EXITS) {
      const { world } = await run(exit);
      for (const event of world.events) seen.add(event.stage);
    }
    expect([...seen].sort()).toEqual(
      [...STAGES, 'handler'].filter((stage) => stage !== 'contentHeaders').concat(
        'contentHeaders',
      ).sort(),
    );
  });
});

/** The handler's own statuses are its answer, and nobody's refusal. */
function ownError({ name }: Exit): boolean {
  return name === 'an error of its own';
}
