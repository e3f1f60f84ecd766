/** A small orders API behind one policy: what `npm start` serves, and the same file runs on Node, Deno, Bun and workerd. */
import { createBearerAuth, definePolicy, Refusal, secure, type SecuredHandler } from 'sallyport';
import { createCors } from 'sallyport/cross-origin';
import { createJwtVerifier, createRemoteKeySet } from 'sallyport/jwt';
import { int, object, oneOf, optional, string } from 'sallyport/schema';
import { memoryStore } from 'sallyport/store';
import { createIssuer } from './issuer.ts';

interface Order {
  readonly id: string;
  readonly owner: string;
  readonly item: string;
  readonly quantity: number;
  readonly note?: string;
}

const NewOrder = object({
  item: oneOf('espresso', 'cappuccino', 'tea'),
  quantity: int({ min: 1, max: 100 }),
  note: optional(string({ max: 200 })),
});

/** What an entry file serves and prints. */
export interface OrdersApi {
  /** The whole API as one fetch handler. */
  readonly fetch: SecuredHandler;
  /** Three tokens, and lines to paste. */
  readonly guide: string;
}

/**
 * Creates the API and, in its place of an identity provider, an issuer of tokens.
 *
 * @param origin where it will be served, such as `http://127.0.0.1:8787`: the key set is fetched from there
 */
export async function createOrdersApi(origin: string): Promise<OrdersApi> {
  const issuer = await createIssuer(origin);
  const orders = new Map<string, Order>([
    ['1', { id: '1', owner: 'alice', item: 'tea', quantity: 2 }],
    ['2', { id: '2', owner: 'bob', item: 'espresso', quantity: 1 }],
  ]);

  const open = definePolicy({
    methods: ['GET'],
    auth: 'public',
    store: memoryStore(),
    limits: { client: [{ name: 'client', limit: 120, windowSeconds: 60 }] },
    cors: createCors({ origins: ['https://shop.example'], headers: ['authorization', 'content-type'] }),
  });
  const base = open.extend({
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

  const list = secure(base, (_request, { principal }) => {
    return Response.json([...orders.values()].filter((order) => order.owner === principal.id));
  });

  const create = secure(
    base.extend({
      methods: ['POST'],
      scopes: ['orders:write'],
      limits: { principal: [{ name: 'writes', limit: 5, windowSeconds: 60 }] },
      body: NewOrder,
      bodyLimits: { maxBytes: 1024 },
    }),
    (_request, { principal, body }) => {
      const order = { id: String(orders.size + 1), owner: principal.id, ...body };
      orders.set(order.id, order);
      return Response.json(order, { status: 201, headers: { location: `/orders/${order.id}` } });
    },
  );

  const read = secure(
    base.extend({
      resourceMethods: ['GET'],
      resource: ({ url }) => orders.get(url.pathname.slice('/orders/'.length)),
      authorize: ({ principal, resource }) => resource.owner === principal.id,
      // Somebody else's order looks like one that does not exist.
      notFoundInsteadOfForbidden: true,
    }),
    (_request, { resource }) => Response.json(resource),
  );

  const keys = secure(open, () => {
    return Response.json(issuer.jwks, { headers: { 'cache-control': 'public, max-age=300' } });
  });

  const missing = secure(open, () => {
    throw new Refusal('not_found');
  });

  return {
    guide: issuer.guide,
    fetch(request, ...platform) {
      const { pathname } = new URL(request.url);
      if (pathname === '/.well-known/jwks.json') return keys(request, ...platform);
      if (pathname === '/orders') return (request.method === 'POST' ? create : list)(request, ...platform);
      if (pathname.startsWith('/orders/')) return read(request, ...platform);
      return missing(request, ...platform);
    },
  };
}
