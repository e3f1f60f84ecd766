import type { MaybePromise } from '../../core/clock.ts';
import { sha256 } from '../../crypto/digest.ts';
import { encodeHex } from '../../encoding/hex.ts';
import { clientKey, principalKey } from '../../limiter/key.ts';
import type { Exchange, Stage } from '../exchange.ts';
import type { IdempotencyScope } from '../idempotency-key.ts';
import type { IdempotencyStart } from '../idempotency-run.ts';

/** Claims the key of a request, or answers what stands under it. */
type Begin = (request: Request, scope: IdempotencyScope) => MaybePromise<IdempotencyStart | undefined>;

/** Claims the key of a request that may be repeated, or answers what the first one was answered (idempotency_key_missing and its like). */
export function idempotencyStage(begin: Begin, policy: string): Stage {
  return async (exchange: Exchange) => {
    const { request, principal, client, url, text, body } = exchange;
    const start = await begin(request, {
      principal: principal && principalKey(principal.id, principal.issuer),
      client: clientKey(client.address),
      policy,
      // The host, too: where it names a tenant, the same key means something else.
      path: (client.host ?? url.host) + url.pathname + url.search,
      fingerprint: () => text === '' ? fingerprintOf(body) : text,
    });
    if (start === undefined) return undefined;
    if (!start.first) return start.replay;
    exchange.run = start;
    return undefined;
  };
}

/** Of a form, which is not there as text: its values, and digests of its files. */
async function fingerprintOf(body: unknown): Promise<string> {
  const files: File[] = [];
  const text = JSON.stringify(body, (_key, value: unknown) => {
    if (value instanceof File) return { file: files.push(value), name: value.name, type: value.type };
    if (value instanceof Map || value instanceof Set) return [...value];
    return typeof value === 'bigint' ? String(value) : value;
  });
  const digests = await Promise.all(files.map(async (file) => await sha256(new Uint8Array(await file.arrayBuffer()))));
  return [text ?? '', ...digests.map(encodeHex)].join('\n');
}
