import type { MaybePromise } from '../core/clock.ts';
import { functionOption } from '../core/option.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import { createRequestId } from '../core/request-id.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import { createHeaderPolicy } from '../headers/policy.ts';
import { directClient } from '../net/client.ts';
import { compilePolicy } from './compile.ts';
import type { Auth, Context } from './context.ts';
import type { Exchange } from './exchange.ts';
import { createFinaliser, fallbackResponse, refusalResponse } from './finalise.ts';
import type { ErrorReport, Policy } from './policy.ts';
import { openExchange, toContext } from './view.ts';

/** What runs when every check has passed. */
export type Handler<A extends Auth = Auth, S = undefined, R = undefined> = (
  request: Request,
  context: Context<A, S, R>,
) => MaybePromise<Response>;

/** A fetch handler. Pass on what the runtime passes beside the request: the peer's address is taken from it. */
export type SecuredHandler = (request: Request, ...platform: readonly unknown[]) => Promise<Response>;

/**
 * Wraps a fetch handler in a policy: the handler runs only when every check of the policy has passed, in one fixed order, and every
 * response leaves through one finaliser, refusals and errors too.
 *
 * Everything is denied that the policy does not allow: other methods, bodies without a schema, requests without proof. It does not route and
 * does not store; and it trusts no header for the client's address unless the policy names proxies.
 *
 * @param policy what is checked; refused here and now when it is wrong or contradicts itself
 * @param handler gets the request and a frozen context, typed by the policy
 * @returns a fetch handler that never throws or rejects
 * @throws {TypeError} for an unknown or missing field, or fields that contradict each other
 * @throws {RangeError} for a number out of bounds
 *
 * @example
 * ```ts
 * import { secure } from 'sallyport';
 * import { memoryStore } from 'sallyport/store';
 *
 * const handler = secure({
 *   methods: ['GET'],
 *   auth: 'public',
 *   store: memoryStore(),
 *   limits: { client: [{ name: 'client', limit: 100, windowSeconds: 60 }] },
 * }, (_request, context) => Response.json({ you: context.client.address }));
 * console.log((await handler(new Request('https://api.test/'), { peerAddress: '192.0.2.1' })).status); // 200
 * ```
 */
export function secure<A extends Auth, S extends StandardSchema | undefined = undefined, R = undefined>(
  policy: Policy<A, S, R>,
  handler: Handler<A, S, R>,
): SecuredHandler {
  functionOption('secure', 'handler', handler);
  const { stages, cors, auth } = compilePolicy(policy);
  const addHeaders = createFinaliser(createHeaderPolicy(policy.headers), cors);
  const { id: policyId, client, onError = reportToConsole } = policy;
  const resolve = client === undefined ? directClient : client.resolve;
  functionOption('secure', 'onError', onError);

  async function answer(exchange: Exchange): Promise<Response> {
    try {
      for (const stage of stages) {
        const passed = stage(exchange);
        const response = passed instanceof Promise ? await passed : passed;
        if (response !== undefined) return response;
      }
      // The stages have filled the exchange with what the policy's types say.
      const response: unknown = await handler(exchange.request, toContext(exchange) as Context<A, S, R>);
      return readResponse(response);
    } catch (error) {
      return refuse(error, exchange.requestId);
    }
  }

  function refuse(error: unknown, requestId: string): Response {
    if (!isRefusal(error)) return fail(error, requestId);
    try {
      const response = refusalResponse(error, requestId);
      // RFC 9110 section 15.5.2: a 401 of the handler's own making carries a challenge, too.
      if (response.status === 401 && auth !== undefined && !response.headers.has('www-authenticate')) {
        response.headers.set('www-authenticate', auth.challenge({}));
      }
      if (response.status >= 500) report(error, requestId, response.status);
      return response;
    } catch (defect) {
      // A refusal of the handler's own making whose headers or issues cannot be written.
      return fail(defect, requestId);
    }
  }

  function fail(error: unknown, requestId: string): Response {
    report(error, requestId, 500);
    return refusalResponse(new Refusal('internal_error'), requestId);
  }

  function finalise(exchange: Exchange, response: Response): Response {
    try {
      return addHeaders(exchange, response);
    } catch (error) {
      return addHeaders(exchange, fail(error, exchange.requestId));
    }
  }

  function report(error: unknown, requestId: string, status: number): void {
    try {
      // A promise that rejects changes as little as a throw.
      Promise.resolve(onError(error, { requestId, policyId, status })).catch(() => undefined);
    } catch {
      // A reporter that fails must not turn a 500 into a crash.
    }
  }

  return async function secured(request: Request, ...platform: readonly unknown[]): Promise<Response> {
    const requestId = createRequestId();
    try {
      const exchange = openExchange(request, platform, resolve, requestId);
      if (exchange === undefined) return fallbackResponse('request_malformed', requestId);
      return finalise(exchange, await answer(exchange));
    } catch (error) {
      // What is no Request, a runtime that cannot tell the peer: nothing is known, nothing is served.
      report(error, requestId, 500);
      return fallbackResponse('internal_error', requestId);
    }
  };
}

/** Refuses what no runtime can send, while it can still be reported and answered with 500. */
function readResponse(response: unknown): Response {
  if (!(response instanceof Response)) throw new TypeError('The handler returned no Response.');
  if (response.status === 0) throw new TypeError('The handler returned a network error.');
  if (response.bodyUsed) throw new TypeError('The handler returned a Response that was already read.');
  return response;
}

function reportToConsole(error: unknown, report: ErrorReport): void {
  console.error(`sallyport: ${report.status} for request ${report.requestId}`, error);
}
