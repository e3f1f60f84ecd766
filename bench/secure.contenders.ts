import { zValidator } from '@hono/zod-validator';
import { Hono } from 'hono';
import { rateLimiter } from 'hono-rate-limiter';
import { bodyLimit } from 'hono/body-limit';
import { cors } from 'hono/cors';
import { createMiddleware } from 'hono/factory';
import { HTTPException } from 'hono/http-exception';
import { jwk } from 'hono/jwk';
import { jwt } from 'hono/jwt';
import { requestId } from 'hono/request-id';
import { secureHeaders } from 'hono/secure-headers';
import { createBearerAuth, createLimits, secure } from 'sallyport';
import { createCors } from 'sallyport/cross-origin';
import { createJwtVerifier, createKeySet, createTokenCache, importJwk } from 'sallyport/jwt';
import { int, object, oneOf, optional, string } from 'sallyport/schema';
import { memoryStore } from 'sallyport/store';
import * as z from 'zod';
import { createRawVerify, type Issuer } from './issuer.ts';

/** A fetch handler that is told the client's address beside the request. */
export type Handler = (request: Request, client: string) => Response | Promise<Response>;

/** The origin that CORS allows, and every request comes from. */
export const ORIGIN = 'https://shop.example';
const SCOPE = 'orders:write';
const MAX_BYTES = 65_536;
const BURST = 2 ** 31;
const DAY_SECONDS = 86_400;

/** How much somebody may do. */
export interface Limit {
  readonly limit: number;
  readonly windowSeconds: number;
  readonly burst: number;
}

/** How much a client may do, and a principal. Default: more than anybody does. */
export interface Limits {
  readonly client?: Limit;
  readonly principal?: Limit;
}

/** Nobody is refused. */
const UNREACHED: Limit = { limit: 1_000_000, windowSeconds: 3600, burst: BURST };
/** Everybody is, from the second request on. */
export const ONCE_A_DAY: Limit = { limit: 1, windowSeconds: DAY_SECONDS, burst: 1 };

interface Env {
  readonly Bindings: { readonly address: string };
  readonly Variables: { readonly jwtPayload: { readonly sub: string; readonly scope: string } };
}

/** What every contender does with an order. */
export function created(body: unknown): Response {
  return Response.json({ id: '1', ...Object(body) }, { status: 201 });
}

/** What every contender does without one. */
export function hello(): Response {
  return Response.json({ hello: 'world' });
}

/** The work that no protection can avoid: read the order, prove the signature, answer. */
export async function verifyAlone(issuer: Issuer): Promise<Handler> {
  const verify = await createRawVerify(issuer);
  return async (request) => {
    await verify(request.headers.get('authorization')?.slice('Bearer '.length) ?? '');
    return created(await request.json());
  };
}

/** Ours with everything on; it proves each token anew, or remembers those that it has proved. */
export async function ourEverything(
  { issuer, audience, type, jwk: key }: Issuer,
  remembering: 'nothing' | 'tokens',
  { client = UNREACHED, principal = UNREACHED }: Limits = {},
): Promise<Handler> {
  const keys = createKeySet({ keys: [await importJwk(key)] });
  const expected = { issuer, audience, type, algorithms: ['ES256'], keys } as const;
  const verify = createJwtVerifier(remembering === 'nothing' ? expected : { ...expected, cache: createTokenCache() });
  const protect = secure({
    methods: ['POST'],
    store: memoryStore(),
    limits: createLimits({ client: [{ ...client, name: 'client' }], principal: [{ ...principal, name: 'principal' }] }),
    auth: createBearerAuth({ verify }),
    scopes: [SCOPE],
    body: object({
      item: oneOf('espresso', 'cappuccino', 'tea'),
      quantity: int({ min: 1, max: 100 }),
      note: optional(string({ max: 200 })),
    }),
    bodyLimits: { maxBytes: MAX_BYTES },
    cors: createCors({ origins: [ORIGIN], headers: ['authorization', 'content-type'] }),
  }, (_request, { body }) => created(body));
  return (request, client) => protect(request, { peerAddress: client });
}

/** Hono with everything on: by a key that was imported once, or by a key set as ours has. */
export function honoEverything(
  { issuer, audience, type, publicKey, jwk: key }: Issuer,
  by: 'jwt' | 'jwk',
  { client = UNREACHED }: Pick<Limits, 'client'> = {},
): Handler {
  const verification = { iss: issuer, aud: audience, typ: type };
  const app = new Hono<Env>();
  app.use(
    secureHeaders(),
    cors({ origin: [ORIGIN], allowMethods: ['POST'], allowHeaders: ['authorization', 'content-type'] }),
    requestId(),
    honoLimit(client.burst, client.windowSeconds, (c) => c.env.address),
    by === 'jwt'
      ? jwt({ secret: publicKey, alg: 'ES256', verification })
      : jwk({ keys: [{ ...key, kid: key.kid ?? '', kty: key.kty ?? '' }], alg: ['ES256'], verification }),
    createMiddleware<Env>(async (c, next) => {
      if (!c.get('jwtPayload').scope.split(' ').includes(SCOPE)) throw new HTTPException(403);
      await next();
    }),
    honoLimit(BURST, UNREACHED.windowSeconds, (c) => c.get('jwtPayload').sub),
    bodyLimit({ maxSize: MAX_BYTES }),
  );
  const schema = z.strictObject({
    item: z.enum(['espresso', 'cappuccino', 'tea']),
    quantity: z.int().min(1).max(100),
    note: z.string().max(200).optional(),
  });
  app.post('/orders', zValidator('json', schema), (c) => created(c.req.valid('json')));
  return (request, client) => app.fetch(request, { address: client });
}

/** Ours with headers and CORS, and one request a day for each client where it is limited. */
export function ourPublic(limited: boolean): Handler {
  const policy = { methods: ['GET'], auth: 'public', cors: createCors({ origins: [ORIGIN] }) } as const;
  const limits = createLimits({ client: [{ name: 'client', limit: 1, windowSeconds: DAY_SECONDS }] });
  const protect = limited ? secure({ ...policy, store: memoryStore(), limits }, hello) : secure(policy, hello);
  return (request, client) => protect(request, { peerAddress: client });
}

/** Hono with the same. */
export function honoPublic(limited: boolean): Handler {
  const app = new Hono<Env>();
  app.use(secureHeaders(), cors({ origin: [ORIGIN] }), requestId());
  if (limited) app.use(honoLimit(1, DAY_SECONDS, (c) => c.env.address));
  app.get('/orders', hello);
  return (request, client) => app.fetch(request, { address: client });
}

type HonoLimit = typeof rateLimiter<Env>;

function honoLimit(
  limit: number,
  windowSeconds: number,
  keyGenerator: Parameters<HonoLimit>[0]['keyGenerator'],
): ReturnType<HonoLimit> {
  return rateLimiter<Env>({ limit, windowMs: windowSeconds * 1000, standardHeaders: 'draft-7', keyGenerator });
}
