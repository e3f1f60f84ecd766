import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { compare, type Effort, type Report } from './harness.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import { allocations } from './secure.allocation.ts';
import {
  created,
  type Handler,
  hello,
  honoEverything,
  honoPublic,
  ONCE_A_DAY,
  ourEverything,
  ourPublic,
  verifyAlone,
} from './secure.contenders.ts';
import { address, CLIENTS, type CreateRequest, get, ORDER, posts, serve, type Served } from './secure.requests.ts';

export const rivals: readonly string[] = ['hono', 'hono-rate-limiter', '@hono/zod-validator', 'zod'];

const EVERYTHING = 'client limit, bearer ES256, scope, principal limit, body schema, CORS, headers';
/** What everybody is compared with in the first case, and what ours may add at most of what it adds. */
const RIVAL = 'hono (jwt: a key imported once)';
const MOST_ADDED = 0.25;

export async function* run(effort: Effort): AsyncGenerator<Report> {
  const issuer = await createIssuer(CLIENTS);
  const seen = await tokensSeenBefore(issuer, effort);
  yield seen;
  yield shares(seen);
  yield await newTokens(issuer, effort);
  yield await refusedByTheFirstLimit(effort);
  yield await orderRefusedByTheFirstLimit(issuer, effort);
  yield await headersAndCors(effort);
  yield await allocations(await seenBefore(issuer), posts(issuer.tokens, 'fresh'));
}

const bareOrder: Served = {
  name: 'the bare handler',
  kind: 'floor',
  handler: async (request) => created(await request.json()),
};

async function seenBefore(issuer: Issuer): Promise<readonly Served[]> {
  return [
    bareOrder,
    { name: 'sallyport', kind: 'ours', handler: await ourEverything(issuer, 'tokens') },
    { name: RIVAL, kind: 'rival', handler: honoEverything(issuer, 'jwt') },
    { name: 'hono (jwk: a key set)', kind: 'rival', handler: honoEverything(issuer, 'jwk') },
  ];
}

async function tokensSeenBefore(issuer: Issuer, effort: Effort): Promise<Report> {
  const create = posts(issuer.tokens, 'fresh');
  const same: Served = {
    name: 'sallyport, the same string objects again',
    kind: 'ours',
    handler: await ourEverything(issuer, 'tokens'),
    create: posts(issuer.tokens, 'same'),
  };
  const contenders = [...await seenBefore(issuer), same];
  await expectOrders(contenders, create);
  return await compare({
    id: 'secure/seen-before',
    title: `POST with everything on, tokens seen before: ${EVERYTHING}`,
    unit: 'us',
    contenders: contenders.map((contender) => serve(contender, create, 201)),
  }, effort);
}

/** What each adds to the bare handler, of what hono adds. */
function shares({ rows }: Report): Report {
  const floor = rows[0]?.value ?? NaN;
  const whole = (rows.find(({ name }) => name === RIVAL)?.value ?? NaN) - floor;
  return {
    id: 'secure/added',
    title: `What is added to the bare handler, as a share of what ${RIVAL} adds`,
    unit: 'share',
    rows: rows.slice(1).map(({ name, kind, value }) => ({
      name,
      kind,
      value: (value - floor) / whole,
      ...(kind === 'ours' ? { target: { of: 'value', atMost: MOST_ADDED } } : {}),
    })),
  };
}

async function newTokens(issuer: Issuer, effort: Effort): Promise<Report> {
  const create = posts(issuer.tokens, 'fresh');
  const contenders: readonly Served[] = [
    bareOrder,
    {
      name: 'the bare handler and crypto.subtle.verify',
      kind: 'floor',
      handler: await verifyAlone(issuer),
      target: { of: 'ratio', atLeast: 1 / 1.1 },
    },
    { name: 'sallyport', kind: 'ours', handler: await ourEverything(issuer, 'nothing') },
    { name: RIVAL, kind: 'rival', handler: honoEverything(issuer, 'jwt') },
    { name: 'hono (jwk: a key set)', kind: 'rival', handler: honoEverything(issuer, 'jwk') },
  ];
  await expectOrders(contenders, create);
  return await compare({
    id: 'secure/everything',
    title: `POST with everything on, each token verified: ${EVERYTHING}`,
    unit: 'us',
    contenders: contenders.map((contender) => serve(contender, create, 201)),
  }, effort);
}

async function refusedByTheFirstLimit(effort: Effort): Promise<Report> {
  const contenders: readonly Served[] = [
    {
      name: 'the bare handler, refusing nothing',
      kind: 'floor',
      handler: hello,
      status: 200,
      target: { of: 'ratio', atLeast: 1 },
    },
    { name: 'sallyport', kind: 'ours', handler: ourPublic(true) },
    { name: 'hono', kind: 'rival', handler: honoPublic(true) },
  ];
  for (const { handler } of contenders) await spend(handler, get, 200);
  return await compare({
    id: 'secure/refused-by-the-first-limit',
    title: 'GET refused by the first limit (429)',
    unit: 'us',
    contenders: contenders.map((contender) => serve(contender, get, 429)),
  }, effort);
}

async function orderRefusedByTheFirstLimit(issuer: Issuer, effort: Effort): Promise<Report> {
  const create = posts(issuer.tokens, 'fresh');
  const contenders: readonly Served[] = [
    { ...bareOrder, name: 'the bare handler, refusing nothing', status: 201, target: { of: 'ratio', atLeast: 1 } },
    { name: 'sallyport', kind: 'ours', handler: await ourEverything(issuer, 'tokens', { client: ONCE_A_DAY }) },
    { name: 'hono', kind: 'rival', handler: honoEverything(issuer, 'jwt', { client: ONCE_A_DAY }) },
  ];
  for (const { handler } of contenders) await spend(handler, create, 201);
  return await compare({
    id: 'secure/order-refused-by-the-first-limit',
    title: 'The POST with everything on, refused by the first limit (429): its token and body are not read',
    unit: 'us',
    contenders: contenders.map((contender) => serve(contender, create, 429)),
  }, effort);
}

async function headersAndCors(effort: Effort): Promise<Report> {
  const ours = ourPublic(false);
  // What the hand writes is what we answer, so that both responses are the same.
  const answered = [...(await ours(get(), address(0))).headers];
  const added = answered.filter(([name]) => name !== 'content-type');
  const byHand = (): Response => {
    const response = hello();
    for (const [name, value] of added) response.headers.set(name, value);
    return response;
  };
  const contenders: readonly Served[] = [
    { name: 'the bare handler', kind: 'floor', handler: hello },
    { name: 'sallyport', kind: 'ours', handler: ours },
    {
      name: `the same ${added.length} headers by hand, whatever was asked`,
      kind: 'rival',
      handler: byHand,
      target: { of: 'ratio', atLeast: 1 / 1.2 },
    },
    { name: 'hono', kind: 'rival', handler: honoPublic(false) },
  ];
  return await compare({
    id: 'secure/headers-and-cors',
    title: 'GET with headers and CORS only',
    unit: 'us',
    contenders: contenders.map((contender) => serve(contender, get, 200)),
  }, effort);
}

/** Lets every client have what its limit allows. */
async function spend(handler: Handler, create: CreateRequest, status: number): Promise<void> {
  for (let client = 0; client < CLIENTS; client++) {
    strictEqual((await handler(create(client), address(client))).status, status);
  }
}

async function expectOrders(contenders: readonly Served[], create: CreateRequest): Promise<void> {
  for (const { handler } of contenders) {
    const response = await handler(create(0), address(0));
    strictEqual(response.status, 201);
    deepStrictEqual(await response.json(), { id: '1', ...ORDER });
  }
}
