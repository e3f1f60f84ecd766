import { describe, expect, test, vi } from 'vitest';
import { createDeadline } from '../../src/core/deadline.ts';

const late = (): Error => new Error('late');
const never = (): Promise<never> => new Promise(() => undefined);

describe('createDeadline()', () => {
  test('settles as the work does', async () => {
    const inTime = createDeadline(1000, late);
    expect(await inTime(Promise.resolve(1))).toBe(1);
    await expect(inTime(Promise.reject(new Error('broken')))).rejects.toThrow('broken');
  });

  test('rejects what takes longer, each with an error of its own, and nothing else of the turn', async () => {
    const inTime = createDeadline(10, late);
    const [one, quick, two] = await Promise.allSettled([inTime(never()), inTime(Promise.resolve(1)), inTime(never())]);
    expect(quick).toEqual({ status: 'fulfilled', value: 1 });
    expect([one, two]).toEqual([{ status: 'rejected', reason: late() }, { status: 'rejected', reason: late() }]);
    expect(Reflect.get(Object(one), 'reason')).not.toBe(Reflect.get(Object(two), 'reason'));
  });

  test('takes one timer for a turn, and leaves none behind', async () => {
    const [set, clear] = [vi.spyOn(globalThis, 'setTimeout'), vi.spyOn(globalThis, 'clearTimeout')];
    set.mockClear();
    clear.mockClear();
    try {
      const inTime = createDeadline(60_000, late);
      await Promise.all(Array.from({ length: 50 }, () => inTime(Promise.resolve())));
      await inTime(Promise.resolve());
      expect(set).toHaveBeenCalledTimes(2);
      expect(clear).toHaveBeenCalledTimes(2);
    } finally {
      set.mockRestore();
      clear.mockRestore();
    }
  });

  // The first to end must not take the timer away from those who still wait, nor from the next turn.
  test('guards who joins after others have ended', async () => {
    const inTime = createDeadline(10, late);
    await inTime(Promise.resolve());
    await expect(inTime(never())).rejects.toThrow('late');
    const mixed = [inTime(Promise.resolve()), inTime(never())];
    await mixed[0];
    await expect(mixed[1]).rejects.toThrow('late');
  });
});
