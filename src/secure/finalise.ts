import { Refusal } from '../core/refusal.ts';
import { toProblem } from '../core/problem.ts';
import type { Cors } from '../cross-origin/cors.ts';
import type { HeaderPolicy } from '../headers/policy.ts';
import type { Decision } from '../limiter/decision.ts';
import { formatRateLimit } from '../limiter/format.ts';
import { parseIp } from '../net/ip.ts';
import type { Exchange } from './exchange.ts';

/** What every response of a policy gets. */
export interface Finaliser {
  readonly headers: HeaderPolicy;
  readonly cors: Cors | undefined;
}

// What is sent when finalising itself fails: nothing that depends on the request.
const FALLBACK_HEADERS: Readonly<Record<string, string>> = Object.freeze({
  'content-type': 'application/problem+json',
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  'x-content-type-options': 'nosniff',
});
const FALLBACK_BODY = JSON.stringify({
  type: 'about:blank',
  title: 'Internal Server Error',
  status: 500,
  code: 'internal_error',
});

/**
 * Serves every exit: success, preflight, each refusal, each error. It adds headers, CORS, limits and the request id, and cannot throw.
 */
export function finalise(finaliser: Finaliser, exchange: Exchange, response: Response): Response {
  try {
    return addHeaders(finaliser, exchange, response);
  } catch {
    return fallbackResponse();
  }
}

/** The response for when not even the finaliser can be relied on. */
export function fallbackResponse(): Response {
  return new Response(FALLBACK_BODY, { status: 500, headers: FALLBACK_HEADERS });
}

/** Turns a refusal into its response, with what its status needs. */
export function refusalResponse(refusal: Refusal, exchange: Exchange): Response {
  const response = toProblem(refusal, { requestId: exchange.requestId });
  // Clients without a hint retry at once, which is how an outage is kept alive.
  if (refusal.status === 503 && !response.headers.has('retry-after')) response.headers.set('retry-after', '5');
  return response;
}

function addHeaders({ headers, cors }: Finaliser, exchange: Exchange, response: Response): Response {
  const { request, client, url } = exchange;
  let final = headers.apply(response, { secure: client.scheme === 'https' && isNamedHost(url.hostname) });
  // 0 and 101 cannot be rebuilt and carry nothing of ours: a network error and a WebSocket.
  if (final.status === 0 || final.status === 101) return final;
  if (cors !== undefined) final = cors.apply(request, final);
  if (exchange.decisions.length > 0) {
    for (const [name, value] of Object.entries(formatRateLimit(join(exchange.decisions)))) {
      final.headers.set(name, value);
    }
  }
  final.headers.set('x-request-id', exchange.requestId);
  return request.method === 'HEAD' && final.body !== null ? new Response(null, final) : final;
}

/** HSTS is for names: on an address or a loopback name it does nothing, or locks a developer out. */
function isNamedHost(hostname: string): boolean {
  return hostname !== 'localhost' && !hostname.endsWith('.localhost') && !hostname.startsWith('[') &&
    parseIp(hostname) === undefined;
}

function join(decisions: readonly Decision[]): Decision {
  const last = decisions[decisions.length - 1];
  return {
    allowed: last?.allowed ?? true,
    reason: last?.reason ?? 'ok',
    limits: decisions.flatMap((decision) => decision.limits),
    retryAfterSeconds: last?.retryAfterSeconds ?? 0,
  };
}
