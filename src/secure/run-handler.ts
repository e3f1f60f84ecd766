import type { MaybePromise } from '../core/clock.ts';
import { createDeadline } from '../core/deadline.ts';
import { numberOption } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import type { Exchange } from './exchange.ts';
import type { ResponseFilter } from './stages/response.ts';
import { toContext } from './view.ts';

/** What a handler is run with. */
export interface RunnerOptions {
  readonly handler: (request: Request, context: never) => MaybePromise<Response>;
  /** How long it may take, in milliseconds; undefined for no end. */
  readonly handlerMs: number | undefined;
  readonly filter: ResponseFilter | undefined;
  /** Is told of what went wrong without the client being told. */
  readonly report: (error: unknown, exchange: Exchange) => void;
}

/**
 * Makes what runs a handler when every check has passed: within its time, through the response's schema, and with its answer kept where somebody may
 * ask for it again. What the handler throws is thrown.
 *
 * @throws {RangeError} for a time out of bounds
 */
export function createRunner(options: RunnerOptions): (exchange: Exchange) => MaybePromise<Response> {
  const { handler, handlerMs, filter, report } = options;
  // The stages have filled the exchange with what the policy's types say.
  const call = (exchange: Exchange): unknown => handler(exchange.request, toContext(exchange) as never);

  function finish(exchange: Exchange): MaybePromise<Response> {
    if (filter !== undefined || exchange.run !== undefined) {
      const work = keep(exchange);
      // Also when the client is gone: whoever asks again is to find the answer.
      if (exchange.run !== undefined) exchange.waitUntil(work.catch(() => undefined));
      return work;
    }
    const made = call(exchange);
    return made instanceof Response ? readResponse(made) : Promise.resolve(made).then(readResponse);
  }

  async function keep(exchange: Exchange): Promise<Response> {
    const { run } = exchange;
    let response: Response;
    let settle = run?.abandon;
    try {
      const made = await call(exchange);
      // From here on no key is given back: the handler has done what it does, and would do it again.
      settle = run?.forgo;
      response = readResponse(made);
      if (filter !== undefined) {
        exchange.stage = 'response';
        response = await filter(exchange, response);
      }
    } catch (error) {
      const refusal = await settle?.();
      if (refusal !== undefined) report(refusal, exchange);
      throw error;
    }
    if (run === undefined) return response;
    const kept = await run.complete(response);
    if (kept.refusal !== undefined) report(kept.refusal, exchange);
    return kept.response;
  }

  if (handlerMs === undefined) return finish;
  numberOption('secure', 'handlerMs', handlerMs, { above: 0, max: 2 ** 31 - 1 });
  const late = new Refusal('deadline_exceeded', { message: 'The handler took too long.' });
  const inTime = createDeadline(handlerMs, () => late);
  return (exchange: Exchange) => {
    const abort = followSignal(exchange);
    const work = finish(exchange);
    if (!(work instanceof Promise)) return work;
    return inTime(work).catch((error: unknown) => {
      if (error === late) {
        abort(late);
        // It may go on, and is then remembered where a retry would ask; but nobody reads its response.
        work.then((response) => response.body?.cancel()).catch((reason: unknown) => {
          // Most of what fails then fails by the signal.
          if (reason !== late) report(reason, exchange);
        });
      }
      throw error;
    });
  };
}

/** Gives the exchange a signal that can be aborted here, and is when the client's is. */
function followSignal(exchange: Exchange): (reason: unknown) => void {
  const controller = new AbortController();
  const { signal } = exchange;
  const abort = (): void => controller.abort(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  exchange.signal = controller.signal;
  return (reason) => controller.abort(reason);
}

/** Refuses what no runtime can send, while it can still be reported and answered with 500. */
function readResponse(response: unknown): Response {
  if (!(response instanceof Response)) throw new TypeError('The handler returned no Response.');
  if (response.status === 0) throw new TypeError('The handler returned a network error.');
  if (response.bodyUsed) throw new TypeError('The handler returned a Response that was already read.');
  return response;
}
