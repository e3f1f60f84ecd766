// Not portable: Bun's `vi` does not advance timers asynchronously.
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { allowed, denied, openScript, openWaitDesk } from './wait-desk.ts';

const HOUR_MS = 3_600_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('Limiter.wait() under a clock that does not run with the timers', () => {
  test('sleeps no longer than it may in all, when the clock goes back an hour', async () => {
    let skewMs = 0;
    const { wait: waitFor } = openScript([() => denied(2)], () => Date.now() - skewMs);
    const startMs = Date.now();
    const ended = waitFor('k', { maxWaitMs: 5000 }).then(() => Date.now() - startMs);
    await vi.advanceTimersByTimeAsync(1000);
    skewMs = HOUR_MS;
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(await ended).toBe(4000);
  });

  test('sleeps no longer than it may in line and as the first together, when the clock goes back an hour', async () => {
    let skewMs = 0;
    const script = [() => denied(4), allowed, () => denied(3)];
    const { wait: waitFor } = openScript(script, () => Date.now() - skewMs);
    const startMs = Date.now();
    const first = waitFor('k', { maxWaitMs: 5000 });
    const ended = waitFor('k', { maxWaitMs: 5000 }).then(({ allowed: end }) => [end, Date.now() - startMs]);
    await vi.advanceTimersByTimeAsync(2000);
    skewMs = HOUR_MS;
    await vi.advanceTimersByTimeAsync(HOUR_MS);
    expect(await first).toEqual(allowed());
    expect(await ended).toEqual([false, 5000]);
  });

  // Whoever waits in vain must not go on as if it were the first.
  test('asks out of its turn once, when the clock stands still', async () => {
    const { wait: waitFor, asked } = openScript([() => denied(60), () => denied(0.05)], () => 0);
    const first = waitFor('k', { maxWaitMs: 60_000 });
    const second = waitFor('k', { maxWaitMs: 100 });
    await vi.advanceTimersByTimeAsync(100);
    expect(await second).toEqual(denied(0.05));
    expect(asked()).toBe(2);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(await first).toEqual(denied(0.05));
  });

  test('asks before it gives up, when the clock has leapt ahead', async () => {
    const desk = openWaitDesk();
    await desk.wait('one');
    void desk.wait('two', { maxWaitMs: 1000 });
    await vi.advanceTimersByTimeAsync(500);
    desk.skew(HOUR_MS);
    await vi.advanceTimersByTimeAsync(500);
    expect(desk.log.at(-1)).toEqual({ name: 'two', atMs: 1000, end: true });
  });

  test('never waits by a clock that tells no time', async () => {
    const { wait: waitFor } = openScript([() => denied(1)], () => NaN);
    expect(await waitFor('k')).toEqual(denied(1));
  });
});
