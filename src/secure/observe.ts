import type { Clock } from '../core/clock.ts';
import { METHODS } from '../core/method.ts';
import type { RefusalCode } from '../core/refusal.ts';
import type { PolicyEvent } from './event.ts';
import type { Exchange } from './exchange.ts';
import { traceOf } from './view.ts';

/** What an event says that is not read of the exchange. */
export type Saying = Pick<PolicyEvent, 'outcome' | 'stage'> & {
  readonly code?: RefusalCode | undefined;
  readonly status?: number;
  readonly limit?: string | undefined;
};

/** Tells whoever listens. */
export type Tell = (saying: Saying, exchange?: Exchange, requestId?: string) => void;

/** The longest id that an event repeats: a subject is any text. */
const MAX_ID_LENGTH = 256;

/** Makes the one place where events are made and handed out. What the listener throws or rejects with changes nothing. */
export function createTell(
  listener: (event: PolicyEvent) => unknown,
  policyId: string | undefined,
  clock: Clock,
): Tell {
  return ({ outcome, stage, code, status, limit }, exchange, requestId) => {
    try {
      const atMs = clock();
      const principal = exchange?.principal;
      const event: PolicyEvent = {
        outcome,
        stage,
        code,
        limit,
        status,
        policyId,
        requestId: exchange?.requestId ?? requestId,
        traceId: exchange && traceOf(exchange.request)?.traceId,
        method: METHODS.find((method) => method === exchange?.request.method),
        client: exchange?.client.address,
        principalId: clip(principal?.id),
        issuer: clip(principal?.issuer),
        actorId: actorOf(principal?.claims),
        atMs,
        durationMs: exchange === undefined ? 0 : Math.max(0, atMs - exchange.startedMs),
      };
      Promise.resolve(listener(Object.freeze(event))).catch(ignore);
    } catch {
      // Who listens must not decide.
    }
  };
}

/** RFC 8693 section 4.1: who acts for the principal, where a token says so. */
function actorOf(claims: unknown): string | undefined {
  return clip(own(own(claims, 'act'), 'sub'));
}

function own(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}

/** What stands in one line of a log. An authenticator of the user's own may give anything. */
function clip(text: unknown): string | undefined {
  if (typeof text !== 'string') return undefined;
  // Half a surrogate pair has no UTF-8. JSON leaves U+0085, U+009B (which begins a command of a terminal) and U+2028 as they are.
  return text.slice(0, MAX_ID_LENGTH).toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '\ufffd');
}

function ignore(): void {}
