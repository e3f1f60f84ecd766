import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import { createLimits } from '../../src/secure/limits.ts';
import type { Context } from '../../src/secure/context.ts';
import { secure } from '../../src/secure/secure.ts';
import type { Store } from '../../src/store/store.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { codeOf, get, open, PEER, quiet } from './fixtures.ts';
import { ear, failingStore, outcomes } from './watched.ts';

const client = [{ name: 'client', limit: 4, windowSeconds: 60 }];
const local = (): Store => memoryStore({ clock: () => 0 });
/** The reason of each decision, as the handler sees it. */
const reasons = (_request: Request, { limits }: Context): Response => Response.json(limits.map(({ reason }) => reason));

/** A policy whose store fails, its clock, and what its listener heard. */
function outage(options: object): {
  readonly ask: () => Promise<Response>;
  readonly heard: () => readonly string[];
  readonly failing: { isDown: boolean };
  readonly wait: (ms: number) => void;
} {
  let now = 1_000_000;
  const failing = failingStore(() => now);
  const { events, onEvent } = ear();
  const limits = createLimits({ client, ...options });
  const handler = secure({ ...open, ...quiet, store: failing.store, limits, onEvent, clock: () => now }, reasons);
  return {
    ask: () => handler(get(), PEER),
    heard: () => outcomes(events),
    failing,
    wait: (ms) => void (now += ms),
  };
}

describe('secure(): a store that fails', () => {
  test('closed, which is the default, refuses with 503 and when to come back', async () => {
    for (const options of [{}, { whenStoreFails: 'closed' }]) {
      const { ask, heard, failing } = outage(options);
      for (let n = 0; n < 3; n++) {
        const response = await ask();
        expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
        expect(await response.text()).not.toContain('canary-secret');
      }
      failing.isDown = false;
      expect((await ask()).status).toBe(200);
      expect((await ask()).status).toBe(200);
      // Hostile list 68: once for each transition.
      expect(heard()).toEqual([
        'degraded clientLimits',
        'failed clientLimits store_unavailable',
        'failed clientLimits store_unavailable',
        'failed clientLimits store_unavailable',
        'recovered clientLimits',
        'allowed handler',
        'allowed handler',
      ]);
    }
  });

  test('open admits, says why, and invents no RateLimit', async () => {
    const { ask, heard, failing, wait } = outage({ whenStoreFails: 'open' });
    for (let n = 0; n < 10; n++) {
      const response = await ask();
      expect([response.status, await response.json()]).toEqual([200, ['unavailable']]);
      expect(response.headers.has('ratelimit')).toBe(false);
    }
    failing.isDown = false;
    wait(2000);
    expect(await (await ask()).json()).toEqual(['ok']);
    expect(heard().filter((text) => !text.startsWith('allowed'))).toEqual([
      'degraded clientLimits',
      'recovered clientLimits',
    ]);
  });

  const STAND_INS = [
    ['a store', () => local(), 4, '"client";q=4;w=60'],
    ['a share of one', () => ({ local: local(), instances: 2 }), 2, '"client";q=2;w=60'],
    ['a share below one unit', () => ({ local: local(), instances: 8 }), 1, '"client";q=1;w=120'],
  ] as const;
  test.each(STAND_INS)('%s decides instead, and refuses what it must', async (_what, make, admits, policy) => {
    const { ask, heard, failing, wait } = outage({ whenStoreFails: make() });
    for (let n = 0; n < admits; n++) {
      const response = await ask();
      expect([response.status, await response.json()]).toEqual([200, ['degraded']]);
      expect(response.headers.get('ratelimit-policy')).toBe(policy);
    }
    const refused = await ask();
    expect([refused.status, await codeOf(refused)]).toEqual([429, 'rate_limited']);
    failing.isDown = false;
    wait(2000);
    expect(await (await ask()).json()).toEqual(['ok']);
    const transitions = heard().filter((text) => !/^(allowed|denied)/.test(text));
    expect(transitions).toEqual(['degraded clientLimits', 'recovered clientLimits']);
  });

  test('again is told again', async () => {
    const { ask, heard, failing, wait } = outage({ whenStoreFails: 'open' });
    for (const isDown of [true, false, true, false]) {
      failing.isDown = isDown;
      wait(2000);
      for (let n = 0; n < 3; n++) await ask();
    }
    expect(heard().filter((text) => !/^(allowed|denied)/.test(text))).toEqual([
      'degraded clientLimits',
      'recovered clientLimits',
      'degraded clientLimits',
      'recovered clientLimits',
    ]);
  });

  // Hostile list 68: garbage is no decision.
  const GARBAGE: readonly (readonly [string, unknown])[] = [
    ['nothing', undefined],
    ['a text', 'OK'],
    ['no groups', { nowMs: 0, groups: [] }],
    ['a group without a decision', { nowMs: 0, groups: [{ results: [[1, 1]] }] }],
    ['a decision that is 1', { nowMs: 0, groups: [{ ok: 1, results: [[1, 1]] }] }],
    ['results of more', { nowMs: 0, groups: [{ ok: true, results: [[1, 1], [1, 1]] }] }],
    ['results that are none', { nowMs: 0, groups: [{ ok: true, results: ['allow'] }] }],
    ['a foreign promise', { then: () => undefined }],
  ];
  test.each(GARBAGE)('and answers %s refuses', async (_what, answer) => {
    for (const run of [() => answer, async () => answer]) {
      const store = { run } as unknown as Store;
      const handler = secure({ ...open, ...quiet, store, limits: createLimits({ client, timeoutMs: 50 }) }, reasons);
      const response = await handler(get(), PEER);
      expect([response.status, await codeOf(response)]).toEqual([503, 'store_unavailable']);
    }
  });

  test('by hanging is left after the time that was said', async () => {
    const { events, onEvent } = ear();
    const store: Store = { run: () => new Promise(() => undefined) };
    const limits = createLimits({ client, timeoutMs: 5 });
    const response = await secure({ ...open, ...quiet, store, limits, onEvent }, reasons)(get(), PEER);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    const admitted = createLimits({ client, timeoutMs: 5, whenStoreFails: 'open' });
    const open2 = await secure({ ...open, store, limits: admitted, onEvent }, reasons)(get(), PEER);
    expect([open2.status, await open2.json()]).toEqual([200, ['unavailable']]);
    expect(outcomes(events)).toEqual([
      'degraded clientLimits',
      'failed clientLimits store_unavailable',
      'degraded clientLimits',
      'allowed handler',
    ]);
  });

  // What the policy's own functions refuse is no outage.
  test('is not what a key that refuses says', async () => {
    const { events, onEvent } = ear();
    const key = (): string => {
      throw new Refusal('forbidden');
    };
    const limits = createLimits({ beforeAuthentication: [{ limits: client, key }] });
    const handler = secure({ ...open, store: local(), limits, onEvent }, reasons);
    expect((await handler(get())).status).toBe(403);
    expect(outcomes(events)).toEqual(['denied clientLimits forbidden']);
  });
});
