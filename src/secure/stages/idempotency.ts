import { clientKey, principalKey } from '../../limiter/key.ts';
import type { Exchange, Stage } from '../exchange.ts';
import type { Idempotency } from '../idempotency.ts';

/** Claims the key of a request that may be repeated, or answers what the first one was answered (idempotency_key_missing and its like). */
export function idempotencyStage(idempotency: Idempotency, policy: string): Stage {
  return async (exchange: Exchange) => {
    const { request, principal, client, url, text, body } = exchange;
    const start = await idempotency.begin(request, {
      principal: principal && principalKey(principal.id, principal.issuer),
      client: clientKey(client.address),
      policy,
      path: url.pathname + url.search,
      fingerprint: () => text === '' ? JSON.stringify(body, describeFile) ?? '' : text,
    });
    if (start === undefined) return undefined;
    if (!start.first) return start.replay;
    exchange.run = start;
    return undefined;
  };
}

/** JSON has no files: their bytes are not compared, what is said of them is. */
function describeFile(_key: string, value: unknown): unknown {
  return value instanceof File ? [value.name, value.size, value.type] : value;
}
