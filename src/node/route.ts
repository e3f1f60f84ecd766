import type { IncomingMessage } from 'node:http';
import { infoOf, type NodeInfo } from './handler.ts';

/** What `toExpress` and `toFastify` pass as the second argument: the socket's peer, and what the router found in the path. */
export interface RouteInfo extends NodeInfo {
  /** The path parameters as the router decoded them, a frozen copy without a prototype: a list where a wildcard matched several segments. */
  readonly params: Readonly<Record<string, string | readonly string[]>>;
}

/** A fetch handler behind a router. Every handler of a `NodeInfo` is one. */
export type RouteHandler = (request: Request, info: RouteInfo) => Response | Promise<Response>;

/** What is passed beside a request that a router found the handler for. */
export function routeInfoOf(message: IncomingMessage, found: unknown): RouteInfo {
  // A parameter may be named as a member of Object.prototype is, and what is put on that is no parameter.
  const params: Record<string, string | readonly string[]> = Object.create(null);
  for (const [name, value] of Object.entries(Object(found))) {
    if (typeof value === 'string') params[name] = value;
    else if (Array.isArray(value)) params[name] = Object.freeze(value.map(String));
  }
  return { ...infoOf(message), params: Object.freeze(params) };
}
