import type { Decision } from '../limiter/decision.ts';
import type { Client } from '../net/client.ts';
import type { Principal } from './authenticator.ts';

/** One request on its way through the stages. It lives as long as the request and is seen by nobody else. */
export interface Exchange {
  readonly request: Request;
  readonly platform: readonly unknown[];
  readonly requestId: string;
  readonly url: URL;
  readonly client: Client;
  /** Filled in by the stages, in their order. */
  principal: Principal<unknown> | undefined;
  body: unknown;
  resource: unknown;
  decisions: readonly Decision[];
}

/** A stage: passes by returning nothing, ends the request by returning a Response or throwing a Refusal. */
export type Stage = (exchange: Exchange) => undefined | Response | Promise<undefined | Response>;
