import { toProblem } from '../core/problem.ts';
import { Refusal, type RefusalCode } from '../core/refusal.ts';
import { REQUEST_ID_HEADER } from '../core/request-id.ts';
import type { Cors } from '../cross-origin/cors.ts';
import type { HeaderPolicy } from '../headers/policy.ts';
import { parseIp } from '../net/ip.ts';
import type { Exchange } from './exchange.ts';

/** Adds to a response what every exit of a policy carries; throws only for a response that cannot carry it. */
export type Finaliser = (exchange: Exchange, response: Response) => Response;

/** The response for when not even the finaliser can be relied on: nothing in it depends on the request. */
export function fallbackResponse(code: RefusalCode, requestId: string): Response {
  const response = toProblem(new Refusal(code), { requestId });
  response.headers.set(REQUEST_ID_HEADER, requestId);
  return response;
}

/** Turns a refusal into its response, with what its status needs. */
export function refusalResponse(refusal: Refusal, requestId: string): Response {
  // The brand can be put on anything; what is no error must not pass for a success.
  if (!(refusal.status >= 400)) throw new TypeError('A refusal has no status of an error.');
  const response = toProblem(refusal, { requestId });
  // Clients without a hint retry at once, which is how an outage is kept alive.
  if (refusal.status === 503 && !response.headers.has('retry-after')) response.headers.set('retry-after', '5');
  return response;
}

/** Creates what serves every exit: success, preflight, each refusal, each error. */
export function createFinaliser(headers: HeaderPolicy, cors: Cors | undefined): Finaliser {
  return (exchange, response) => {
    const { request, client, url } = exchange;
    // A protocol switch (a WebSocket) cannot be rebuilt and carries nothing of ours.
    if (response.status === 101) return response;
    // One that has an id may be an object that the handler returned before: what one client was told is not edited into another's.
    const fresh = response.headers.has(REQUEST_ID_HEADER) ? new Response(response.body, response) : response;
    // The host that the client asked for: the one in the URL may be a proxy's name for this server.
    const secure = client.scheme === 'https' && isNamedHost(client.host ?? url.hostname);
    let final = headers.apply(fresh, { secure });
    if (cors !== undefined) final = cors.apply(request, final);
    // What one principal was shown is no other's: no cache keeps it unless the handler says so.
    if (exchange.principal !== undefined && final.status !== 304 && !final.headers.has('cache-control')) {
      final.headers.set('cache-control', 'no-store');
    }
    const limits = exchange.formatLimits?.(exchange.decisions) ?? {};
    for (const name of Object.keys(limits)) final.headers.set(name, limits[name] ?? '');
    final.headers.set(REQUEST_ID_HEADER, exchange.requestId);
    return request.method === 'HEAD' ? withoutBody(final) : final;
  };
}

function withoutBody(response: Response): Response {
  if (response.body === null) return response;
  // Nobody will read it: what feeds it must be told, or it waits for ever.
  response.body.cancel().catch(() => undefined);
  return new Response(null, response);
}

/** HSTS is for names: on an address or a loopback name it does nothing, or locks a developer out. */
function isNamedHost(host: string): boolean {
  const colon = host.indexOf(':');
  const name = colon < 0 ? host : host.slice(0, colon);
  return name !== 'localhost' && !name.endsWith('.localhost') && !name.startsWith('[') && parseIp(name) === undefined;
}
