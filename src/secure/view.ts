import { hasTwoPaths } from '../core/request-target.ts';
import type { ClientResolver } from '../net/client-resolver.ts';
import { peerAddress } from '../net/peer.ts';
import type { Exchange } from './exchange.ts';

/**
 * Freezes the view of a request that every stage and the handler share: the URL parsed once, the client found once.
 *
 * @returns the view; undefined for a request whose URL is none or has two paths: some runtimes pass on what was sent, as it was sent
 */
export function openExchange(
  request: Request,
  platform: readonly unknown[],
  resolve: ClientResolver['resolve'],
  requestId: string,
): Exchange | undefined {
  const url = readUrl(request);
  return url && {
    request,
    platform,
    requestId,
    url,
    client: Object.freeze(resolve(request, peerAddress(request, platform[0]))),
    principal: undefined,
    body: undefined,
    resource: undefined,
    decisions: [],
  };
}

function readUrl(request: Request): URL | undefined {
  try {
    const url = new URL(request.url);
    // Most runtimes have parsed it already; then it is the same text.
    return url.href !== request.url && hasTwoPaths(request.url) ? undefined : url;
  } catch (error) {
    if (request instanceof Request) return undefined;
    throw error;
  }
}

/** What a policy's `resource` sees of an exchange. */
export function toResourceContext(exchange: Exchange): object {
  return Object.freeze(fields(exchange));
}

/** What a policy's `authorize` and the handler see of an exchange. */
export function toContext(exchange: Exchange): object {
  return Object.freeze({ ...fields(exchange), resource: exchange.resource });
}

function fields({ request, platform, requestId, url, client, principal, body }: Exchange): object {
  return { principal, body, url, method: request.method, client, requestId, signal: request.signal, platform };
}
