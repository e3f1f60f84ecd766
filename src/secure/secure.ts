import { type MaybePromise, systemClock } from '../core/clock.ts';
import { functionOption } from '../core/option.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import { createRequestId } from '../core/request-id.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import { createHeaderPolicy } from '../headers/policy.ts';
import { directClient } from '../net/client.ts';
import type { FormReader } from '../schema/form-reader.ts';
import { compilePolicy } from './compile.ts';
import type { Auth, Context } from './context.ts';
import type { Exchange } from './exchange.ts';
import { createFinaliser, fallbackResponse, refusalResponse } from './finalise.ts';
import type { PolicyModes } from './mode.ts';
import type { NotEnforced } from './modes.ts';
import { createTell, type Tell } from './observe.ts';
import type { ContextIn, ErrorReport, Policy, SomePolicy } from './policy.ts';
import { formatChallenges } from './stages/authenticate.ts';
import { type Arrival, openExchange } from './view.ts';
import { createRunner } from './run-handler.ts';
import { waitUntilOf } from './wait-until.ts';

/** What runs when every check has passed. */
export type Handler<C = Context> = (request: Request, context: C) => MaybePromise<Response>;

/** A fetch handler. Pass on what the runtime passes beside the request: the peer's address is taken from it. */
export type SecuredHandler = (request: Request, ...platform: readonly unknown[]) => Promise<Response>;

/**
 * Wraps a fetch handler in a policy: the handler runs only when every check of the policy has passed, in one fixed order, and every
 * response leaves through one finaliser, refusals and errors too.
 *
 * Everything is denied that the policy does not allow: other methods, bodies without a schema, requests without proof. It does not route and
 * does not store; and it trusts no header for the client's address unless the policy names proxies. One within another is charged by the limits
 * of both, and needs what the runtime passed: `inner(request, ...context.platform)`.
 *
 * @param policy what is checked; refused here and now when it is wrong or contradicts itself
 * @param handler gets the request and a frozen context, typed by the policy
 * @returns a fetch handler that never throws or rejects
 * @throws {TypeError} for an unknown or missing field, or fields that contradict each other; RangeError for a number out of bounds
 *
 * @example
 * ```ts
 * import { createLimits, secure } from 'sallyport';
 * import { memoryStore } from 'sallyport/store';
 *
 * const handler = secure({
 *   methods: ['GET'],
 *   auth: 'public',
 *   store: memoryStore(),
 *   limits: createLimits({ client: [{ name: 'client', limit: 100, windowSeconds: 60 }] }),
 * }, (_request, context) => Response.json({ you: context.client.address }));
 * console.log((await handler(new Request('https://api.test/'), { peerAddress: '192.0.2.1' })).status); // 200
 * ```
 */
export function secure<
  A extends Auth,
  S extends StandardSchema | undefined = undefined,
  R = undefined,
  P extends StandardSchema | undefined = undefined,
  Q extends StandardSchema | undefined = undefined,
  F extends FormReader<unknown> | undefined = undefined,
  M extends PolicyModes = Record<never, never>,
>(
  policy: Policy<A, S, R, P, Q, F, M>,
  handler: Handler<ContextIn<A, S, R, P, Q, F, M>>,
): SecuredHandler {
  functionOption('secure', 'handler', handler);
  // What its functions are called with is what its own stages have made.
  const some = policy as unknown as SomePolicy;
  const { id: policyId, client, headers, onError = reportToConsole, onEvent, clock = systemClock } = some;
  functionOption('secure', 'onError', onError);
  functionOption('secure', 'clock', clock);
  if (onEvent !== undefined) functionOption('secure', 'onEvent', onEvent);
  const tell: Tell = onEvent === undefined ? ignore : createTell(onEvent, policyId, clock);
  const { stages, cors, authenticators, filter, notEnforced } = compilePolicy(some, clock, tell);
  announce(policyId, notEnforced, onEvent && tell);
  const addHeaders = createFinaliser(createHeaderPolicy(headers), cors);
  const resolve = client === undefined ? directClient : client.resolve;
  const run = createRunner({
    handler,
    handlerMs: some.timeouts?.handlerMs,
    filter,
    report: (error, { requestId }) => report(error, requestId, undefined),
  });

  /** Synchronous as long as the stages are: a promise costs more than most of them. */
  function answer(exchange: Exchange, from: number): MaybePromise<Response> {
    try {
      for (let index = from; index < stages.length; index++) {
        const stage = stages[index];
        if (stage === undefined) continue;
        exchange.stage = stage.name;
        const passed = stage.run(exchange);
        if (passed instanceof Promise) return resume(exchange, passed, index + 1);
        if (passed !== undefined) return passed;
      }
      exchange.stage = 'handler';
      const made = run(exchange);
      return made instanceof Promise ? made.catch((error: unknown) => refuse(error, exchange)) : made;
    } catch (error) {
      return refuse(error, exchange);
    }
  }

  async function resume(
    exchange: Exchange,
    passing: Promise<Response | undefined>,
    next: number,
  ): Promise<Response> {
    try {
      const response = await passing;
      if (response !== undefined) return response;
    } catch (error) {
      return refuse(error, exchange);
    }
    return answer(exchange, next);
  }

  function refuse(error: unknown, exchange: Exchange): Response {
    const { requestId } = exchange;
    if (!isRefusal(error)) return fail(error, exchange);
    try {
      const response = refusalResponse(error, requestId);
      exchange.code = error.code;
      // RFC 9110 section 15.5.2: a 401 of the handler's own making carries a challenge, too.
      if (response.status === 401 && authenticators.length > 0 && !response.headers.has('www-authenticate')) {
        response.headers.set('www-authenticate', formatChallenges(authenticators, {}));
      }
      if (response.status >= 500) report(error, requestId, response.status);
      return response;
    } catch (defect) {
      // A refusal of the handler's own making whose headers or issues cannot be written.
      return fail(defect, exchange);
    }
  }

  function fail(error: unknown, exchange: Exchange): Response {
    exchange.code = 'internal_error';
    report(error, exchange.requestId, 500);
    return refusalResponse(new Refusal('internal_error'), exchange.requestId);
  }

  function finalise(exchange: Exchange, response: Response): Response {
    try {
      return addHeaders(exchange, response);
    } catch (error) {
      response.body?.cancel().catch(ignore);
      return addHeaders(exchange, fail(error, exchange));
    }
  }

  function report(error: unknown, requestId: string, status: number | undefined): void {
    try {
      // A promise that rejects changes as little as a throw.
      Promise.resolve(onError(error, { requestId, policyId, status })).catch(() => undefined);
    } catch {
      // A reporter that fails must not turn a 500 into a crash.
    }
  }

  function fallBack(code: 'request_malformed' | 'internal_error', requestId: string): Response {
    const response = fallbackResponse(code, requestId);
    const outcome = code === 'internal_error' ? 'failed' : 'denied';
    tell({ outcome, stage: 'request', code, status: response.status }, undefined, requestId);
    return response;
  }

  return async function secured(request: Request, ...platform: readonly unknown[]): Promise<Response> {
    const requestId = createRequestId();
    try {
      const arrival: Arrival = {
        platform,
        requestId,
        startedMs: onEvent === undefined ? 0 : clock(),
        waitUntil: waitUntilOf(platform, (error) => report(error, requestId, undefined)),
      };
      const exchange = openExchange(request, arrival, resolve);
      if (exchange === undefined) return fallBack('request_malformed', requestId);
      const answered = answer(exchange, 0);
      const response = finalise(exchange, answered instanceof Promise ? await answered : answered);
      const { stage, code, limit } = exchange;
      const { status } = response;
      const outcome = status >= 500 ? 'failed' : code === undefined ? 'allowed' : 'denied';
      tell({ outcome, stage, code, status, limit }, exchange);
      return response;
    } catch (error) {
      // What is no Request, a runtime that cannot tell the peer: nothing is known, nothing is served.
      report(error, requestId, 500);
      return fallBack('internal_error', requestId);
    }
  };
}

/** A policy that does not enforce says so when it is made: somebody must come across it. */
function announce(policyId: string | undefined, notEnforced: readonly NotEnforced[], tell: Tell | undefined): void {
  for (const { stage, limit, mode } of notEnforced) {
    if (tell !== undefined) {
      tell({ outcome: 'not_enforced', stage, limit });
      continue;
    }
    const how = typeof mode === 'string' ? mode : `report until ${mode.until}: ${mode.reason}`;
    console.warn(
      `sallyport: the policy ${policyId ?? '(no id)'} does not enforce ${
        limit === undefined ? stage : `the limit ${limit}`
      } (${how})`,
    );
  }
}

function reportToConsole(error: unknown, report: ErrorReport): void {
  console.error(`sallyport: ${report.status ?? 'after the response'} for request ${report.requestId}`, error);
}

function ignore(): void {}
