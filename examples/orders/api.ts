/** A small orders API behind one policy: what `npm start` serves, and the same file runs on Node, Deno, Bun and workerd. */
import {
  createBearerAuth,
  createIdempotency,
  createLimits,
  definePolicy,
  Refusal,
  secure,
  type SecuredHandler,
} from 'sallyport';
import { createCors } from 'sallyport/cross-origin';
import { createJwtVerifier, createRemoteKeySet } from 'sallyport/jwt';
import { peerAddress } from 'sallyport/net';
import { array, fromText, int, object, oneOf, optional, string, uuid } from 'sallyport/schema';
import { memoryStore } from 'sallyport/store';
import { formatGuide } from './guide.ts';
import { createIssuer } from './issuer.ts';
import { PAGE_HEADERS, renderPage } from './page.ts';
import { createTrail, stationsOf } from './trail.ts';

const item = oneOf('espresso', 'cappuccino', 'tea');
const quantity = int({ min: 1, max: 100 });
const note = optional(string({ max: 200 }));
/** What a client may say of an order. */
const NewOrder = object({ item, quantity, note });
/** What it is shown: of a row with more columns, these. */
const ShownOrder = object({ id: int(), owner: string(), item, quantity, note }, { unknown: 'strip' });

/** A row of the table. */
interface Order {
  readonly id: number;
  readonly owner: string;
  readonly item: string;
  readonly quantity: number;
  readonly note?: string;
  /** Nobody's business. */
  readonly costCents: number;
}

/** What an entry file serves and prints. */
export interface OrdersApi {
  /** The whole API as one fetch handler. */
  readonly fetch: SecuredHandler;
  /** Where the page is, three tokens, and lines to paste. */
  readonly guide: string;
}

/**
 * Creates the API and, in its place of an identity provider, an issuer of tokens.
 *
 * @param origin where it will be served, such as `http://127.0.0.1:8787`: the key set is fetched from there
 */
export async function createOrdersApi(origin: string): Promise<OrdersApi> {
  const issuer = await createIssuer(origin);
  const store = memoryStore();
  const trail = createTrail();
  const orders = new Map<number, Order>([
    [1, { id: 1, owner: 'alice', item: 'tea', quantity: 2, costCents: 60 }],
    [2, { id: 2, owner: 'bob', item: 'espresso', quantity: 1, costCents: 45 }],
  ]);

  // What every route has in common, and then what those of the API have.
  const base = definePolicy({
    methods: ['GET'],
    auth: 'public',
    store,
    limits: createLimits({ client: [{ name: 'client', limit: 120, windowSeconds: 60 }] }),
    timeouts: { handlerMs: 5000 },
  });
  const open = base.extend({
    cors: createCors({
      origins: ['https://shop.example'],
      headers: ['authorization', 'content-type', 'idempotency-key'],
    }),
    onEvent: trail.keep,
  });
  const closed = open.extend({
    auth: createBearerAuth({
      verify: createJwtVerifier({
        issuer: origin,
        audience: `${origin}/orders`,
        algorithms: ['ES256'],
        type: 'at+jwt',
        keys: createRemoteKeySet(`${origin}/.well-known/jwks.json`, { dangerouslyAllowHttpLoopback: true }),
      }),
    }),
    resourceMethods: ['GET', 'POST'],
    scopes: ['orders:read'],
  });

  const listPolicy = closed.extend({
    id: 'orders.list',
    query: fromText(object({ limit: optional(int({ min: 1, max: 100 }), 20) })),
    response: array(ShownOrder, { max: 100 }),
  });
  const list = secure(listPolicy, (_request, { principal, query }) => {
    return Response.json([...orders.values()].filter((order) => order.owner === principal.id).slice(-query.limit));
  });

  const createPolicy = closed.extend({
    id: 'orders.create',
    methods: ['POST'],
    scopes: ['orders:write'],
    limits: createLimits({ principal: [{ name: 'writes', limit: 5, windowSeconds: 60 }] }),
    body: NewOrder,
    bodyLimits: { maxBytes: 1024 },
    idempotency: createIdempotency({ store, required: false }),
    response: ShownOrder,
  });
  const create = secure(createPolicy, (_request, { principal, body }) => {
    const order = { id: orders.size + 1, owner: principal.id, ...body, costCents: 30 * body.quantity };
    orders.set(order.id, order);
    return Response.json(order, { status: 201, headers: { location: `/orders/${order.id}` } });
  });

  const readPolicy = closed.extend({
    id: 'orders.read',
    resourceMethods: ['GET'],
    params: fromText(object({ id: int({ min: 1 }) })),
    resource: ({ params }) => orders.get(params.id),
    authorize: ({ principal, resource }) => resource.owner === principal.id,
    // Somebody else's order looks like one that does not exist.
    notFoundInsteadOfForbidden: true,
    response: ShownOrder,
  });
  const read = secure(readPolicy, (_request, { resource }) => Response.json(resource));

  const keys = secure(open, () => {
    return Response.json(issuer.jwks, { headers: { 'cache-control': 'public, max-age=300' } });
  });

  const missing = secure(open, () => {
    throw new Refusal('not_found');
  });

  const page = secure(base.extend({ id: 'page', headers: PAGE_HEADERS }), async (_request, { client }) => {
    return renderPage(await issuer.issueTokens(), { secure: client.scheme === 'https' });
  });

  const ways = new Map([listPolicy, createPolicy, readPolicy].map((policy) => [policy.id, stationsOf(policy)]));
  const way = secure(
    base.extend({
      id: 'trail',
      query: fromText(object({ id: uuid() })),
      limits: createLimits({ client: [{ name: 'trail', limit: 600, windowSeconds: 60 }] }),
    }),
    (_request, { query }) => {
      const found = trail.find(query.id, ways);
      if (found === undefined) throw new Refusal('not_found');
      return Response.json(found);
    },
  );

  return {
    guide: formatGuide(origin, await issuer.issueTokens()),
    fetch(request, ...platform) {
      // Some runtimes pass on what was sent, and that may be no URL: then it is refused where everything is.
      const pathname = URL.canParse(request.url) ? new URL(request.url).pathname : '';
      if (pathname === '/') return page(request, ...platform);
      if (pathname === '/trail') return way(request, ...platform);
      if (pathname === '/.well-known/jwks.json') return keys(request, ...platform);
      if (pathname === '/orders') return (request.method === 'POST' ? create : list)(request, ...platform);
      if (!pathname.startsWith('/orders/')) return missing(request, ...platform);
      // A router of your own says what it found in the path beside the request.
      const params = { id: pathname.slice('/orders/'.length) };
      return read(request, { peerAddress: peerAddress(request, platform[0]), params });
    },
  };
}
