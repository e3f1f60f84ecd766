import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/limiter/decision.ts';
import { formatRateLimit } from '../../src/limiter/format.ts';

const DAY = {
  name: 'day',
  limit: 1000,
  windowSeconds: 86_400,
  remaining: 999,
  resetSeconds: 86.4,
  retryAfterSeconds: 0,
};
const BURST = {
  name: 'burst',
  limit: 10,
  windowSeconds: 0.5,
  remaining: 0,
  resetSeconds: 0.5,
  retryAfterSeconds: 0.05,
};
const ALLOWED: Decision = { allowed: true, reason: 'ok', limits: [DAY], retryAfterSeconds: 0 };
const DENIED: Decision = { allowed: false, reason: 'limited', limits: [DAY, BURST], retryAfterSeconds: 0.05 };

describe('formatRateLimit()', () => {
  // draft-ietf-httpapi-ratelimit-headers-10 sections 3 and 4
  test('writes one list member per limit, with quota, window, remaining and reset', () => {
    expect(formatRateLimit(ALLOWED)).toEqual({
      'ratelimit-policy': '"day";q=1000;w=86400',
      'ratelimit': '"day";r=999;t=87',
    });
  });

  test('leaves out a window that is no whole number of seconds', () => {
    expect(formatRateLimit(DENIED)['ratelimit-policy']).toBe('"day";q=1000;w=86400, "burst";q=10');
  });

  test('adds Retry-After to a denial, rounded up to whole seconds', () => {
    expect(formatRateLimit(DENIED)['retry-after']).toBe('1');
    expect(formatRateLimit({ ...DENIED, retryAfterSeconds: 2.01 })['retry-after']).toBe('3');
  });

  test('adds no Retry-After when waiting never helps', () => {
    expect(formatRateLimit({ ...DENIED, retryAfterSeconds: Infinity })).not.toHaveProperty('retry-after');
  });
});
