import { describe, expect, test } from 'vitest';
import { STAGE_ORDER } from '../../src/secure/order.ts';

describe('STAGE_ORDER', () => {
  const position = (stage: string): number => STAGE_ORDER.findIndex((row) => row.stage === stage);

  test.each([
    ['method', 'hosts'],
    // What a redirect leads to is a host that was checked.
    ['hosts', 'https'],
    ['https', 'preflight'],
    ['preflight', 'deny'],
    // A denied client costs no count.
    ['deny', 'clientLimits'],
    // A preflight carries no credentials.
    ['preflight', 'authenticate'],
    // Signatures and key fetches are the amplifier.
    ['clientLimits', 'authenticate'],
    ['contentHeaders', 'authenticate'],
    ['authenticate', 'crossSite'],
    ['authenticate', 'scopes'],
    // Not a byte of the body is read for those who may not send it.
    ['scopes', 'body'],
    ['scopes', 'principalLimits'],
    ['principalLimits', 'body'],
    ['body', 'resource'],
  ])('puts %s before %s', (one, other) => {
    expect(position(one)).toBeGreaterThanOrEqual(0);
    expect(position(one)).toBeLessThan(position(other));
  });

  test('gives each stage a reason, once', () => {
    expect(new Set(STAGE_ORDER.map((row) => row.stage)).size).toBe(STAGE_ORDER.length);
    expect(STAGE_ORDER.every((row) => row.reason.length > 20)).toBe(true);
  });

  test('is frozen', () => {
    expect(Object.isFrozen(STAGE_ORDER)).toBe(true);
  });
});
