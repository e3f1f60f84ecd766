import type { MaybePromise } from '../core/clock.ts';
import { numberOption } from '../core/option.ts';
import type { Group } from '../store/step.ts';
import { type Blocks, createBlocks } from './block.ts';
import { createCommander, forgetCall, refundCalls, resetCalls, tryOn } from './command.ts';
import { checkKey, type ConsumeOptions, createConsume, readCost } from './consume.ts';
import type { Decision } from './decision.ts';
import type { Limit } from './limit.ts';
import { createOutageGuard } from './outage.ts';
import { withVeto } from './peek.ts';
import { type LimiterOptions, readLimiterSettings } from './settings.ts';
import { askUndenied } from './undenied.ts';
import { createWait, type WaitOptions } from './wait.ts';

export type { LimiterOptions } from './settings.ts';

/** Decides whether a key may go on. */
export interface Limiter {
  /**
   * Takes units from every limit, or, when one of them has too few, from none.
   *
   * @param key whose budget: any text of any length
   * @param options the cost
   * @returns the decision; synchronously when the store is
   * @throws {Refusal} store_unavailable when the store cannot decide
   * @throws {TypeError} when key is no string
   * @throws {RangeError} when cost is no whole number of 0 or more
   */
  readonly consume: (key: string, options?: ConsumeOptions) => MaybePromise<Decision>;
  /**
   * Tells whether so many units would be admitted now, and takes none. By the time that you act on it, they may be gone: to take them, `consume`.
   *
   * @param key whose budget
   * @param options the cost
   * @returns the decision as it would be; each limit as it stands now, since nothing is taken
   * @throws {Refusal} store_unavailable when the store cannot decide
   * @throws {TypeError} when key is no string
   * @throws {RangeError} when cost is no whole number of 0 or more
   */
  readonly peek: (key: string, options?: ConsumeOptions) => MaybePromise<Decision>;
  /**
   * Gives back to every limit what a `consume` took that was allowed with the reason `ok`, at once: what time has returned already is given twice, so that a client who
   * decides when you give back decides how much. Never more than the whole burst is there: but who gives back what was not taken, or twice, gives it to the next request. Where limits
   * are a plan, it is the present one's that get it. A memory store under a flood may give back less.
   *
   * @param key whose budget
   * @param options how many units
   * @throws {Refusal} store_unavailable when the store cannot, whatever `whenStoreFails` says
   * @throws {TypeError} when key is no string, or an algorithm gives nothing back
   * @throws {RangeError} when cost is no whole number of 0 or more
   */
  readonly refund: (key: string, options?: ConsumeOptions) => MaybePromise<void>;
  /**
   * Forgets what a key has used, and its block. Where limits are a plan, those of the present one. A memory store under a flood may forget less.
   *
   * @param key whose budget
   * @throws {Refusal} store_unavailable when the store cannot, whatever `whenStoreFails` says
   * @throws {TypeError} when key is no string
   */
  readonly reset: (key: string) => MaybePromise<void>;
  /**
   * Refuses a key for so long, whatever its limits say; one that is blocked for longer stays so. `reset` ends it. Needs the option `blockable`.
   *
   * @param key whose budget
   * @param seconds above 0, at most ten years
   * @throws {Refusal} store_unavailable when the store cannot, whatever `whenStoreFails` says
   * @throws {TypeError} when key is no string, or the limiter is not blockable
   * @throws {RangeError} when seconds is out of bounds
   */
  readonly block: (key: string, seconds: number) => MaybePromise<void>;
  /**
   * Takes units, and waits for them where they are not there yet: the calls of one key in this process stand in line. The first is denied at once when the
   * wait would be longer than `maxWaitMs`, the others when their turn or their time has come, and nobody stands in line where too many do. What other
   * processes take in the meantime makes it longer; what is given back makes it no shorter. Not for Workers, where one request cannot wake another.
   *
   * @param key whose budget
   * @param options the cost, the longest wait, and a signal that ends it
   * @returns the decision; while the store is asked a signal comes too late, so that no units are lost
   * @throws {Refusal} store_unavailable when the store cannot decide
   * @throws {TypeError} when key is no string, or for an unknown option
   * @throws {RangeError} when cost or maxWaitMs is out of bounds
   */
  readonly wait: (key: string, options?: WaitOptions) => Promise<Decision>;
}

const MAX_WAITING = 2 ** 20;
const MAX_NAME_LENGTH = 64;
const TEN_YEARS_SECONDS = 315_360_000;

/**
 * Creates a limiter over one store, for limits of one algorithm or several, all of them decided in one call to the store.
 *
 * A refused request costs nothing anywhere. How exactly a limit holds says its algorithm: with `gcra`, the default, a key gets at most
 * `burst + limit * s / windowSeconds` units in any span of `s` seconds. It does not choose the key: see `clientKey` and `principalKey`.
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
  const settings = readLimiterSettings(options);
  const { limitsOf, mode, denials, clock } = settings;
  const { blockable = false, maxWaiting = 1000 } = options;
  numberOption('create limiter', 'maxWaiting', maxWaiting, { min: 0, max: MAX_WAITING, integer: true });
  const blocks = openBlocks(options.limits, blockable);
  const ask = createOutageGuard(settings);
  const undenied = denials === undefined ? undefined : askUndenied(denials, clock, ask);
  const consume = createConsume(limitsOf, undenied?.ask ?? ask, blocks?.beside);
  const command = createCommander(settings);

  function peek(key: string, options?: ConsumeOptions): MaybePromise<Decision> {
    checkKey('peek', key);
    const cost = readCost('peek', options);
    const limits = limitsOf(key);
    return ask({ limits, key, cost, beside: withVeto(key, blocks?.beside(limits, key)) });
  }

  function refund(key: string, options?: ConsumeOptions): MaybePromise<void> {
    checkKey('refund', key);
    const cost = readCost('refund', options);
    const group = refundCalls(limitsOf(key), key, cost);
    // A cost of 0 is a question, which the limits may answer with a no after a clock went back.
    return cost === 0 ? undefined : forgetAround(key, () => command(group));
  }

  function reset(key: string): MaybePromise<void> {
    checkKey('reset', key);
    const limits = limitsOf(key);
    const block = blocks === undefined ? [] : [forgetCall(blocks.placeOf(limits, key))];
    const groupOf = (counted: readonly Limit[]): Group => [...resetCalls(counted, key), ...block];
    return forgetAround(key, () => commandBoth(groupOf, limits));
  }

  function block(key: string, seconds: number): MaybePromise<void> {
    checkKey('block', key);
    numberOption('block', 'seconds', seconds, { above: 0, max: TEN_YEARS_SECONDS });
    if (blocks === undefined) throw new TypeError('Cannot block: the limiter was created without blockable: true.');
    const group = [blocks.block(limitsOf(key), key, seconds)];
    return forgetAround(key, () => commandBoth(() => group, []));
  }

  /** Twice: who asks meanwhile may still be denied, and what has failed may have been done. */
  function forgetAround(key: string, work: () => MaybePromise<void>): MaybePromise<void> {
    undenied?.forget(key);
    const done = work();
    return done instanceof Promise ? done.finally(() => undenied?.forget(key)) : done;
  }

  /** The store that stands in for the first one in an outage is told, too. */
  function commandBoth(groupOf: (limits: readonly Limit[]) => Group, limits: readonly Limit[]): MaybePromise<void> {
    if (typeof mode !== 'string') tryOn(mode.store, groupOf(mode.shareOf(limits)));
    return command(groupOf(limits));
  }

  const wait = createWait({ consume, maxWaiting, clock });
  return Object.freeze({ consume, peek, refund, reset, block, wait });
}

function openBlocks(limits: LimiterOptions['limits'], blockable: unknown): Blocks | undefined {
  if (blockable === false) return undefined;
  if (blockable === true) {
    if (typeof limits !== 'function') return createBlocks();
    throw new TypeError('Cannot create limiter: blockable must name the blocks where limits are a function.');
  }
  if (typeof blockable === 'string' && blockable.length > 0 && blockable.length <= MAX_NAME_LENGTH) {
    return createBlocks(blockable);
  }
  throw new TypeError(
    `Cannot create limiter: blockable must be true, false, or a name of 1 to ${MAX_NAME_LENGTH} characters.`,
  );
}
