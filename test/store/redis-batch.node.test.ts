import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { lease, release } from '../../src/limiter/lease.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { slidingLog, strictWindow } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { claim } from '../../src/store/claim.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { type RedisSend, redisStore } from '../../src/store/redis.ts';
import type { Group, Step, StepCall } from '../../src/store/step.ts';
import { swap } from '../../src/store/swap.ts';
import { PATIENCE_MS, recordRedis } from './redis-recorder.ts';
import { describeRedis } from './redis-server.ts';

const ALGORITHMS = [gcra, fixedWindow, slidingWindow, slidingLog, strictWindow];
/** What the script asks the server for comes from the test; and lives outlast it, because the server's own clock ends them. */
const EDITS = {
  "call('TIME')": '{ ARGV[#ARGV - 1], ARGV[#ARGV] }',
  "'PX', format(whole, ttl))": "'PX', format(whole, ttl + 1000000))",
};
const HOUR = { limit: 100, windowSeconds: 3600 };
const claiming = (key: string, ttlMs = 60_000): StepCall => ({
  step: claim,
  space: 'jti',
  key,
  args: { value: 'v', ttlMs },
});

describeRedis('redisStore()', () => {
  const { client, sent, store } = recordRedis();

  /** How often the server has run each command. */
  async function commandCounts(): Promise<ReadonlyMap<string, number>> {
    const lines = String(await client().info('commandstats')).matchAll(/cmdstat_(\w+):calls=(\d+)/g);
    return new Map([...lines].map(([, name = '', calls]) => [name, Number(calls)]));
  }

  test('sends the limits of one consume, of every algorithm, as one command', async () => {
    const limits = ALGORITHMS.map((algorithm, index) => ({ name: `limit-${index}`, algorithm, ...HOUR }));
    const limiter = createLimiter({ store: store(), timeoutMs: PATIENCE_MS, limits });
    await limiter.consume('ada');
    sent.length = 0;
    await client().config('RESETSTAT');
    expect((await limiter.consume('ada')).limits.map(({ remaining }) => remaining)).toEqual([98, 98, 98, 98, 98]);
    expect(sent.map(([name]) => name)).toEqual(['EVALSHA']);
    // Five keys of one subject.
    expect(sent[0]?.[2]).toBe('5');
    const counts = await commandCounts();
    expect(['evalsha', 'eval', 'get', 'set', 'time'].map((name) => counts.get(name))).toEqual([1, undefined, 5, 5, 1]);
  });

  test('sends 128 consumes of one turn as one command, and answers each as if they came in turn', async () => {
    const limiter = createLimiter({
      store: store(),
      timeoutMs: PATIENCE_MS,
      limits: [{ name: 'hour', ...HOUR, limit: 50 }],
    });
    const keys = Array.from({ length: 128 }, (_, index) => index % 2 === 0 ? 'hot' : `cold-${index}`);
    const decisions = await Promise.all(keys.map((key) => limiter.consume(key)));
    expect(sent.map(([name]) => name)).toEqual(['EVAL']);
    // A key for each, also where it is the same: what a group's keys are then needs no word.
    expect(sent[0]?.[2]).toBe('128');
    const hot = decisions.filter((_, index) => index % 2 === 0);
    expect(hot.map(({ limits: [state] }) => state?.remaining)).toEqual(
      Array.from({ length: 64 }, (_, index) => Math.max(0, 49 - index)),
    );
    expect(hot.map(({ allowed }) => allowed)).toEqual(Array.from({ length: 64 }, (_, index) => index < 50));
    expect(decisions.filter(({ allowed }) => allowed)).toHaveLength(114);
  });

  test('tells a TypeError to its caller alone', async () => {
    const shared = store();
    const good = shared.run([[claiming('a')]]);
    const bad = shared.run([[claiming('b'), claiming('c', NaN)]]);
    const late = shared.run([[claiming('d')]]);
    await expect(bad).rejects.toThrow(RangeError);
    expect((await good).groups[0]?.ok).toBe(true);
    expect((await late).groups[0]?.ok).toBe(true);
    expect(sent).toHaveLength(1);
    expect(await client().dbsize()).toBe(2);
  });

  test('refuses a step without a twin, and a second step of one name', async () => {
    const { twin: _, ...bare } = claim;
    const lonely: Step = { ...bare, name: 'lonely' };
    const shared = store();
    await expect(shared.run([[{ ...claiming('a'), step: lonely }]])).rejects.toThrow(
      new TypeError('Cannot run step lonely on Redis: it has no twin in Lua.'),
    );
    await shared.run([[claiming('a')]]);
    const other: Step = { ...claim };
    await expect(shared.run([[{ ...claiming('b'), step: other }]])).rejects.toThrow(TypeError);
    expect(sent).toHaveLength(1);
  });

  // Steps are anybody's. What the server will not write must not be found out between two writes.
  test.each(["'s', 0", "'s', -1", "'s', 1.5", "'s', 1e300", "'s', 0 / 0", "'s', nil", "'s', {}", '{}, 1', 'true, 1'])(
    'writes no part of a group with a step that returns %s',
    async (returned) => {
      const broken: Step = {
        ...claim,
        name: 'broken',
        twin: { lua: `return true, ${returned}, {}`, encode: () => [], decode: () => 'done' },
      };
      const [good, bad] = [claiming('good'), { ...claiming('bad'), step: broken }];
      const shared = store();
      const settled = await Promise.allSettled([[good, bad], [bad, good], [bad], [claiming('other')]].map(
        (group) => shared.run([group]),
      ));
      expect(settled.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'fulfilled']);
      expect(await client().keys('*')).toEqual(['sp:{other}:jti']);
    },
  );

  test('answers no groups, and groups of no steps', async () => {
    expect((await store().run([])).groups).toEqual([]);
    expect((await store().run([[], []])).groups).toEqual([{ ok: true, results: [] }, { ok: true, results: [] }]);
  });

  test('decides as memoryStore() does: in turn, each group all or nothing', async () => {
    let [nowMs, run] = [0, 0];
    const sendAt: RedisSend = ([name, source = '', ...words]) => {
      if (name === 'EVALSHA') throw new Error('NOSCRIPT');
      const changed = Object.entries(EDITS).reduce((text, [from, to]) => {
        if (text.split(from).length !== 2) throw new Error('The script is not written as it was.');
        return text.replace(from, to);
      }, source).replace('table.remove(ARGV) + 0', 'table.remove(ARGV, #ARGV - 2) + 0');
      return client().call(name, changed, ...words, String(Math.floor(nowMs / 1000)), String(nowMs % 1000 * 1000));
    };
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ waitMs: waits(), asked: fc.array(fc.array(group(), { maxLength: 3 }), { maxLength: 4 }) }),
        ),
        async (turns) => {
          nowMs = 1_700_000_000_000;
          const [here, there] = [
            memoryStore({ maxKeys: 4096, clock: () => nowMs }),
            redisStore(sendAt, { prefix: `run-${run++}` }),
          ];
          for (const { waitMs, asked } of turns) {
            nowMs += waitMs;
            const expected = asked.map((groups) => here.run(groups));
            expect(await Promise.all(asked.map((groups) => there.run(groups)))).toEqual(expected);
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

function waits(): fc.Arbitrary<number> {
  return fc.oneof(fc.constantFrom(0, 1, 50, 100, 500, 1000), fc.integer({ min: 0, max: 3000 }));
}

function group(): fc.Arbitrary<Group> {
  const key = fc.constantFrom('a', 'b');
  const cost = fc.constantFrom(0, 1, 1, 2, 5);
  const limited = fc.tuple(fc.constantFrom(...ALGORITHMS), fc.constantFrom(3, 4), key, cost).map(
    ([algorithm, limit, name, units]): StepCall => ({
      step: algorithm.step,
      space: `${algorithm.step.name}-${limit}-${ALGORITHMS.indexOf(algorithm)}`,
      key: name,
      args: { ...algorithm.compile({ limit, windowUs: 1_000_000, burst: undefined }), cost: units },
    }),
  );
  const leased = fc.tuple(key, fc.constantFrom('x', 'y', 'z'), fc.boolean()).map(([name, holder, gives]): StepCall => ({
    step: gives ? release : lease,
    space: 'jobs',
    key: name,
    args: gives ? { holder } : { holder, slots: 2, ttlMs: 700 },
  }));
  // Never lapses here: what a claim says once it has lapsed is the server's to decide.
  const ttlMs = 315_360_000_000;
  const kept = fc.tuple(key, fc.constantFrom('v', 'w'), fc.option(fc.constantFrom('v', 'w')), fc.boolean()).map(
    ([name, value, expected, claims]): StepCall => ({
      step: claims ? claim : swap,
      space: 'values',
      key: name,
      args: claims ? { value, ttlMs } : { expected, value, ttlMs },
    }),
  );
  return fc.array(fc.oneof({ weight: 3, arbitrary: limited }, leased, kept), { maxLength: 4 });
}
