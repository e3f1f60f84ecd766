import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/limiter/decision.ts';
import { createDenyCache } from '../../src/limiter/deny-cache.ts';
import type { Question } from '../../src/limiter/question.ts';
import { askUndenied, type Undenied } from '../../src/limiter/undenied.ts';
import { watchMaps } from './watched-maps.ts';

const NOW_MS = 1_700_000_000_000;
const DENIED: Decision = { allowed: false, reason: 'limited', limits: [], retryAfterSeconds: 5 };
const LIMITS: [] = [];

interface Desk {
  readonly undenied: Undenied;
  /** Asks, and waits for no answer. */
  readonly ask: (key: string) => Promise<Decision>;
  /** The questions that wait, in the order in which they were asked: answers one, and lets that arrive. */
  readonly answer: (index: number, decision?: Decision | Error) => Promise<void>;
  /** How many questions have reached the store. */
  readonly asked: () => number;
}

function openDesk(): Desk {
  const waiting: { resolve: (decision: Decision) => void; reject: (error: Error) => void }[] = [];
  const undenied = askUndenied(
    createDenyCache(),
    () => NOW_MS,
    () => new Promise((resolve, reject) => void waiting.push({ resolve, reject })),
  );
  return {
    undenied,
    async ask(key) {
      const question: Question = { limits: LIMITS, key, cost: 1, beside: undefined };
      return await undenied.ask(question);
    },
    async answer(index, decision = DENIED) {
      if (decision instanceof Error) waiting[index]?.reject(decision);
      else waiting[index]?.resolve(decision);
      await new Promise((resolve) => setTimeout(resolve, 0));
    },
    asked: () => waiting.length,
  };
}

describe('askUndenied()', () => {
  // Else whoever has something given back all the time keeps everybody's denials from being remembered.
  test('remembers a denial on its way though something is given back to another key', async () => {
    const { undenied, ask, answer, asked } = openDesk();
    const first = ask('k');
    undenied.forget('other');
    await answer(0);
    undenied.forget('other');
    expect(await first).toEqual(DENIED);
    const second = ask('k');
    expect(asked()).toBe(1);
    expect(await second).toEqual(DENIED);
  });

  test('remembers no denial on its way to which something is given back', async () => {
    const { undenied, ask, answer, asked } = openDesk();
    const both = [ask('k'), ask('k')];
    undenied.forget('k');
    await answer(0);
    await answer(1);
    expect(await Promise.all(both)).toEqual([DENIED, DENIED]);
    void ask('k');
    expect(asked()).toBe(3);
  });

  // A flood has no end, and questions always on their way: block() must relieve the store of it nevertheless.
  test('remembers what is asked after something was given back, while what was asked before is on its way', async () => {
    const { undenied, ask, answer, asked } = openDesk();
    const before = ask('k');
    undenied.forget('k');
    const after = ask('k');
    await answer(1);
    expect(await after).toEqual(DENIED);
    const next = ask('k');
    expect(asked()).toBe(2);
    expect(await next).toEqual(DENIED);
    await answer(0);
    expect(await before).toEqual(DENIED);
  });

  test('remembers none of the denials that were asked for before each of two commands', async () => {
    const { undenied, ask, answer, asked } = openDesk();
    void ask('k');
    undenied.forget('k');
    void ask('k');
    undenied.forget('k');
    // The older one ends, and says nothing of the younger.
    await answer(0);
    await answer(1);
    void ask('k');
    expect(asked()).toBe(3);
  });

  test('remembers no denial to which something is given back after an older question has ended', async () => {
    const { undenied, ask, answer, asked } = openDesk();
    void ask('k');
    undenied.forget('k');
    void ask('k');
    await answer(0);
    undenied.forget('k');
    await answer(1);
    void ask('k');
    expect(asked()).toBe(3);
  });

  test('keeps keys apart that are names of their own on every object', async () => {
    const { undenied, ask, answer, asked } = openDesk();
    for (const key of ['__proto__', 'constructor', '1', '']) void ask(key);
    undenied.forget('__proto__');
    for (const index of [0, 1, 2, 3]) await answer(index);
    for (const key of ['constructor', '1', '']) void ask(key);
    expect(asked()).toBe(4);
    void ask('__proto__');
    expect(asked()).toBe(5);
  });

  test('keeps nothing of a question once it is answered, however that ends', async () => {
    const { made: { undenied, ask, answer }, maps } = watchMaps(openDesk);
    // The first is the cache's, which was made before.
    const [denials, flights] = maps;
    const ends = Array.from({ length: 6 }, (_, index) => ask(`k${index % 3}`).catch(String));
    expect(flights?.size).toBe(3);
    undenied.forget('k1');
    ends.push(ask('k1').catch(String));
    for (const [index, end] of [DENIED, new Error('It is closed.'), DENIED, DENIED, DENIED, DENIED, DENIED].entries()) {
      await answer(index, end);
    }
    await Promise.all(ends);
    expect(flights?.size).toBe(0);
    expect(denials?.size).toBe(3);
  });
});
