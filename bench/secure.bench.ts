import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { compare, type Contender, type Effort, type Report } from './harness.ts';
import { createIssuer } from './issuer.ts';
import {
  created,
  type Handler,
  hello,
  honoEverything,
  honoPublic,
  ORIGIN,
  ourEverything,
  ourPublic,
  verifyAlone,
} from './secure.contenders.ts';

export const rivals: readonly string[] = ['hono', 'hono-rate-limiter', '@hono/zod-validator', 'zod'];

const CLIENTS = 256;
const ORDER = { item: 'espresso', quantity: 2, note: 'no sugar' };
const BODY = JSON.stringify(ORDER);

interface Served {
  readonly name: string;
  readonly kind: Contender['kind'];
  readonly handler: Handler;
  readonly status?: number;
}

export async function* run(effort: Effort): AsyncGenerator<Report> {
  yield await everything(effort);
  yield await refusedByTheFirstLimit(effort);
  yield await headersAndCors(effort);
}

async function everything(effort: Effort): Promise<Report> {
  const issuer = await createIssuer(CLIENTS);
  const create = posts(issuer.tokens);
  const contenders: readonly Served[] = [
    { name: 'the bare handler', kind: 'floor', handler: async (request) => created(await request.json()) },
    { name: 'the bare handler and crypto.subtle.verify', kind: 'floor', handler: await verifyAlone(issuer) },
    { name: 'sallyport', kind: 'ours', handler: await ourEverything(issuer) },
    { name: 'hono (jwt: a key imported once)', kind: 'rival', handler: honoEverything(issuer, 'jwt') },
    { name: 'hono (jwk: a key set)', kind: 'rival', handler: honoEverything(issuer, 'jwk') },
  ];
  for (const { handler } of contenders) {
    const response = await handler(create(0), address(0));
    strictEqual(response.status, 201);
    deepStrictEqual(await response.json(), { id: '1', ...ORDER });
  }
  return await compare({
    id: 'secure/everything',
    title: 'POST with everything on: client limit, bearer ES256, scope, principal limit, body schema, CORS, headers',
    unit: 'us',
    contenders: contenders.map((contender) => serve(contender, create, 201)),
  }, effort);
}

async function refusedByTheFirstLimit(effort: Effort): Promise<Report> {
  const contenders: readonly Served[] = [
    { name: 'the bare handler, refusing nothing', kind: 'floor', handler: hello, status: 200 },
    { name: 'sallyport', kind: 'ours', handler: ourPublic(true) },
    { name: 'hono', kind: 'rival', handler: honoPublic(true) },
  ];
  for (const { handler } of contenders) {
    for (let client = 0; client < CLIENTS; client++) strictEqual((await handler(get(), address(client))).status, 200);
  }
  return await compare({
    id: 'secure/refused-by-the-first-limit',
    title: 'GET refused by the first limit (429)',
    unit: 'us',
    contenders: contenders.map((contender) => serve(contender, get, contender.status ?? 429)),
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
    { name: `the same ${added.length} headers by hand, whatever was asked`, kind: 'rival', handler: byHand },
    { name: 'hono', kind: 'rival', handler: honoPublic(false) },
  ];
  return await compare({
    id: 'secure/headers-and-cors',
    title: 'GET with headers and CORS only',
    unit: 'us',
    contenders: contenders.map((contender) => serve(contender, get, 200)),
  }, effort);
}

function posts(tokens: readonly string[]): (index: number) => Request {
  return (index) =>
    new Request('https://api.example/orders', {
      method: 'POST',
      headers: {
        'authorization': `Bearer ${tokens[index % tokens.length]}`,
        'content-type': 'application/json',
        'content-length': String(BODY.length),
        'origin': ORIGIN,
      },
      body: BODY,
    });
}

function get(): Request {
  return new Request('https://api.example/orders', { headers: { origin: ORIGIN } });
}

function address(index: number): string {
  return `10.0.0.${index % CLIENTS}`;
}

/** One operation: a request is made, answered, and the answer read. */
function serve({ name, kind, handler }: Served, create: (index: number) => Request, status: number): Contender {
  let index = 0;
  return {
    name,
    kind,
    async run(operations) {
      for (let operation = 0; operation < operations; operation++, index++) {
        const response = await handler(create(index), address(index));
        if (response.status !== status) throw new Error(`${name} answered ${response.status}.`);
        await response.text();
      }
    },
  };
}
