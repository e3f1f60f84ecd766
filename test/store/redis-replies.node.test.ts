import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { gcra } from '../../src/limiter/gcra.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { claim } from '../../src/store/claim.ts';
import { type RedisSend, redisStore } from '../../src/store/redis.ts';
import type { Group, StepCall } from '../../src/store/step.ts';

const UNAVAILABLE = { code: 'store_unavailable' };
const TIME = [1_700_000_000, 250_000];
const LIMIT: StepCall = {
  step: gcra.step,
  space: 'rule',
  key: 'ada',
  args: gcra.compile({ limit: 10, windowUs: 1_000_000, burst: undefined }),
};
const CLAIM: StepCall = { step: claim, space: 'jti', key: 't', args: { value: 'v', ttlMs: 1000 } };

/** What no server says to one group of one `gcra`. The right answer is `[...TIME, 1, 0]`. */
const SENSELESS: readonly unknown[] = [
  null,
  undefined,
  [],
  0,
  1,
  NaN,
  true,
  'OK',
  '[1,0,1,0]',
  {},
  new Map(),
  [1, 0],
  TIME,
  ['NaN', 'NaN', 1, 0],
  [NaN, 0, 1, 0],
  [Infinity, 0, 1, 0],
  [null, null, 1, 0],
  ['', '', 1, 0],
  [true, [], 1, 0],
  [...TIME, null],
  [...TIME, 1],
  [...TIME, '1'],
  [...TIME, []],
  [...TIME, [1, 0]],
  [...TIME, 1, null],
  [...TIME, 1, []],
  [...TIME, 1, [null]],
  [...TIME, 1, '0'],
  [...TIME, 1, ['NaN']],
  [...TIME, 1, 'NaN'],
  [...TIME, 1, NaN],
  [...TIME, 1, -1],
  [...TIME, 1, 0.5],
  [...TIME, 1, 2 ** 53],
  [...TIME, 1, [[0]]],
  [...TIME, 1, 0, 0],
  [...TIME, 1, 0, 1, 0],
  [...TIME, 2, 0],
  [...TIME, -2, 0],
  [...TIME, '1', 0],
  [...TIME, true, 0],
  [...TIME, [1], 0],
  [...TIME, null, 0],
  [...TIME, -1, 'WRONGTYPE'],
  [...TIME, -1],
];

/** What servers and clients fail with. Only a server that does not know the script has surely done nothing. */
const FAILURES: readonly unknown[] = [
  new Error("READONLY You can't write against a read only replica."),
  new Error('LOADING Redis is loading the dataset in memory'),
  new Error('CLUSTERDOWN Hash slot not served'),
  new Error('MOVED 3999 127.0.0.1:6381'),
  new Error('ASK 3999 127.0.0.1:6381'),
  new Error("CROSSSLOT Keys in request don't hash to the same slot"),
  new Error("OOM command not allowed when used memory > 'maxmemory'."),
  new Error('NOAUTH Authentication required.'),
  new Error('BUSY Redis is busy running a script.'),
  new Error('ERR unknown command'),
  new Error('ERR NOSCRIPT'),
  new Error('Connection is closed.'),
  'NOSCRIPT as a string',
  null,
  undefined,
];

/** Answers the first call as a server does, so that the script counts as loaded, and the next ones so. */
function afterFirst(next: () => Promise<unknown>): { send: RedisSend; sent: string[] } {
  const sent: string[] = [];
  return {
    sent,
    send: ([name]) => sent.push(name) === 1 ? Promise.resolve([...TIME, 1, 0]) : next(),
  };
}

describe('redisStore(), whatever it is answered,', () => {
  test.each(SENSELESS.map((reply) => [reply]))('takes no sense from %j', async (reply) => {
    const store = redisStore(() => Promise.resolve(reply));
    await expect(store.run([[LIMIT]])).rejects.toMatchObject(UNAVAILABLE);
    const limiter = createLimiter({ store, limits: [{ name: 'a', limit: 10, windowSeconds: 1 }] });
    await expect(limiter.consume('ada')).rejects.toMatchObject(UNAVAILABLE);
  });

  test('reads numbers and bigints', async () => {
    for (const reply of [[...TIME, 1, 0], [1_700_000_000n, 250_000n, 1n, 0n], [1_700_000_000n, 250_000n, 1n, [0n]]]) {
      const answer = await redisStore(() => Promise.resolve(reply)).run([[LIMIT]]);
      expect(answer).toEqual({ nowMs: 1_700_000_000_250, groups: [{ ok: true, results: [0] }] });
    }
  });

  test('says yes only where the server did', async () => {
    const verdict = fc.oneof(fc.constantFrom<unknown>(0, 1, -1), fc.anything());
    const result = fc.oneof(fc.constantFrom<unknown>(0, [0]), fc.array(fc.anything()), fc.anything());
    const answered = fc.oneof(fc.tuple(verdict, result), fc.array(fc.anything()));
    const reply = fc.oneof(
      answered.map((group): unknown => [...TIME, ...group]),
      fc.tuple(fc.anything(), fc.anything(), answered).map(([one, other, group]): unknown => [one, other, ...group]),
      fc.anything(),
    );
    await fc.assert(
      fc.asyncProperty(reply, async (made) => {
        const said = await Promise.resolve(redisStore(() => Promise.resolve(made)).run([[LIMIT]])).catch(isRefusal);
        if (said === true) return;
        // It was no refusal, so it must be an answer, and stand in the reply.
        expect(said).toMatchObject({ groups: [{ results: [expect.any(Number)] }] });
        expect(made).toHaveLength(4);
        const { ok } = typeof said === 'boolean' ? { ok: undefined } : said.groups[0] ?? { ok: undefined };
        expect(Reflect.get(Object(made), 2)).toBe(ok === true ? 1 : 0);
      }),
      { numRuns: 1000 },
    );
  });

  test('refuses whom a failed group belongs to, and nobody else', async () => {
    const store = redisStore(() => Promise.resolve([...TIME, 1, 0, -1, 'WRONGTYPE', 0, 5, 1, [1, 'v'], 1, 'none']));
    const groups: Group[] = [[LIMIT], [LIMIT], [LIMIT], [CLAIM], [LIMIT]];
    const settled = await Promise.allSettled(groups.map((group) => store.run([group])));
    expect(settled).toMatchObject([
      { value: { groups: [{ ok: true, results: [0] }] } },
      { reason: { ...UNAVAILABLE, cause: { message: 'WRONGTYPE' } } },
      { value: { groups: [{ ok: false, results: [5] }] } },
      { value: { groups: [{ ok: true, results: [{ claimed: true, value: 'v' }] }] } },
      { reason: UNAVAILABLE },
    ]);
  });

  // Others repeat a command after any error, also one that came after the server had counted it.
  test.each(FAILURES.map((failure) => [failure]))('sends nothing twice after %s', async (failure) => {
    const { send, sent } = afterFirst(() => Promise.reject(failure));
    const store = redisStore(send);
    await store.run([[LIMIT]]);
    await expect(store.run([[LIMIT]])).rejects.toMatchObject({ ...UNAVAILABLE, cause: failure });
    expect(sent).toEqual(['EVAL', 'EVALSHA']);
  });

  test('sends the script once to a server that does not know it', async () => {
    const { send, sent } = afterFirst(() => Promise.reject(new Error('NOSCRIPT No matching script.')));
    const store = redisStore(send);
    await store.run([[LIMIT]]);
    // This server never learns it.
    await expect(store.run([[LIMIT]])).rejects.toMatchObject(UNAVAILABLE);
    expect(sent).toEqual(['EVAL', 'EVALSHA', 'EVAL']);
  });

  test('survives a client that throws', async () => {
    const store = redisStore(() => {
      throw new Error('closed');
    });
    await expect(store.run([[LIMIT]])).rejects.toMatchObject({ ...UNAVAILABLE, cause: { message: 'closed' } });
  });

  test('gives up a client that never answers, and ignores one that answers late', async () => {
    const silent = redisStore(() => new Promise(() => undefined), { timeoutMs: 5 });
    await expect(silent.run([[LIMIT]])).rejects.toMatchObject(UNAVAILABLE);
    for (const settle of [() => [...TIME, 1, 0], () => Promise.reject(new Error('late'))]) {
      let answer: () => void = () => undefined;
      const late = redisStore(() => new Promise((resolve) => answer = () => resolve(settle())), { timeoutMs: 5 });
      await expect(late.run([[LIMIT]])).rejects.toMatchObject(UNAVAILABLE);
      answer();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  });

  // Whoever was told that it is unavailable has gone on: what is sent after that counts for nobody.
  test('sends nothing more for a call that it gave up', async () => {
    let forget: () => void = () => undefined;
    const { send, sent } = afterFirst(() =>
      new Promise((_resolve, reject) => forget = () => reject(new Error('NOSCRIPT No matching script.')))
    );
    const store = redisStore(send, { timeoutMs: 5 });
    await store.run([[LIMIT]]);
    await expect(store.run([[LIMIT]])).rejects.toMatchObject(UNAVAILABLE);
    forget();
    await new Promise((resolve) => setTimeout(resolve, 0));
    expect(sent).toEqual(['EVAL', 'EVALSHA']);
  });

  test('refuses options that make no sense', () => {
    const send: RedisSend = () => Promise.resolve();
    for (const options of [{ prefix: '' }, { prefix: 'a b' }, { prefix: '{a}' }, { prefix: 'a'.repeat(65) }]) {
      expect(() => redisStore(send, options)).toThrow(TypeError);
    }
    for (const timeoutMs of [0, -1, NaN, Infinity, 2 ** 31]) {
      expect(() => redisStore(send, { timeoutMs })).toThrow(RangeError);
    }
    for (const maxBatch of [0, 1.5, NaN, 1025]) expect(() => redisStore(send, { maxBatch })).toThrow(RangeError);
    // @ts-expect-error: from JavaScript anything may come.
    expect(() => redisStore('send')).toThrow(TypeError);
    // @ts-expect-error: a typo must not be silently without effect.
    expect(() => redisStore(send, { timeout: 5 })).toThrow(TypeError);
  });
});
