import { strictEqual } from 'node:assert/strict';
import corsPackage from 'cors';
import { Context } from 'hono';
import { cors as honoCors } from 'hono/cors';
import { csrf as honoCsrf } from 'hono/csrf';
import { createCors, createCrossOriginCheck } from 'sallyport/cross-origin';
import { compare, type Contender, type Effort, type Report } from './harness.ts';
import { BATCH, onFresh, onFreshLater } from './headers.fresh.ts';
import { createStub } from './headers.node-response.ts';

const URL_OF_API = 'https://api.example/orders';
const ORIGIN = 'https://app.example';
const ORIGINS: readonly string[] = ['https://shop.example', 'https://admin.example', ORIGIN];
const METHODS: readonly string[] = ['GET', 'HEAD', 'POST'];
const HEADERS: readonly string[] = ['content-type', 'authorization'];
const MAX_AGE_SECONDS = 600;

const ours = createCors({
  origins: ORIGINS,
  methods: METHODS,
  headers: HEADERS,
  credentials: true,
  maxAgeSeconds: MAX_AGE_SECONDS,
});
const byHono = honoCors({
  origin: [...ORIGINS],
  allowMethods: [...METHODS],
  allowHeaders: [...HEADERS],
  credentials: true,
  maxAge: MAX_AGE_SECONDS,
});
const byPackage = corsPackage({
  origin: ORIGINS,
  methods: METHODS,
  allowedHeaders: HEADERS,
  credentials: true,
  maxAge: MAX_AGE_SECONDS,
});
const done = Promise.resolve();
const next = (): Promise<void> => done;

export async function* crossOriginReports(effort: Effort): AsyncGenerator<Report> {
  yield await corsApply(effort);
  yield await corsPreflight(effort);
  yield await csrf(effort, 'same-origin');
  yield await csrf(effort, 'cross-site');
}

async function corsApply(effort: Effort): Promise<Report> {
  const request = new Request(URL_OF_API, { headers: { origin: ORIGIN } });
  const message = { method: 'GET', headers: { origin: ORIGIN } };
  strictEqual(ours.apply(request, json()).headers.get('access-control-allow-origin'), ORIGIN);
  return await compare({
    id: 'headers/cors-apply',
    title: 'CORS headers for the third of three allowed origins, with credentials, on a fresh response',
    unit: 'ns',
    maxOperations: BATCH,
    contenders: [
      onFresh({ name: 'sallyport', kind: 'ours', make: json, change: (response) => ours.apply(request, response) }),
      onFreshLater({
        name: 'hono/cors',
        kind: 'rival',
        make() {
          const context = new Context(request);
          context.res = json();
          return context;
        },
        change: (context) => byHono(context, next),
      }),
      onFresh({
        name: 'cors, a Map for a response',
        kind: 'rival',
        make: createStub,
        change: (response) => byPackage(message, response, ignore),
      }),
    ],
  }, effort);
}

async function corsPreflight(effort: Effort): Promise<Report> {
  const asked = {
    origin: ORIGIN,
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization,content-type',
  };
  const request = new Request(URL_OF_API, { method: 'OPTIONS', headers: asked });
  const message = { method: 'OPTIONS', headers: asked };
  strictEqual(ours.preflight(request)?.headers.get('access-control-allow-origin'), ORIGIN);
  return await compare({
    id: 'headers/cors-preflight',
    title: 'A preflight that is granted; for those of fetch the response is made',
    unit: 'ns',
    maxOperations: BATCH,
    contenders: [
      onFresh({ name: 'sallyport', kind: 'ours', make: () => request, change: ours.preflight }),
      onFreshLater({
        name: 'hono/cors',
        kind: 'rival',
        make: () => new Context(request),
        change: (context) => byHono(context, next),
      }),
      onFresh({
        name: 'cors, a Map for a response',
        kind: 'rival',
        make: createStub,
        change: (response) => byPackage(message, response, ignore),
      }),
    ],
  }, effort);
}

async function csrf(effort: Effort, site: 'same-origin' | 'cross-site'): Promise<Report> {
  const { check } = createCrossOriginCheck({ trustedOrigins: [ORIGIN] });
  const byHonoCsrf = honoCsrf({ origin: ORIGIN });
  const headers = {
    'content-type': 'application/x-www-form-urlencoded',
    'sec-fetch-site': site,
    origin: site === 'same-origin' ? new URL(URL_OF_API).origin : 'https://evil.example',
    cookie: 'session=1',
  };
  const request = new Request(URL_OF_API, { method: 'POST', headers, body: 'a=1' });
  const context = new Context(request);
  const refused = site === 'cross-site';
  const hono: Contender = {
    name: 'hono/csrf',
    kind: 'rival',
    async run(operations) {
      let refusals = 0;
      for (let operation = 0; operation < operations; operation++) {
        try {
          await byHonoCsrf(context, next);
        } catch {
          refusals++;
        }
      }
      if (refusals !== (refused ? operations : 0)) {
        throw new Error('hono decided otherwise.');
      }
    },
  };
  return await compare({
    id: `headers/csrf-${site}`,
    title: `A form's POST that is ${site}, ${refused ? 'refused' : 'let through'}`,
    unit: 'ns',
    contenders: [
      {
        name: 'sallyport',
        kind: 'ours',
        run(operations) {
          let refusals = 0;
          for (let operation = 0; operation < operations; operation++) {
            if (check(request) !== undefined) refusals++;
          }
          if (refusals !== (refused ? operations : 0)) {
            throw new Error('We decided otherwise.');
          }
        },
      },
      hono,
    ],
  }, effort);
}

function json(): Response {
  return Response.json({ hello: 'world' });
}

function ignore(): void {}
