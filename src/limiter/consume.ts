import type { MaybePromise } from '../core/clock.ts';
import { numberOption } from '../core/option.ts';
import type { Decision } from './decision.ts';
import type { Limit } from './limit.ts';
import type { Beside, Question } from './question.ts';

/** Options of {@linkcode Limiter.consume}, and of what else takes units. */
export interface ConsumeOptions {
  /** Units to take, a whole number of 0 or more; 0 asks without taking. Default: 1. */
  readonly cost?: number;
}

/** Takes units from all limits of a key, or from none. */
export type Consume = (key: string, options?: ConsumeOptions) => MaybePromise<Decision>;

/** Answers a question. */
export type Ask = (question: Question) => MaybePromise<Decision>;

/** Names the steps that a limiter asks beside those of its limits. */
export type BesideOf = (limits: readonly Limit[], key: string) => Beside | undefined;

/** Makes the part of a limiter that nearly all of them are used for. */
export function createConsume(limitsOf: (key: string) => readonly Limit[], ask: Ask, besideOf?: BesideOf): Consume {
  return (key, options) => {
    checkKey('consume', key);
    const cost = readCost('consume', options);
    const limits = limitsOf(key);
    return ask({ limits, key, cost, beside: besideOf?.(limits, key) });
  };
}

/** Refuses keys of other kinds, which would meet: a number and the next, or whatever has no text of its own. */
export function checkKey(action: string, key: unknown): void {
  if (typeof key !== 'string') throw new TypeError(`Cannot ${action}: key must be a string.`);
}

/** Reads a cost, 1 where none is given. */
export function readCost(action: string, options: ConsumeOptions | undefined): number {
  // An own property: `cost` on a polluted Object.prototype would otherwise make every request free.
  const cost = options !== undefined && Object.hasOwn(options, 'cost') ? options.cost ?? 1 : 1;
  return cost === 1 ? cost : numberOption(action, 'cost', cost, { min: 0, integer: true });
}
