import type { RefusalCode } from '../core/refusal.ts';
import type { Decision } from '../limiter/decision.ts';
import type { Client } from '../net/client.ts';
import type { Authenticator, Principal } from './authenticator.ts';
import type { WouldDeny } from './context.ts';
import type { IdempotencyRun } from './idempotency-run.ts';
import type { StageName } from './order.ts';

/** One request on its way through the stages. It lives as long as the request and is seen by nobody else. */
export interface Exchange {
  readonly request: Request;
  readonly platform: readonly unknown[];
  readonly requestId: string;
  readonly url: URL;
  readonly client: Client;
  readonly startedMs: number;
  signal: AbortSignal;
  waitUntil: (work: Promise<unknown>) => void;
  /** Where it is. */
  stage: StageName | 'request' | 'handler';
  /** Why it was refused. */
  code: RefusalCode | undefined;
  /** By which limit. */
  limit: string | undefined;
  /** Filled in by the stages, in their order. */
  principal: Principal<unknown> | undefined;
  authenticator: Authenticator<Principal<unknown>> | undefined;
  params: unknown;
  query: unknown;
  body: unknown;
  resource: unknown;
  decisions: readonly Decision[];
  /** Writes the decisions as headers, where there are any: what writes them comes with the limits. */
  formatLimits: ((decisions: readonly Decision[]) => Readonly<Record<string, string>>) | undefined;
  wouldDeny: readonly WouldDeny[];
  /** Waits for the handler's response, which somebody may ask for again. */
  run: IdempotencyRun | undefined;
  /** The JSON body as it came. */
  text: string;
}

/** A stage: passes by returning nothing, ends the request by returning a Response or throwing a Refusal. */
export type Stage = (exchange: Exchange) => undefined | Response | Promise<undefined | Response>;

/** The stages that a policy has. */
export type Made = { readonly [Name in StageName]?: Stage | undefined };
