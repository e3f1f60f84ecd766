import { describe, expect, test } from 'vitest';
import type { Exchange } from '../../src/secure/exchange.ts';
import { compileReport } from '../../src/secure/stages/report.ts';
import { createHostCheck } from '../../src/net/host-check.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure, type SecuredHandler } from '../../src/secure/secure.ts';
import { get, ok, open } from './fixtures.ts';
import { ON_LAST_DAY_MS, REPORT } from './watched.ts';

/** A policy that refuses every host, for a share of its clients. */
function trial(sample: number, by: 'client' | 'principal' = 'client'): SecuredHandler {
  return secure({
    ...open,
    hosts: createHostCheck({ hosts: ['other.test'] }),
    mode: createModes({ hosts: { ...REPORT, enforce: { sample, by } } }),
    clock: () => ON_LAST_DAY_MS,
    onEvent: () => undefined,
  }, ok);
}

async function isEnforced(handler: SecuredHandler, peerAddress: string): Promise<boolean> {
  return (await handler(get(), { peerAddress })).status === 421;
}

/** Of how many of so many clients it is enforced, as the stage itself decides: a request for each would take minutes. */
function choose(sample: number, addresses: readonly string[]): number {
  const enforces = compileReport('test', { ...REPORT, enforce: { sample, by: 'client' } }, () => ON_LAST_DAY_MS);
  return addresses.filter((address) => enforces({ client: { address } } as Exchange)).length;
}

const range = <T>(count: number, make: (n: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, n) => make(n));
const dotted = (n: number): string => `${10 + (n >>> 24)}.${(n >>> 16) & 255}.${(n >>> 8) & 255}.${n & 255}`;

/** 10,000 addresses each, as they are given out. Of a fair coin six deviations are 300. */
const CROWDS: readonly (readonly [string, readonly string[]])[] = [
  ['one after the other', range(10_000, dotted)],
  ['the first of each /24', range(10_000, (n) => dotted(n << 8))],
  ['far apart', range(10_000, (n) => dotted(Math.imul(n, 0x9e3779b1) & 0x0fffffff))],
  ['the /64 of one provider', range(10_000, (n) => `2001:db8:${(n >>> 8).toString(16)}:${(n & 255).toString(16)}::1`)],
];

describe.each(CROWDS)('secure(): a share of clients, %s,', (_what, addresses) => {
  test.each([0.05, 0.5, 0.9])('is near %s', (sample) => {
    const enforced = choose(sample, addresses);
    expect(Math.abs(enforced - sample * addresses.length)).toBeLessThan(300);
  });
});

describe('secure(): a share of clients', () => {
  // One network of 254 would else be wholly in, or wholly out.
  test('divides each /24', () => {
    for (const net of range(20, (n) => `198.51.${n}`)) {
      const enforced = choose(0.5, range(254, (n) => `${net}.${n + 1}`));
      expect(enforced).toBeGreaterThan(254 * 0.3);
      expect(enforced).toBeLessThan(254 * 0.7);
    }
  });

  // Neighbours differ in their last character alone, which moves the highest bits of a poor hash by a few hundredths.
  test('divides ten neighbours', () => {
    const tens = range(200, (net) => range(10, (n) => `203.0.${net}.${100 + n}`));
    const undivided = tens.map((ten) => choose(0.5, ten)).filter((enforced) => enforced === 0 || enforced === 10);
    // Of a fair coin one ten in 500 is.
    expect(undivided.length).toBeLessThan(8);
  });

  // One and the same page must not work at every other click, nor on every other instance.
  test('is the same at each request and in each instance, and grows without letting anybody go', async () => {
    const [one, other, more] = [trial(0.3), trial(0.3), trial(0.6)];
    for (const address of range(300, (n) => dotted(n * 7919))) {
      const first = await isEnforced(one, address);
      expect([await isEnforced(one, address), await isEnforced(other, address)]).toEqual([first, first]);
      if (first) expect(await isEnforced(more, address)).toBe(true);
    }
  });

  // RFC 6177: whoever has a /64 would choose its side.
  test('takes all addresses of a /64 for one client', async () => {
    const handler = trial(0.5);
    for (const net of range(20, (n) => `2001:db8:0:${n}`)) {
      const sides = new Set<boolean>();
      for (const host of range(10, (n) => `${net}::${n + 1}`)) sides.add(await isEnforced(handler, host));
      expect(sides.size).toBe(1);
    }
  });

  test('of principals is of clients before anybody is one, and whoever hides his address is one of them', async () => {
    const [principals, clients] = [trial(0.5, 'principal'), trial(0.5)];
    for (const address of range(200, dotted)) {
      const enforced = await isEnforced(clients, address);
      expect(await isEnforced(principals, address)).toBe(enforced);
      expect(choose(0.5, [address])).toBe(enforced ? 1 : 0);
    }
    expect(await isEnforced(trial(0.5), 'garbage')).toBe((await trial(0.5)(get())).status === 421);
  });
});

describe('secure(): a share of principals', () => {
  const TIMES = 2000;
  const authenticator = {
    ambient: false,
    authenticate: ({ headers }: Request) => ({
      id: headers.get('x-id') ?? 'nobody',
      issuer: headers.get('x-issuer') ?? undefined,
      scopes: [],
      claims: {},
    }),
    challenge: () => 'Test',
  };
  const handler = secure({
    methods: ['GET'],
    auth: authenticator,
    scopes: ['orders:write'],
    mode: createModes({ scopes: { ...REPORT, enforce: { sample: 0.5, by: 'principal' } } }),
    clock: () => ON_LAST_DAY_MS,
    onEvent: () => undefined,
  }, ok);
  const isIn = async (id: string, peerAddress: string, issuer = 'https://a.test'): Promise<boolean> =>
    (await handler(get('/', { 'x-id': id, 'x-issuer': issuer }), { peerAddress })).status === 403;

  test('is near itself, and the same wherever they come from', async () => {
    let enforced = 0;
    for (const id of range(TIMES, (n) => `user-${n}`)) {
      const first = await isIn(id, '192.0.2.1');
      if (first) enforced++;
      expect(await isIn(id, '2001:db8::1')).toBe(first);
    }
    expect(Math.abs(enforced - TIMES / 2)).toBeLessThan(6 * Math.sqrt(TIMES / 4));
  });

  test('takes the same id of two issuers for two', async () => {
    let apart = 0;
    for (const id of range(200, String)) {
      if (await isIn(id, '192.0.2.1', 'https://a.test') !== await isIn(id, '192.0.2.1', 'https://b.test')) apart++;
    }
    expect(apart).toBeGreaterThan(50);
  });
});
