import type { MaybePromise } from '../../src/core/clock.ts';
import { isRefusal, type Refusal } from '../../src/core/refusal.ts';
import { createIdempotency, type Idempotency, type IdempotencyOptions } from '../../src/secure/idempotency.ts';
import type { IdempotencyScope } from '../../src/secure/idempotency-key.ts';
import type { IdempotencyRun } from '../../src/secure/idempotency-run.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { ORIGIN } from './fixtures.ts';

export const KEY = '"8e03978e-40d5-43e8-bc93-6894a57f9324"';

/** A request with a key, or with null for none. */
export function post(key: string | null = KEY, method: string = 'POST'): Request {
  return new Request(`${ORIGIN}/orders`, { method, ...(key === null ? {} : { headers: { 'idempotency-key': key } }) });
}

/** What alice asks for, but for what differs. */
export function scope(other: Partial<IdempotencyScope> = {}): IdempotencyScope {
  return {
    principal: 'alice',
    client: '192.0.2.1',
    policy: 'orders',
    path: '/orders',
    fingerprint: () => '{"item":1}',
    ...other,
  };
}

/** One with a store, whose time the test tells. */
export function makeIdempotency(
  options: Partial<IdempotencyOptions> = {},
): { readonly idempotency: Idempotency; readonly wait: (seconds: number) => void } {
  let nowMs = 1_700_000_000_000;
  const store = memoryStore({ clock: () => nowMs });
  return {
    idempotency: createIdempotency({ store, ...options }),
    wait: (seconds) => void (nowMs += seconds * 1000),
  };
}

/** Begins what must be the first. */
export async function beginFirst(
  idempotency: Idempotency,
  other: Partial<IdempotencyScope> = {},
  request: Request = post(),
): Promise<IdempotencyRun> {
  const start = await idempotency.begin(request, scope(other));
  if (start?.first !== true) throw new Error('This is not the first.');
  return start;
}

/** Begins what must be a repetition. */
export async function beginReplay(
  idempotency: Idempotency,
  other: Partial<IdempotencyScope> = {},
  request: Request = post(),
): Promise<Response> {
  const start = await idempotency.begin(request, scope(other));
  if (start?.first !== false) throw new Error('This is no replay.');
  return start.replay;
}

/** The refusal with which something ends. */
export async function refusalOf(work: () => MaybePromise<unknown>): Promise<Refusal> {
  try {
    await work();
  } catch (error) {
    if (isRefusal(error)) return error;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
