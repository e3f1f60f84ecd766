import { describe, expect, test, vi } from 'vitest';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createJwtVerifier } from '../../src/jwt/index.ts';
import { createIpList } from '../../src/net/cidr.ts';
import { object } from '../../src/schema/object.ts';
import type { SecuredHandler } from '../../src/secure/secure.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { countVerifications } from '../jwt/count-verifications.ts';
import { CLAIMS, expectations, forge, HEADER, openDesk } from '../jwt/forge.ts';
import { jwks, serve } from '../jwt/key-server.ts';
import { as, bearer, codeOf, get, ok, open, ORIGIN, PEER, quiet } from './fixtures.ts';
import { watchedStore } from './watched.ts';

const GIGABYTE = 2 ** 30;
const limit = (name: string, limit: number): { name: string; limit: number; windowSeconds: number } => ({
  name,
  limit,
  windowSeconds: 60,
});

/** A POST of a gigabyte, and how many of its bytes somebody asked for. */
function upload(
  headers: Readonly<Record<string, string>>,
): { readonly request: Request; readonly pulls: () => number } {
  let pulls = 0;
  const chunk = new Uint8Array(65_536);
  // Nothing is made ahead: what is pulled was read.
  const body = new ReadableStream({
    pull: (controller) => {
      pulls++;
      controller.enqueue(chunk);
    },
  }, { highWaterMark: 0 });
  const init = {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'content-type': 'application/json', ...headers },
  };
  return { request: new Request(ORIGIN, init as RequestInit), pulls: () => pulls };
}

describe('secure(): what is not done', () => {
  // Hostile list 16: signatures are what an attacker amplifies.
  test('1,000 garbage tokens of one address cost as many verifications as the limit admits', async () => {
    const { privateKey, verify } = await openDesk();
    const [header, payload] = (await forge(privateKey)).split('.');
    const limits = createLimits({ client: [limit('client', 25)] });
    const handler = secure({
      methods: ['GET'],
      auth: createBearerAuth({ verify }),
      store: memoryStore({ clock: () => 0 }),
      limits,
    }, ok);
    const statuses = new Map<number, number>();
    const verifications = await countVerifications(async () => {
      for (let n = 0; n < 1000; n++) {
        const { status } = await handler(get('/', as(`${header}.${payload}.${String(n).padStart(85, 'B')}A`)), PEER);
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      }
    });
    expect([...statuses]).toEqual([[401, 25], [429, 975]]);
    expect(verifications).toBe(25);
  });

  // Hostile list 17.
  test('1,000 random key ids cost one fetch of the keys', async () => {
    const { set, fetches } = serve(await jwks('one'));
    const { privateKey, publicKey } = await openDesk();
    const auth = createBearerAuth({ verify: createJwtVerifier({ ...expectations(publicKey), keys: set }) });
    const handler = secure({ methods: ['GET'], auth }, ok);
    const token = await forge(privateKey, CLAIMS, { ...HEADER, kid: 'xxxx' });
    const [, payload, signature] = token.split('.');
    const answers = await Promise.all(Array.from({ length: 1000 }, async (_, n) => {
      const head = btoa(JSON.stringify({ ...HEADER, kid: `k${n}` })).replace(/=+$/, '');
      const response = await handler(get('/', as(`${head}.${payload}.${signature}`)), PEER);
      return `${response.status} ${await codeOf(response)}`;
    }));
    expect(new Set(answers)).toEqual(new Set(['401 jwt_key_not_found']));
    expect(fetches()).toBe(1);
  });

  // Hostile list 18: not a byte is read for those who may not send it.
  const { auth } = bearer();
  const body = object({}, { unknown: 'strip' });
  const writing = { methods: ['POST'], auth, body, scopes: ['orders:write'] } as const;
  const spent = { store: memoryStore(), limits: createLimits({ principal: [limit('p', 1)] }) };
  const UPLOADS: readonly (readonly [string, object, Readonly<Record<string, string>>, number])[] = [
    ['without a token', writing, {}, 401],
    ['with a forged token', writing, as('forged'), 401],
    ['without the scope', writing, as('reader'), 403],
    ['of another role', { ...writing, roles: () => false }, as('writer'), 403],
    ['from a denied network', { ...writing, deny: createIpList(['192.0.2.0/24']) }, as('writer'), 403],
    ['of another type', writing, { ...as('writer'), 'content-type': 'text/plain' }, 415],
    ['that is coded', writing, { ...as('writer'), 'content-encoding': 'gzip' }, 415],
    ['that says how long it is', writing, { ...as('writer'), 'content-length': String(GIGABYTE) }, 413],
    ['with a query that does not fit', { ...writing, query: { '~standard': refusing() } }, as('writer'), 400],
  ];
  test.each(UPLOADS)('an upload of 1 GB %s is refused without a byte read', async (_what, policy, headers, status) => {
    const { request, pulls } = upload(headers);
    const response = await secure(policy as typeof writing, ok)(request, PEER);
    expect([response.status, pulls()]).toEqual([status, 0]);
  });

  test('an upload of 1 GB of whose budget is spent is refused without a byte read', async () => {
    const handler = secure({ ...writing, ...spent, ...quiet }, ok);
    const small = new Request(ORIGIN, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json', ...as('writer') },
    });
    expect((await handler(small, PEER)).status).toBe(200);
    const { request, pulls } = upload(as('writer'));
    expect([(await handler(request, PEER)).status, pulls()]).toEqual([429, 0]);
  });

  test('an upload of 1 GB that may be sent is read to its bound, and no further', async () => {
    const { request, pulls } = upload(as('writer'));
    const response = await secure({ ...writing, bodyLimits: { maxBytes: 200_000 } }, ok)(request, PEER);
    expect([response.status, await codeOf(response)]).toEqual([413, 'body_too_large']);
    // 200,000 bytes are three chunks and a bit.
    expect(pulls()).toBe(4);
  });

  // Hostile list 24: browsers send no credentials with it, and give up where it fails.
  test('a preflight is answered without a proof, a store, a budget, or a handler', async () => {
    const { verified, auth } = bearer();
    const { store, calls } = watchedStore();
    const limits = createLimits({ client: [limit('client', 1)] });
    const cors = createCors({ origins: ['https://a.test'], headers: ['authorization'] });
    const handler = vi.fn(ok);
    const run = secure({ methods: ['GET'], auth, store, limits, cors }, handler);
    for (let n = 0; n < 100; n++) {
      const headers = { origin: 'https://a.test', 'access-control-request-method': 'GET' };
      expect((await run(new Request(ORIGIN, { method: 'OPTIONS', headers }), PEER)).status).toBe(204);
    }
    expect([verified.length, calls.length, handler.mock.calls.length]).toEqual([0, 0, 0]);
    // One that is none is no way around: it has no handler.
    for (const headers of [{}, { origin: 'https://a.test' }]) {
      expect((await run(new Request(ORIGIN, { method: 'OPTIONS', headers }), PEER)).status).toBe(405);
    }
    expect(handler).not.toHaveBeenCalled();
  });
});

describe('secure(): what is charged', () => {
  // Hostile list 22: whoever hangs up as soon as the token is sent would guess for nothing.
  test('a wrong token is, although the client is gone', async () => {
    const { auth } = bearer();
    const limits = createLimits({ client: [limit('client', 3)] });
    const handler = secure({ methods: ['GET'], auth, store: memoryStore({ clock: () => 0 }), limits }, ok);
    const statuses: number[] = [];
    for (let n = 0; n < 5; n++) {
      const controller = new AbortController();
      const request = new Request(ORIGIN, { headers: as('forged'), signal: controller.signal });
      if (n % 2 === 0) controller.abort();
      const answer = handler(request, PEER);
      controller.abort();
      statuses.push((await answer).status);
    }
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
  });

  // Hostile list 59: each policy takes its own; a request that goes through two is charged twice.
  test('a request through two policies is, by each', async () => {
    const { store, keys } = watchedStore();
    const limits = createLimits({ client: [limit('client', 3)] });
    const inner = secure({ ...open, store, limits }, ok);
    const outer: SecuredHandler = secure(
      { ...open, store, limits },
      (request, { platform }) => inner(request, ...platform),
    );
    expect((await outer(get(), PEER)).status).toBe(200);
    expect(keys()).toEqual([['c:192.0.2.1'], ['c:192.0.2.1']]);
    expect((await outer(get(), PEER)).status).toBe(429);
    // Of two names they are two budgets.
    const apart = createLimits({ client: [limit('outer', 3)] });
    const both = secure({ ...open, store, limits: apart }, (request, { platform }) => inner(request, ...platform));
    expect((await both(get(), { peerAddress: '192.0.2.7' })).status).toBe(200);
  });

  // Without what the runtime passed the inner one knows nobody's address: all are one client, limited and never free.
  test('a request through two policies, of which the inner is told nothing, is by both all the same', async () => {
    const { store, keys } = watchedStore();
    const limits = createLimits({ client: [limit('client', 2)] });
    const nested = secure({ ...open, store, limits }, secure({ ...open, store, limits }, ok));
    const statuses: number[] = [];
    for (let n = 0; n < 3; n++) statuses.push((await nested(get(), { peerAddress: `192.0.2.${n}` })).status);
    expect(statuses).toEqual([200, 200, 429]);
    expect(keys().flat().filter((key) => key === 'c:unknown')).toHaveLength(3);
  });
});

function refusing(): object {
  return { version: 1, vendor: 'x', validate: () => ({ issues: [{ message: 'no' }] }) };
}
