import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isCount, type LimitAlgorithm, type LimitReading } from '../../src/limiter/algorithm.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Step } from '../../src/store/step.ts';
import { histories, type History, type HistoryOptions, type Moment, readAt, replay } from './history.ts';

/** Tests what is true of every algorithm, at every moment of random histories. */
export function testLaws(algorithm: LimitAlgorithm, options: HistoryOptions = {}): void {
  const { step } = algorithm;
  const forward = histories(options);
  const wild = histories({ ...options, goesBack: true });

  /** Whether a request would be admitted in this state: nobody writes it down. */
  function admits({ state, args }: Moment, nowUs: number, cost: number): boolean {
    return step.apply(state, { ...args, cost }, nowUs).ok;
  }

  function read(state: unknown, args: Moment['args'], nowUs: number): LimitReading | undefined {
    return readAt(algorithm, state, args, nowUs);
  }

  /** No moment of any history may break a rule: the failing ones are what the report shows. */
  function never(arbitrary: fc.Arbitrary<History>, breaks: (moment: Moment, history: History) => boolean): void {
    fc.assert(fc.property(arbitrary, (history) => {
      expect(replay(algorithm, history).filter((moment) => breaks(moment, history))).toEqual([]);
    }));
  }

  test('admits the same cost after exactly the wait it tells, and not a microsecond earlier', () => {
    never(wild, (moment, { limit, burst = limit }) => {
      const { nowUs, cost, outcome, reading: { waitUs } } = moment;
      if (outcome.ok) return waitUs !== 0;
      if (cost > burst) return waitUs !== Infinity;
      return !Number.isSafeInteger(waitUs) || waitUs < 1 || !admits(moment, nowUs + waitUs, cost) ||
        admits(moment, nowUs + waitUs - 1, cost);
    });
  });

  test('admits a cost of what remains, and not one unit more', () => {
    never(wild, ({ nowUs, outcome, ...moment }) => {
      const { remaining } = moment.reading;
      const now = { ...moment, nowUs, outcome, state: outcome.ok ? outcome.state : moment.state };
      // After a clock went back nothing may remain, and less than nothing: then even a cost of 0 must wait.
      const isExact = admits(now, nowUs, remaining) || (remaining === 0 && !admits(now, nowUs, 0));
      return !isCount(remaining) || !isExact || admits(now, nowUs, remaining + 1);
    });
  });

  test('has everything there again after exactly the reset it tells', () => {
    never(forward, ({ nowUs, args, outcome, state, reading: { resetUs } }) => {
      const standing = outcome.ok ? outcome.state : state;
      const full = read(undefined, args, nowUs)?.remaining;
      const isFullThen = read(standing, args, nowUs + resetUs)?.remaining === full;
      const isFullBefore = resetUs > 0 && read(standing, args, nowUs + resetUs - 1)?.remaining === full;
      return !isFullThen || isFullBefore;
    });
  });

  // NTP steps and failovers: a clock that goes back must not refill anything.
  test('admits at no earlier time what it does not admit now', () => {
    fc.assert(fc.property(wild, fc.integer({ min: 1, max: 40 }), fc.nat(3000), (history, sixteenths, extraUs) => {
      const backUs = Math.floor(history.windowUs * sixteenths / 16) + extraUs;
      const broken = replay(algorithm, history).filter((moment) => {
        const earlierUs = Math.max(0, moment.nowUs - backUs);
        return !moment.outcome.ok && admits(moment, earlierUs, moment.cost);
      });
      expect(broken).toEqual([]);
    }));
  });

  // A time to live rounded down forgets what still counts, which is units given away.
  test('gives its state a time to live, in whole milliseconds, after which it counts for nothing', () => {
    never(wild, ({ nowUs, args, outcome: { ok, state, ttlMs } }) => {
      if (!ok) return false;
      if (!Number.isSafeInteger(ttlMs) || ttlMs < 1) return true;
      const thenUs = nowUs + ttlMs * 1000;
      const [kept, none] = [state, undefined].map((before) => step.apply(before, args, thenUs));
      return JSON.stringify([kept?.ok, kept?.result]) !== JSON.stringify([none?.ok, none?.result]);
    });
  });

  test('decides the same through a memory store, which forgets, and tells seconds', () => {
    fc.assert(fc.property(forward, (history) => {
      const { limit, windowUs, burst, requests } = history;
      let nowUs = 0;
      const store = memoryStore({ maxKeys: 8, clock: () => nowUs / 1000 });
      const rule = { name: 'rule', limit, windowSeconds: windowUs / 1_000_000, algorithm };
      const limiter = createLimiter({ store, limits: [burst === undefined ? rule : { ...rule, burst }] });
      const decisions = requests.map(({ nowUs: thenUs, cost }) => {
        nowUs = thenUs;
        const peeked = limiter.peek('key', { cost });
        const decision = limiter.consume('key', { cost });
        if (peeked instanceof Promise || decision instanceof Promise) {
          throw new Error('The memory store answers at once.');
        }
        expect([peeked.allowed, peeked.retryAfterSeconds]).toEqual([decision.allowed, decision.retryAfterSeconds]);
        return decision;
      });
      expect(decisions).toEqual(
        replay(algorithm, history).map(({ outcome: { ok }, reading: { remaining, resetUs, waitUs } }) => ({
          allowed: ok,
          reason: ok ? 'ok' : 'limited',
          retryAfterSeconds: waitUs / 1_000_000,
          limits: [{
            name: 'rule',
            limit,
            windowSeconds: rule.windowSeconds,
            remaining,
            resetSeconds: resetUs / 1_000_000,
            retryAfterSeconds: waitUs / 1_000_000,
          }],
        })),
      );
    }));
  });

  // rate-limiter-flexible and others count refused requests: a client that retries is locked out for good.
  test('leaves what a store remembers as it is when it refuses', () => {
    const peek: Step = {
      name: 'peek',
      kind: step.kind,
      apply: (state) => ({ ok: false, state, ttlMs: 1, result: structuredClone(state) }),
    };
    fc.assert(fc.property(wild, (history) => {
      let nowUs = 0;
      const store = memoryStore({ maxKeys: 8, clock: () => nowUs / 1000 });
      const unit = algorithm.compile(history);
      for (const request of history.requests) {
        nowUs = request.nowUs;
        const place = { space: 'rule', key: 'key' };
        const look = [{ ...place, step: peek, args: {} }];
        const answer = store.run([look, [{ ...place, step, args: { ...unit, cost: request.cost } }], look]);
        if (answer instanceof Promise) throw new Error('The memory store must be synchronous.');
        const [before, asked, after] = answer.groups;
        if (asked?.ok === false) expect(after?.results).toEqual(before?.results);
      }
    }));
  });
}
