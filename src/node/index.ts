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
