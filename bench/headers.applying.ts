import { deepStrictEqual, strictEqual } from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import helmet from 'helmet';
import { Context, type MiddlewareHandler } from 'hono';
import { NONCE, secureHeaders } from 'hono/secure-headers';
import { createHeaderPolicy, createNonce } from 'sallyport/headers';
import { compare, type Contender, type Effort, type Report, type Target } from './harness.ts';
import { BATCH, onFresh, onFreshLater } from './headers.fresh.ts';
import { createServerResponse, createStub, type NodeResponse } from './headers.node-response.ts';

const TWICE: Target = { of: 'ratio', atLeast: 2 };
/** Ours may take a tenth more than the hand that needs no check. */
const BY_HAND: Target = { of: 'ratio', atLeast: 1 / 1.1 };
const OVER_HTTPS = { secure: true };
const NODE_REQUEST = createServerResponse().req;
const HTML = 'text/html; charset=utf-8';

const policy = createHeaderPolicy();
const done = Promise.resolve();
const next = (): Promise<void> => done;

type HelmetHandler = ReturnType<typeof helmet>;

export async function* applyingReports(effort: Effort): AsyncGenerator<Report> {
  yield await apiPreset(effort);
  yield await apiPresetWhole(effort);
  yield await htmlPreset(effort);
}

async function apiPreset(effort: Effort): Promise<Report> {
  const rows = policy.list('api', OVER_HTTPS);
  const byHand = handOf(rows);
  const byHelmet = helmet();
  const byHono = secureHeaders();
  // The hand is not compared before it does the same.
  deepStrictEqual([...byHand(json()).headers], [...policy.apply(json(), OVER_HTTPS).headers]);
  await verifyRivals(byHono, byHelmet, 'x-frame-options');
  return await compare({
    id: 'headers/api-preset',
    title: 'The API preset on a fresh JSON Response, the work on the headers alone',
    unit: 'ns',
    maxOperations: BATCH,
    contenders: [
      onFresh({
        name: 'sallyport',
        kind: 'ours',
        make: json,
        change: (response) => policy.apply(response, OVER_HTTPS),
      }),
      onFresh({
        name: `the same ${rows.length} by hand`,
        kind: 'rival',
        make: json,
        change: byHand,
        target: BY_HAND,
      }),
      ...rivalsWith(byHono, byHelmet, json).map(toTarget),
    ],
  }, effort);
}

/** From nothing to a list of headers that a server can write. */
async function apiPresetWhole(effort: Effort): Promise<Report> {
  const byHand = handOf(policy.list('api', OVER_HTTPS));
  const byHelmet = helmet();
  const byHono = secureHeaders();
  const request = new Request('https://api.example/');
  return await compare({
    id: 'headers/api-preset-whole',
    title: 'The same from making the response to the list of its headers',
    unit: 'ns',
    contenders: [
      loop('Response.json() and its headers', 'floor', () => [...json().headers].length),
      loop('sallyport', 'ours', () => [...policy.apply(json(), OVER_HTTPS).headers].length),
      loop('the same by hand', 'rival', () => [...byHand(json()).headers].length),
      {
        name: 'hono/secure-headers',
        kind: 'rival',
        async run(operations) {
          for (let operation = 0; operation < operations; operation++) {
            const context = new Context(request);
            context.res = json();
            await byHono(context, next);
            if ([...context.res.headers].length < 5) {
              throw new Error('hono set nothing.');
            }
          }
        },
      },
      loop('helmet, http.ServerResponse', 'rival', () => {
        const response = createServerResponse();
        response.setHeader('content-type', 'application/json');
        byHelmet(NODE_REQUEST, response, ignore);
        return Object.keys(response.getHeaders()).length;
      }),
    ],
  }, effort);
}

async function htmlPreset(effort: Effort): Promise<Report> {
  // The policy of our preset, so that what is written is as long.
  const directives = {
    defaultSrc: ["'none'"],
    styleSrc: ["'self'"],
    imgSrc: ["'self'", 'data:'],
    fontSrc: ["'self'"],
    connectSrc: ["'self'"],
    manifestSrc: ["'self'"],
    objectSrc: ["'none'"],
    baseUri: ["'none'"],
    formAction: ["'self'"],
    frameAncestors: ["'none'"],
    requireTrustedTypesFor: ["'script'"],
    upgradeInsecureRequests: [],
  };
  const strict = "'strict-dynamic'";
  const byHono = secureHeaders({ contentSecurityPolicy: { ...directives, scriptSrc: [NONCE, strict] } });
  const byHelmet = helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { ...directives, scriptSrc: [() => `'nonce-${randomBytes(16).toString('base64')}'`, strict] },
    },
  });
  await verifyRivals(byHono, byHelmet, 'content-security-policy');
  return await compare({
    id: 'headers/html-preset',
    title: 'The HTML preset with a fresh nonce, the work on the headers alone; the rivals with the same CSP',
    unit: 'ns',
    maxOperations: BATCH,
    contenders: [
      onFresh({
        name: 'sallyport',
        kind: 'ours',
        make: html,
        change: (response) => policy.apply(response, { secure: true, nonce: createNonce() }),
      }),
      ...rivalsWith(byHono, byHelmet, html),
    ],
  }, effort);
}

/** What issue 6 asks of the API preset. A Map is no response, and nothing is asked of it. */
function toTarget(contender: Contender): Contender {
  return contender.name.endsWith('a Map for a response') ? contender : { ...contender, target: TWICE };
}

function rivalsWith(byHono: MiddlewareHandler, byHelmet: HelmetHandler, make: () => Response): readonly Contender[] {
  const request = new Request('https://api.example/');
  return [
    onFreshLater({
      name: 'hono/secure-headers',
      kind: 'rival',
      make() {
        const context = new Context(request);
        context.res = make();
        return context;
      },
      change: (context) => byHono(context, next),
    }),
    onFresh({
      name: 'helmet, http.ServerResponse',
      kind: 'rival',
      make: createServerResponse,
      change: (response) => byHelmet(NODE_REQUEST, response, ignore),
    }),
    onFresh({
      name: 'helmet, a Map for a response',
      kind: 'rival',
      make: createStub,
      change: (response) => byHelmet(NODE_REQUEST, asServerResponse(response), ignore),
    }),
  ];
}

/** What does nothing is not compared. */
async function verifyRivals(byHono: MiddlewareHandler, byHelmet: HelmetHandler, name: string): Promise<void> {
  const context = new Context(new Request('https://api.example/'));
  context.res = json();
  await byHono(context, next);
  strictEqual(context.res.headers.has(name), true);
  const response = createServerResponse();
  byHelmet(NODE_REQUEST, response, ignore);
  strictEqual(response.hasHeader(name), true);
  const stub = createStub();
  byHelmet(NODE_REQUEST, asServerResponse(stub), ignore);
  deepStrictEqual([...stub.headers.keys()].sort(), response.getHeaderNames().sort());
}

function handOf(rows: readonly (readonly [string, string])[]): (response: Response) => Response {
  return (response) => {
    for (const [name, value] of rows) response.headers.set(name, value);
    return response;
  };
}

/** What can be counted, so that nobody computes it in vain. */
function loop(name: string, kind: 'floor' | 'ours' | 'rival', job: () => number) {
  return {
    name,
    kind,
    run(operations: number): void {
      for (let operation = 0; operation < operations; operation++) {
        if (job() < 1) throw new Error(`${name} set nothing.`);
      }
    },
  };
}

function json(): Response {
  return Response.json({ hello: 'world' });
}

function html(): Response {
  return new Response('<p>Hello', { headers: { 'content-type': HTML } });
}

/** The cast: helmet calls nothing of a response but what the stub has. */
function asServerResponse(stub: NodeResponse): ServerResponse<IncomingMessage> {
  return stub as unknown as ServerResponse<IncomingMessage>;
}

function ignore(): void {}
