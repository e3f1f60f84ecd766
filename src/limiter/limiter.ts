import type { MaybePromise } from '../core/clock.ts';
import { numberOption, refuseUnknownOptions } from '../core/option.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import type { Store, StoreAnswer } from '../store/store.ts';
import { decide, type Decision } from './decision.ts';
import { gcra } from './gcra.ts';
import { compileLimit, type LimitOptions } from './limit.ts';

/** Options of {@linkcode createLimiter}. */
export interface LimiterOptions {
  /** Where counts are kept: `memoryStore()`, or any store. */
  readonly store: Store;
  /** One or more limits, decided at once: all admit, or nothing is counted. */
  readonly limits: readonly LimitOptions[];
}

/** Options of {@linkcode Limiter.consume}. */
export interface ConsumeOptions {
  /** Units to take, a whole number of 0 or more; 0 asks without taking. Default: 1. */
  readonly cost?: number;
}

/** Decides whether a key may go on. */
export interface Limiter {
  /**
   * Takes units from every limit, or, when one of them has too few, from none.
   *
   * @param key whose budget: any text of any length
   * @param options the cost
   * @returns the decision; synchronously when the store is
   * @throws {Refusal} store_unavailable when the store cannot decide
   * @throws {RangeError} when cost is no whole number of 0 or more
   */
  readonly consume: (key: string, options?: ConsumeOptions) => MaybePromise<Decision>;
}

const ACTION = 'create limiter';
const MAX_LIMITS = 16;
// An own property: `cost` on a polluted Object.prototype would otherwise make every request free.
const DEFAULT_CONSUME_OPTIONS: ConsumeOptions = Object.freeze({ cost: 1 });

/**
 * Creates a limiter over one store: a token bucket (GCRA) for each limit, all of them decided in one call to the store.
 *
 * A refused request costs nothing anywhere. In any span of `s` seconds a key gets at most `burst + limit * s / windowSeconds` units. It
 * does not choose the key: see `clientKey` and `principalKey`.
 *
 * @param options the store and the limits
 * @returns a limiter
 * @throws {TypeError} for an unknown option, a missing store, no limits, or two limits of one name
 * @throws {RangeError} for a number out of bounds
 * @see ITU-T I.371 (GCRA)
 *
 * @example
 * ```ts
 * import { createLimiter } from 'sallyport/limiter';
 * import { memoryStore } from 'sallyport/store';
 *
 * const limiter = createLimiter({
 *   store: memoryStore(),
 *   limits: [{ name: 'burst', limit: 2, windowSeconds: 1 }, { name: 'day', limit: 1000, windowSeconds: 86_400 }],
 * });
 * const decision = await limiter.consume('user-1');
 * console.log(decision.allowed, decision.limits[0]?.remaining); // true 1
 * ```
 */
export function createLimiter(options: LimiterOptions): Limiter {
  refuseUnknownOptions(ACTION, options, ['store', 'limits']);
  const { store } = options;
  if (typeof store !== 'object' || store === null || typeof store.run !== 'function') {
    throw new TypeError(`Cannot ${ACTION}: store must be a store, such as memoryStore().`);
  }
  if (!Array.isArray(options.limits) || options.limits.length === 0 || options.limits.length > MAX_LIMITS) {
    throw new TypeError(`Cannot ${ACTION}: limits must name 1 to ${MAX_LIMITS} limits.`);
  }
  const limits = Object.freeze(options.limits.map(compileLimit));
  if (new Set(limits.map((limit) => limit.name)).size < limits.length) {
    throw new TypeError(`Cannot ${ACTION}: two limits have one name.`);
  }

  function read(answer: StoreAnswer, cost: number): Decision {
    const group = answer.groups[0];
    // A short or senseless answer is no answer: never allow on it.
    if (group === undefined || typeof group.ok !== 'boolean' || !areDebts(group.results, limits.length)) {
      throw new Refusal('store_unavailable', { message: 'The store gave a senseless answer.' });
    }
    return decide(limits, group.results, cost, group.ok);
  }

  return Object.freeze({
    consume(key: string, { cost = 1 }: ConsumeOptions = DEFAULT_CONSUME_OPTIONS): MaybePromise<Decision> {
      if (cost !== 1) numberOption('consume', 'cost', cost, { min: 0, integer: true });
      const group = limits.map((limit) => ({
        step: gcra,
        space: limit.space,
        key,
        args: cost === 1 ? limit.unit : { ...limit.unit, cost },
      }));
      try {
        const answer = store.run([group]);
        if (!(answer instanceof Promise)) return read(answer, cost);
        return answer.then((settled) => read(settled, cost)).catch(refuse);
      } catch (cause) {
        return refuse(cause);
      }
    },
  });
}

function areDebts(results: readonly unknown[], count: number): results is readonly number[] {
  if (results.length !== count) return false;
  // Not `every`: it skips the holes of an array, and a debt that is missing would count as none.
  for (const result of results) {
    if (typeof result !== 'number' || !(result >= 0)) return false;
  }
  return true;
}

/** Fails closed: a store that throws is a refusal, with its error for the log. */
function refuse(cause: unknown): never {
  throw isRefusal(cause) ? cause : new Refusal('store_unavailable', { cause });
}
