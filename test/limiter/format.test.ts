import { describe, expect, test } from 'vitest';
import type { Decision } from '../../src/limiter/decision.ts';
import { formatQuotaExceeded, formatRateLimit } from '../../src/limiter/format.ts';

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

  test('writes nothing of the older headers unless it is told to', () => {
    expect(Object.keys(formatRateLimit(DENIED)).filter((name) => name.startsWith('x-'))).toEqual([]);
  });

  test('writes the older headers, on request, of the limit that refuses for longest', () => {
    const longer = { ...BURST, name: 'longer', limit: 20, retryAfterSeconds: 7, resetSeconds: 7.5 };
    const decision = { ...DENIED, limits: [BURST, DAY, longer], retryAfterSeconds: 7 };
    expect(formatRateLimit(decision, { legacy: true })).toEqual({
      ...formatRateLimit(decision),
      'x-ratelimit-limit': '20',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '8',
    });
  });

  test('writes the older headers of the limit with the smallest share left when none refuses', () => {
    const tight = { ...DAY, name: 'tight', limit: 10_000, remaining: 100 };
    const headers = formatRateLimit({ ...ALLOWED, limits: [DAY, tight] }, { legacy: true });
    expect(headers).toMatchObject({ 'x-ratelimit-limit': '10000', 'x-ratelimit-remaining': '100' });
  });

  test('writes no older headers where nobody has counted', () => {
    expect(formatRateLimit({ ...ALLOWED, reason: 'unavailable', limits: [] }, { legacy: true })).toEqual({});
  });

  test('throws for an unknown option', () => {
    // @ts-expect-error: a typo must not be silently without effect.
    expect(() => formatRateLimit(ALLOWED, { legcay: true })).toThrow(TypeError);
  });
});

describe('formatQuotaExceeded()', () => {
  // draft-ietf-httpapi-ratelimit-headers-10, Problem Types: the type, and the names as an array of strings.
  test('names the limits that had too little, and no others', () => {
    expect(formatQuotaExceeded(DENIED)).toEqual({
      type: 'https://iana.org/assignments/http-problem-types#quota-exceeded',
      'violated-policies': ['burst'],
    });
  });

  test('says nothing of what was allowed, or refused by no limit', () => {
    expect(formatQuotaExceeded(ALLOWED)).toEqual({});
    expect(formatQuotaExceeded({ ...ALLOWED, allowed: false, reason: 'blocked', retryAfterSeconds: 60 })).toEqual({});
  });
});
