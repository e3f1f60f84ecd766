import { describe, expect, test } from 'vitest';
import { anyEnd, makeCrowd } from './interleaved.ts';

const NUMBERS: readonly number[] = Array.from({ length: 1000 }, (_, n) => n);

// Hostile list 54: request state in a module's or a policy's variable, which a slower request finds overwritten.
describe('secure(): 1,000 interleaved requests', () => {
  test('see and are answered nothing of each other, whatever becomes of them', async () => {
    const crowd = makeCrowd({ seed: 7, handlerMs: 2500 });
    await Promise.all(NUMBERS.map(crowd.send));
    expect(crowd.mistakes).toEqual([]);
    // All kinds of ends were among them.
    expect(new Set(NUMBERS.map(anyEnd)).size).toBe(7);
  });

  test('are told of in events that mix nobody up, one each', async () => {
    const crowd = makeCrowd({ seed: 8, handlerMs: 2500, endOf: (n) => n % 3 === 0 ? 403 : 200 });
    await Promise.all(NUMBERS.map(crowd.send));
    expect(crowd.events).toHaveLength(NUMBERS.length);
    expect(new Set(crowd.events.map(({ requestId }) => requestId)).size).toBe(NUMBERS.length);
    for (const { principalId, client, policyId, status } of crowd.events) {
      const n = Number(principalId?.slice('user-'.length));
      expect([client, policyId, status]).toEqual([
        `10.0.${n >> 8}.${n & 255}`,
        'abc'[n % 3],
        n % 3 === 0 ? 403 : 200,
      ]);
    }
  });

  // Hostile list 55: who keeps a context must not find another's in it, or what came later.
  test('leave contexts behind that still say what they said', async () => {
    const kept: object[] = [];
    const keep = (seen: object): void => void (seen instanceof Request || kept.push(seen));
    const crowd = makeCrowd({ seed: 9, handlerMs: 2500, endOf: () => 200, keep });
    await Promise.all(NUMBERS.slice(0, 100).map(crowd.send));
    const [count, said] = [kept.length, JSON.stringify(kept)];
    await Promise.all(NUMBERS.slice(100, 200).map(crowd.send));
    expect(JSON.stringify(kept.slice(0, count))).toBe(said);
    expect(kept.every(Object.isFrozen)).toBe(true);
  });
});
