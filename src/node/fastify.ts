import type { IncomingMessage, ServerResponse } from 'node:http';
import { createListener, type NodeHandlerOptions } from './handler.ts';
import { type RouteHandler, routeInfoOf } from './route.ts';

/** A request of Fastify, as far as it is needed here. */
export interface FastifyRequest {
  /** The message under it. */
  readonly raw: IncomingMessage;
  /** The path parameters of the route. */
  readonly params?: unknown;
}

/** A reply of Fastify, as far as it is needed here. */
export interface FastifyReply {
  /** What it is sent through. */
  readonly raw: ServerResponse;
  /** Tells Fastify that it need not answer. */
  readonly hijack: () => unknown;
}

/** The part of a route of Fastify that answers. */
export interface FastifyRoute {
  /** Answers, before Fastify reads the body. */
  readonly onRequest: (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
  /** Compulsory for Fastify, and never reached. */
  readonly handler: () => never;
}

/**
 * Makes the answering part of a route of Fastify of a fetch handler. It answers in `onRequest`, where Fastify has routed and not yet
 * read the body: the parsers of Fastify, its validation and the hooks that come later do not run for the route.
 *
 * Hooks of plugins that come earlier run without its policy; one that reads the body makes it answer 500 (`internal_error`) and tell
 * `onError` why. Headers that were put on the reply and not sent are left out. Beside the request the handler gets {@linkcode RouteInfo}, with the
 * route's `params`. A path that escapes what needs no escape (`/%61dmin`) is 400, since hooks and middleware may compare it as it is written.
 *
 * @param handler a fetch handler, such as one that `secure()` made
 * @param options where errors go
 * @returns what `app.route` takes beside `method` and `url`
 * @throws {TypeError} for an unknown option, or a handler that is no function
 * @see Fastify 5, Lifecycle and `reply.hijack()`
 *
 * @example
 * ```ts
 * import { secure } from 'sallyport';
 * import { toFastify } from 'sallyport/node';
 *
 * const orders = secure({ methods: ['GET'], auth: 'public' }, () => Response.json([]));
 * const route = { method: ['GET'], url: '/orders', ...toFastify(orders) }; // app.route(route);
 * ```
 */
export function toFastify(handler: RouteHandler, options: NodeHandlerOptions = {}): FastifyRoute {
  const listen = createListener('create Fastify route', handler, options, true);
  return Object.freeze({
    // A promise: of a plain function Fastify expects that it calls `done`, and goes on to read the body.
    onRequest: async ({ raw, params }: FastifyRequest, reply: FastifyReply): Promise<void> => {
      reply.hijack();
      listen(raw, reply.raw, (request) => handler(request, routeInfoOf(raw, params)));
    },
    handler(): never {
      throw new TypeError('The route was answered in onRequest.');
    },
  });
}
