import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCount, type LimitAlgorithm } from '../../src/limiter/algorithm.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { histories, type History, type HistoryOptions, type Moment, readAt, replay, type Request } from './history.ts';

/** Units to give back: a share of the limit and some more or less, or as many as can be written. */
const units = fc.oneof(
  fc.record({ sixteenths: fc.integer({ min: 0, max: 40 }), more: fc.integer({ min: 0, max: 3 }) }),
  fc.constant(undefined),
);

/** Tests what is true of every algorithm that gives back, at every moment of random histories in which it does. */
export function testRefundLaws(algorithm: LimitAlgorithm, options: HistoryOptions = {}): void {
  const { step } = algorithm;
  const wild = histories({ ...options, goesBack: true, givesBack: true });

  /** The state after some units came back. */
  function giveBack(state: unknown, { args, nowUs }: Moment, cost: number): unknown {
    // A cost of 0 asks.
    if (cost === 0) return state;
    const outcome = step.apply(state, { ...args, cost: -cost }, nowUs);
    if (!outcome.ok) throw new Error('It was refused.');
    return outcome.state;
  }

  /** All that is answered to later requests in this state. */
  function follow(state: unknown, args: Moment['args'], requests: readonly Request[]): readonly unknown[] {
    let standing = state;
    return requests.map(({ nowUs, cost }) => {
      const { ok, state: after, result } = step.apply(standing, { ...args, cost }, nowUs);
      if (ok) standing = after;
      return [ok, result];
    });
  }

  /** Requests behind a moment, at no earlier time. */
  function after({ nowUs }: Moment, { requests }: History): readonly Request[] {
    const startUs = requests[0]?.nowUs ?? 0;
    return requests.map((request) => ({ ...request, nowUs: nowUs + Math.abs(request.nowUs - startUs) }))
      .sort((one, other) => one.nowUs - other.nowUs);
  }

  function amount(
    history: History,
    wanted: { readonly sixteenths: number; readonly more: number } | undefined,
  ): number {
    if (wanted === undefined) return Number.MAX_SAFE_INTEGER;
    return Math.floor((history.burst ?? history.limit) * wanted.sixteenths / 16) + wanted.more;
  }

  function standing({ outcome, state }: Moment): unknown {
    return outcome.ok ? outcome.state : state;
  }

  test('decides as if it had never been taken, when all of it comes back at the same moment', () => {
    fc.assert(fc.property(wild, (history) => {
      for (const moment of replay(algorithm, history).filter(({ outcome, cost }) => outcome.ok && cost > 0)) {
        const requests = after(moment, history);
        expect(follow(giveBack(moment.outcome.state, moment, moment.cost), moment.args, requests))
          .toEqual(follow(moment.state, moment.args, requests));
      }
    }));
  });

  test('decides as if only the rest had been taken, when a part of it comes back at the same moment', () => {
    fc.assert(fc.property(wild, fc.integer({ min: 1, max: 15 }), (history, sixteenths) => {
      for (const moment of replay(algorithm, history).filter(({ outcome, cost }) => outcome.ok && cost > 1)) {
        const part = Math.max(1, Math.floor(moment.cost * sixteenths / 16));
        const less = step.apply(moment.state, { ...moment.args, cost: moment.cost - part }, moment.nowUs);
        const requests = after(moment, history);
        expect(follow(giveBack(moment.outcome.state, moment, part), moment.args, requests))
          .toEqual(follow(less.state, moment.args, requests));
      }
    }));
  });

  test('gives back in two parts what it gives back at once', () => {
    fc.assert(fc.property(wild, units, fc.nat(16), (history, wanted, sixteenths) => {
      const whole = amount(history, wanted);
      const part = Math.floor(whole / 16) * sixteenths;
      for (const moment of replay(algorithm, history)) {
        const requests = after(moment, history);
        const twice = giveBack(giveBack(standing(moment), moment, part), moment, whole - part);
        expect(follow(twice, moment.args, requests))
          .toEqual(follow(giveBack(standing(moment), moment, whole), moment.args, requests));
      }
    }));
  });

  // NTP steps and failovers: who gives back must not be told no, at whatever time that is.
  test('refuses nobody who gives back, at no time', () => {
    fc.assert(fc.property(wild, units, fc.integer({ min: -40, max: 40 }), (history, wanted, sixteenths) => {
      const costs = [-1, -1 - amount(history, wanted)];
      const refused = replay(algorithm, history).filter((moment) => {
        const thenUs = Math.max(0, moment.nowUs + Math.floor(history.windowUs * sixteenths / 16));
        return costs.some((cost) => !step.apply(standing(moment), { ...moment.args, cost }, thenUs).ok);
      });
      expect(refused).toEqual([]);
    }));
  });

  // hono-rate-limiter and rate-limit-redis count on from less than nothing: one hit for free.
  test('leaves no more than a new key has, and no more than there was and came back', () => {
    fc.assert(fc.property(wild, units, fc.nat(40), (history, wanted, sixteenths) => {
      const cost = amount(history, wanted);
      for (const moment of replay(algorithm, history)) {
        const [before, back] = [standing(moment), giveBack(standing(moment), moment, cost)];
        for (const nowUs of [moment.nowUs, moment.nowUs + Math.floor(history.windowUs * sixteenths / 16)]) {
          const [most, was, is] = [undefined, before, back].map((state) =>
            readAt(algorithm, state, moment.args, nowUs)
          );
          expect(is?.remaining).toBeLessThanOrEqual(Math.min(most?.remaining ?? -1, (was?.remaining ?? -1) + cost));
          expect(is?.remaining).toBeGreaterThanOrEqual(was?.remaining ?? Infinity);
          expect(is?.resetUs).toBeLessThanOrEqual(was?.resetUs ?? -1);
        }
      }
    }));
  });

  test('leaves all that a new key has, when all that can be written comes back', () => {
    fc.assert(fc.property(wild, (history) => {
      for (const moment of replay(algorithm, history)) {
        const back = giveBack(standing(moment), moment, Number.MAX_SAFE_INTEGER);
        const [is, most] = [back, undefined].map((state) => readAt(algorithm, state, moment.args, moment.nowUs));
        expect(is).toEqual(most);
      }
    }));
  });

  test('decides the same through a limiter over a memory store, which forgets', () => {
    fc.assert(fc.property(histories({ ...options, givesBack: true }), (history) => {
      const { limit, windowUs, burst, requests } = history;
      let nowUs = 0;
      const store = memoryStore({ maxKeys: 8, clock: () => nowUs / 1000 });
      const rule = { name: 'rule', limit, windowSeconds: windowUs / 1_000_000, algorithm };
      const limiter = createLimiter({ store, limits: [burst === undefined ? rule : { ...rule, burst }] });
      const seen = requests.map(({ nowUs: thenUs, cost }) => {
        nowUs = thenUs;
        if (cost < 0) expect(limiter.refund('key', { cost: -cost })).toBeUndefined();
        const decision = cost < 0 ? limiter.peek('key', { cost: 0 }) : limiter.consume('key', { cost });
        if (decision instanceof Promise) throw new Error('The memory store answers at once.');
        return { allowed: decision.allowed, remaining: decision.limits[0]?.remaining };
      });
      expect(seen).toEqual(
        replay(algorithm, history).map(({ outcome, reading }) => ({
          allowed: outcome.ok,
          remaining: reading.remaining,
        })),
      );
    }));
  });

  // What stands in Redis is read as whole numbers of 0 or more, and as nothing else.
  test('leaves a state that every store can write and read, for as long as it counts', () => {
    fc.assert(fc.property(wild, units, (history, wanted) => {
      for (const moment of replay(algorithm, history)) {
        const args = { ...moment.args, cost: -1 - amount(history, wanted) };
        const { state, ttlMs } = step.apply(standing(moment), args, moment.nowUs);
        const numbers: readonly unknown[] = Array.isArray(state) ? state : [state ?? 0];
        expect(numbers.filter((number) => !isCount(number) || Object.is(number, -0))).toEqual([]);
        expect(numbers.length).toBeGreaterThan(0);
        expect(Number.isSafeInteger(ttlMs) && ttlMs >= 1).toBe(true);
        const laterUs = moment.nowUs + ttlMs * 1000;
        expect(readAt(algorithm, state, moment.args, laterUs))
          .toEqual(readAt(algorithm, undefined, moment.args, laterUs));
      }
    }));
  });
}
