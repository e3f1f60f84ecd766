import type { IncomingMessage, ServerResponse } from 'node:http';
import { createListener, type NodeHandlerOptions } from './handler.ts';
import { type RouteHandler, routeInfoOf } from './route.ts';

/** A request of Express, as far as it is needed here. */
export interface ExpressRequest extends IncomingMessage {
  /** The request target before any router took its mount path away. */
  readonly originalUrl: string;
  /** The path parameters of the route. */
  readonly params?: unknown;
}

/** A handler of a route of Express. */
export type ExpressHandler = (request: ExpressRequest, response: ServerResponse) => void;

/**
 * Makes a handler for a route of Express of a fetch handler. It answers every request it is given and calls no `next`.
 *
 * The handler sees the whole path, wherever its router is mounted, and the body unread: put it in front of `express.json()` and every other body
 * parser. Behind one it answers 500 (`internal_error`) and tells `onError` why. What else ran before it has run without its policy; its
 * headers replace those of the same name, and `X-Powered-By` goes. Beside the request it gets {@linkcode RouteInfo}, with the route's `params`.
 * A path that escapes what needs no escape (`/%61dmin`) is 400, since Express compares it as it is written, and the handler may not.
 *
 * @param handler a fetch handler, such as one that `secure()` made
 * @param options where errors go
 * @returns a handler for `app.get`, `app.use` and the like
 * @throws {TypeError} for an unknown option, or a handler that is no function
 * @see Express 4 and 5, `req.originalUrl`
 *
 * @example
 * ```ts
 * import { secure } from 'sallyport';
 * import { toExpress } from 'sallyport/node';
 *
 * const orders = secure({ methods: ['GET'], auth: 'public' }, () => Response.json([]));
 * const handler = toExpress(orders); // app.use('/orders', handler);
 * ```
 */
export function toExpress(handler: RouteHandler, options: NodeHandlerOptions = {}): ExpressHandler {
  const listen = createListener('create Express handler', handler, options, true);
  return (request, response): void => {
    response.removeHeader('x-powered-by');
    listen(request, response, (made) => handler(made, routeInfoOf(request, request.params)), request.originalUrl);
  };
}
