import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import type { FloodReport } from './flood-process.ts';

const MEGABYTE = 2 ** 20;
/** `SALLYPORT_REPETITIONS=10` looks ten times as long at each of the smaller floods. */
const REPETITIONS = Number(process.env['SALLYPORT_REPETITIONS'] ?? 1);
const PROCESS = fileURLToPath(new URL('flood-process.ts', import.meta.url));
const TEST_MS = 60_000 + REPETITIONS * 10_000;

/** In a process of its own: what this one holds is no part of the store. The young generation, which grows with use, is kept small from the first. */
async function flood(keys: number, timesCapacity: number): Promise<FloodReport> {
  const flags = ['--import', 'tsx', '--expose-gc', '--max-semi-space-size=1'];
  const words = [...flags, PROCESS, String(keys), String(timesCapacity)];
  const { stdout } = await promisify(execFile)(process.execPath, words);
  // Both ends of this pipe are the two files of this test.
  return JSON.parse(stdout) as FloodReport;
}

describe('memoryStore() under a flood of distinct keys', () => {
  // A map without a bound, of which there are many, takes 100 MB and more for each million of keys; one that forgets the oldest lets the client back in.
  test(
    'does not grow, and keeps denying a throttled client: 10 million keys, 200 times its capacity',
    async () => {
      const { growthBytes, throttled, greedy, returning } = await flood(10_000_000, 200);
      expect(growthBytes).toBeLessThanOrEqual(5 * MEGABYTE);
      // Its limit, before the flood began; the whole flood is shorter than the time in which one unit comes back.
      expect(throttled).toEqual({ asked: expect.any(Number), admitted: 10, beyond: 0 });
      expect(throttled.asked).toBeGreaterThan(10_000);
      expect([greedy.beyond, returning.beyond]).toEqual([0, 0]);
    },
    TEST_MS,
  );

  test(
    'never admits a client beyond its limit, however often its debt is taken over: twice its capacity',
    async () => {
      const { growthBytes, throttled, greedy, returning, honest } = await flood(REPETITIONS * 1_000_000, 2);
      expect(growthBytes).toBeLessThanOrEqual(5 * MEGABYTE);
      for (const tally of [throttled, greedy, returning, honest]) {
        expect(tally.beyond).toBe(0);
        // It had occasion to.
        expect(tally.admitted).toBeGreaterThan(10);
      }
    },
    TEST_MS,
  );

  test('denies no client within its limit: half of its capacity', async () => {
    const { growthBytes, throttled, greedy, returning, honest } = await flood(REPETITIONS * 1_000_000, 0.5);
    expect(growthBytes).toBeLessThanOrEqual(5 * MEGABYTE);
    expect(honest.asked).toBeGreaterThan(10_000);
    expect(honest.admitted).toBe(honest.asked);
    expect([throttled.beyond, greedy.beyond, returning.beyond]).toEqual([0, 0, 0]);
  }, TEST_MS);
});
