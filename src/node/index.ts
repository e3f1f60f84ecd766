/**
 * node:http in front of a fetch handler.
 *
 * @module
 */
export {
  type FetchHandler,
  type NodeErrorReport,
  type NodeHandler,
  type NodeHandlerOptions,
  type NodeInfo,
  toNodeHandler,
} from './handler.ts';
export type { RouteHandler, RouteInfo } from './route.ts';
export { type ExpressHandler, type ExpressRequest, toExpress } from './express.ts';
export { type FastifyReply, type FastifyRequest, type FastifyRoute, toFastify } from './fastify.ts';
