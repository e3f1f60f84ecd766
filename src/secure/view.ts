import { hasEscapedUnreserved, hasTwoPaths } from '../core/request-target.ts';
import type { ClientResolver } from '../net/client-resolver.ts';
import { stripIdentityHeaders } from '../net/identity-headers.ts';
import { parsePath } from '../net/path.ts';
import { peerAddress } from '../net/peer.ts';
import { parseTraceparent, type Traceparent } from '../net/traceparent.ts';
import type { Exchange } from './exchange.ts';

// What the handler sees is frozen, also where there is nothing.
const NONE: readonly never[] = /* @__PURE__ */ Object.freeze([]);

/** What there is beside a request when it comes. */
export interface Arrival {
  readonly platform: readonly unknown[];
  readonly requestId: string;
  readonly startedMs: number;
  readonly waitUntil: (work: Promise<unknown>) => void;
}

/**
 * Freezes the view of a request that every stage and the handler share: the URL parsed once, the client found once, without what only a gateway may say.
 *
 * @returns the view; undefined for a request whose URL is none or has two paths: some runtimes pass on what was sent, as it was sent
 */
export function openExchange(
  request: Request,
  arrival: Arrival,
  resolve: ClientResolver['resolve'],
): Exchange | undefined {
  const url = readUrl(request);
  if (url === undefined) return undefined;
  // Of the request as it came: runtimes know their own object alone.
  const client = Object.freeze(resolve(request, peerAddress(request, arrival.platform[0])));
  const view = client.isProxied ? request : stripIdentityHeaders(request);
  return {
    request: view,
    platform: arrival.platform,
    requestId: arrival.requestId,
    startedMs: arrival.startedMs,
    url,
    client,
    signal: view.signal,
    waitUntil: arrival.waitUntil,
    stage: 'request',
    code: undefined,
    limit: undefined,
    principal: undefined,
    authenticator: undefined,
    params: undefined,
    query: undefined,
    body: undefined,
    resource: undefined,
    decisions: NONE,
    formatLimits: undefined,
    wouldDeny: NONE,
    run: undefined,
    text: '',
  };
}

function readUrl(request: Request): URL | undefined {
  try {
    const url = new URL(request.url);
    // Most runtimes have parsed it already; then it is the same text.
    if (url.href !== request.url && hasTwoPaths(request.url)) return undefined;
    const path = parsePath(url.pathname);
    if (path === undefined) return undefined;
    if (path === url.pathname) return url;
    // Decoded here, `/%61dmin` would be another path than the one that a router in front has matched and guarded.
    if (hasEscapedUnreserved(request.url)) return undefined;
    url.pathname = path;
    return url;
  } catch (error) {
    if (request instanceof Request) return undefined;
    throw error;
  }
}

/** The trace that a request says it belongs to. */
export function traceOf({ headers }: Request): Traceparent | undefined {
  const text = headers.get('traceparent');
  return text === null ? undefined : parseTraceparent(text);
}

/**
 * What the policy's own functions and the handler see of an exchange: what has been found out so far. Written out: to spread another would cost twenty times as
 * much.
 */
export function toContext(exchange: Exchange): object {
  const { request, platform, requestId, url, client, signal, waitUntil } = exchange;
  const { principal, params, query, body, resource, decisions, wouldDeny } = exchange;
  return Object.freeze({
    principal,
    claims: principal?.claims,
    params,
    query,
    body,
    resource,
    url,
    method: request.method,
    client,
    requestId,
    trace: traceOf(request),
    limits: decisions,
    wouldDeny,
    signal,
    waitUntil,
    platform,
  });
}
