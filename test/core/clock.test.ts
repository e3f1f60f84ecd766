import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';

describe('systemClock', () => {
  it('systemClock() tells milliseconds since the Unix epoch', () => {
    const before = Date.now();
    const now = systemClock();
    expect(now).toBeGreaterThanOrEqual(before);
    expect(now).toBeLessThanOrEqual(Date.now());
  });
});
