import type { MaybePromise } from '../core/clock.ts';
import { numberOption } from '../core/option.ts';
import type { Decision } from './decision.ts';
import type { Limit } from './limit.ts';
import { createOutageGuard } from './outage.ts';
import type { Beside, Question } from './question.ts';
import type { LimiterSettings } from './settings.ts';

/** Options of {@linkcode Limiter.consume}, and of what else takes units. */
export interface ConsumeOptions {
  /** Units to take, a whole number of 0 or more; 0 asks without taking. Default: 1. */
  readonly cost?: number;
}

/** What a limiter decides with. */
export interface Consumer {
  /** Takes units from all limits of a key, or from none. */
  readonly consume: (key: string, options?: ConsumeOptions) => MaybePromise<Decision>;
  /** Asks the store, with the fallback that was declared. */
  readonly ask: (question: Question) => MaybePromise<Decision>;
  /** Forgets what a key was denied. */
  readonly forget: (key: string) => void;
}

/** Names the steps that a limiter asks beside those of its limits. */
export type BesideOf = (limits: readonly Limit[], key: string) => Beside | undefined;

/** Makes the part of a limiter that nearly all of them are used for. */
export function createConsumer(settings: LimiterSettings, besideOf?: BesideOf): Consumer {
  const { limitsOf, denials, clock } = settings;
  const ask = createOutageGuard(settings);
  let forgets = 0;

  function forget(key: string): void {
    forgets++;
    denials?.forget(key);
  }

  function consume(key: string, options?: ConsumeOptions): MaybePromise<Decision> {
    checkKey('consume', key);
    const cost = readCost('consume', options);
    const limits = limitsOf(key);
    const question = { limits, key, cost, beside: besideOf?.(limits, key) };
    if (denials === undefined) return ask(question);
    // Before the answer: the store counts from when it decided.
    const askedMs = clock();
    const denied = denials.find(limits, key, cost, askedMs);
    if (denied !== undefined) return denied;
    const asked = forgets;
    const remember = (decision: Decision): Decision => {
      const isNo = decision.reason === 'limited' || decision.reason === 'blocked';
      // What was asked before something was given back may hold no more when its answer comes.
      if (isNo && asked === forgets) denials.add(limits, key, cost, askedMs, decision);
      return decision;
    };
    const decision = ask(question);
    return decision instanceof Promise ? decision.then(remember) : remember(decision);
  }

  return { consume, ask, forget };
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
