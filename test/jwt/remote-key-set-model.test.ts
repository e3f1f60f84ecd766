import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/index.ts';
import { createRemoteKeySet, type RemoteKeySet } from '../../src/jwt/index.ts';
import { NOW_SECONDS, outcome } from './forge.ts';
import { ids, makeJwk, URL_OF_KEYS } from './key-server.ts';

const FRESH = 100;
const STALE = 200;
const COOLDOWN = 30;
const TIMEOUT = 10;
const OPTIONS = {
  freshSeconds: FRESH,
  maxStaleSeconds: STALE,
  cooldownSeconds: COOLDOWN,
  timeoutMs: TIMEOUT * 1000,
};
const KIDS = ['a', 'b', 'c', 'd'];

/** What the key server says: ids and for how long, or nothing. */
type Served = { readonly kids: readonly string[]; readonly maxAge: number | undefined } | undefined;
type Step =
  | { readonly do: 'pass'; readonly seconds: number }
  | { readonly do: 'serve'; readonly served: Served }
  | { readonly do: 'find'; readonly kid: string }
  | { readonly do: 'generation' | 'invalidate' | 'preload' | 'hold' | 'release' };

const pass = fc.record({
  do: fc.constant('pass' as const),
  seconds: fc.oneof(fc.constantFrom(1, 29, 30, 31, 99, 100, 119, 120, 200, 300), fc.integer({ min: -200, max: 400 })),
});
const serve = fc.record({
  do: fc.constant('serve' as const),
  served: fc.option(
    fc.record({
      kids: fc.subarray(['a', 'b', 'c']),
      maxAge: fc.option(fc.constantFrom(0, 50, 1000), { nil: undefined }),
    }),
    { nil: undefined, freq: 3 },
  ),
});
const find = fc.record({ do: fc.constant('find' as const), kid: fc.constantFrom(...KIDS) });
const ask = fc.record({ do: fc.constantFrom('generation' as const, 'generation' as const, 'preload' as const) });
const forget = fc.record({ do: fc.constant('invalidate' as const) });
const hold = fc.record({ do: fc.constantFrom('hold' as const, 'release' as const, 'release' as const) });

interface Model {
  readonly now: () => number;
  readonly served: () => Served;
  readonly fetches: () => number;
  readonly pass: (seconds: number) => void;
  readonly serve: (next: Served) => void;
  readonly find: (kid: string) => string;
  readonly generation: () => number | undefined;
  readonly preload: () => string;
  readonly invalidate: () => void;
}

/** A fetch, as the server saw it. */
interface Fetch {
  readonly at: number;
  hasEnded: boolean;
  hasKeys: boolean;
}

/** What a set must do, written down as plainly as it can be: in seconds, and with fetches that take no time. */
function createModel(): Model {
  let now = NOW_SECONDS;
  let latest = now;
  let served: Served = { kids: ['a', 'b'], maxAge: undefined };
  let fetches = 0;
  let generation = 0;
  let nextAt = -Infinity;
  let held: { readonly kids: readonly string[]; readonly fresh: number; at: number } | undefined;
  let failing = false;
  const unknown = new Map<string, number>();

  /** A clock that is set back leaves nothing in the future. */
  function readClock(): void {
    if (now < latest) {
      nextAt = Math.min(nextAt, now + COOLDOWN);
      if (held !== undefined) held.at = Math.min(held.at, now);
    }
    latest = now;
  }

  /** Fresh keys, those just past it, and older ones while the server fails. */
  function usable(): typeof held {
    return held !== undefined && now - held.at < held.fresh + (failing ? STALE : COOLDOWN) ? held : undefined;
  }

  function fetchKeys(): void {
    fetches++;
    nextAt = now + COOLDOWN;
    failing = served === undefined;
    if (served === undefined) return;
    const { kids, maxAge = Infinity } = served;
    if (held === undefined || held.kids.some((kid) => !kids.includes(kid))) generation++;
    held = { kids, fresh: Math.min(FRESH, Math.max(COOLDOWN, maxAge)), at: now };
  }

  function refreshIfStale({ at, fresh }: NonNullable<typeof held>): void {
    if (now - at >= fresh && now >= nextAt) fetchKeys();
  }

  return {
    now: () => now,
    served: () => served,
    fetches: () => fetches,
    pass: (seconds) => void (now += seconds),
    serve: (next) => void (served = next),
    find(kid): string {
      readClock();
      const began = fetches;
      const before = usable();
      if (before !== undefined) {
        refreshIfStale(before);
        if (before.kids.includes(kid)) return kid;
        const at = unknown.get(kid);
        if (at !== undefined && at <= now && now < at + COOLDOWN) return '';
      }
      // Waits for the refresh that it has begun itself, or for one of its own.
      const mayFetch = fetches > began || now >= nextAt;
      if (fetches === began && mayFetch) fetchKeys();
      const after = usable();
      if (after === undefined) return 'key_set_unavailable';
      if (after.kids.includes(kid)) return kid;
      // While the server fails, nobody knows that there is no such key.
      if (failing) return 'key_set_unavailable';
      if (mayFetch) unknown.set(kid, now);
      return '';
    },
    generation(): number | undefined {
      readClock();
      const before = usable();
      if (before === undefined) return undefined;
      const answer = generation;
      refreshIfStale(before);
      return answer;
    },
    preload(): string {
      readClock();
      if (held !== undefined && now - held.at < held.fresh) return 'accepted';
      fetchKeys();
      return served === undefined ? 'key_set_unavailable' : 'accepted';
    },
    invalidate(): void {
      held = undefined;
      failing = false;
      nextAt = -Infinity;
      unknown.clear();
    },
  };
}

async function makeKeys(): Promise<ReadonlyMap<string, object>> {
  return new Map(await Promise.all(['a', 'b', 'c'].map(async (kid) => [kid, await makeJwk(kid)] as const)));
}

function answer(keys: ReadonlyMap<string, object>, served: Served): Response {
  if (served === undefined) return new Response('down', { status: 503 });
  const headers = served.maxAge === undefined ? undefined : { 'cache-control': `max-age=${served.maxAge}` };
  return new Response(JSON.stringify({ keys: served.kids.map((kid) => keys.get(kid)) }), headers && { headers });
}

/** What is answered or refused at once, or a promise. */
function askAtOnce<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch (error) {
    if (isRefusal(error) && error.code === 'key_set_unavailable') return undefined;
    throw error;
  }
}

async function seek(set: RemoteKeySet, kid: string): Promise<string> {
  let found = '';
  const code = await outcome(async () => void (found = (await ids(set, kid)).join()));
  return code === 'accepted' ? found : code;
}

describe('createRemoteKeySet() through any sequence of events', () => {
  test('does what the model does, fetch by fetch', async () => {
    const keys = await makeKeys();
    const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(pass, pass, serve, find, find, ask, forget), {
      minLength: 5,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const model = createModel();
        const work: Promise<void>[] = [];
        let fetches = 0;
        const set = createRemoteKeySet(URL_OF_KEYS, {
          ...OPTIONS,
          clock: () => model.now() * 1000,
          waitUntil: (promise) => void work.push(promise),
          fetch: () => {
            fetches++;
            return Promise.resolve(answer(keys, model.served()));
          },
        });
        const generations = new Map<number, number | undefined>();
        for (const step of sequence) {
          if (step.do === 'pass') model.pass(step.seconds);
          else if (step.do === 'serve') model.serve(step.served);
          else if (step.do === 'find') expect(await seek(set, step.kid)).toBe(model.find(step.kid));
          else if (step.do === 'preload') expect(await outcome(() => set.preload())).toBe(model.preload());
          else if (step.do === 'generation') {
            const [expected, actual] = [model.generation(), set.generation()];
            expect(actual === undefined).toBe(expected === undefined);
            if (expected !== undefined) {
              if (generations.has(expected)) expect(actual).toBe(generations.get(expected));
              else expect([...generations.values()]).not.toContain(actual);
              generations.set(expected, actual);
            }
          } else {
            set.invalidate();
            model.invalidate();
          }
          await Promise.all(work.splice(0));
          expect(fetches).toBe(model.fetches());
        }
      }),
      { numRuns: 100 },
    );
  });

  test('fetches no more often than it may, believes nothing too old and leaves nobody waiting, however slow the server', async () => {
    const keys = await makeKeys();
    const steps: fc.Arbitrary<Step[]> = fc.array(fc.oneof(pass, serve, find, find, ask, forget, hold), {
      minLength: 5,
      maxLength: 30,
    });
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        let now = NOW_SECONDS;
        let served: Served = { kids: ['a'], maxAge: undefined };
        let isHeld = false;
        let mayAlways = true;
        let last: Fetch | undefined;
        let landedAt = -Infinity;
        let tooSoon = 0;
        const held: (() => void)[] = [];
        const set = createRemoteKeySet(URL_OF_KEYS, {
          ...OPTIONS,
          clock: () => now * 1000,
          waitUntil(work): void {
            const mine = last;
            void work.then(() => {
              if (mine === undefined) return;
              mine.hasEnded = true;
              if (mine.hasKeys) landedAt = now;
            });
          },
          async fetch(): Promise<Response> {
            const isLost = last !== undefined && !last.hasEnded && now >= last.at + TIMEOUT + 1;
            if (last !== undefined && now < last.at + COOLDOWN && !mayAlways && !isLost) tooSoon++;
            mayAlways = false;
            const mine: Fetch = { at: now, hasEnded: false, hasKeys: false };
            last = mine;
            if (isHeld) await new Promise<void>((resolve) => void held.push(resolve));
            mine.hasKeys = served !== undefined;
            return answer(keys, served);
          },
        });
        const waiting: Promise<string>[] = [];
        for (const step of sequence) {
          // This clock only goes on; the other property sets it back.
          if (step.do === 'pass') now += Math.abs(step.seconds);
          else if (step.do === 'serve') served = step.served;
          else if (step.do === 'hold') isHeld = true;
          else if (step.do === 'release') {
            isHeld = false;
            for (const release of held.splice(0)) release();
          } else if (step.do === 'preload') {
            mayAlways = true;
            waiting.push(outcome(() => set.preload()));
          } else if (step.do === 'invalidate') {
            mayAlways = true;
            set.invalidate();
            expect(set.generation()).toBe(undefined);
          } else {
            const found = askAtOnce(() => step.do === 'find' ? set.find('ES256', step.kid) : set.generation());
            if (typeof found === 'number' || Array.isArray(found)) expect(now - landedAt).toBeLessThan(FRESH + STALE);
            else if (found !== undefined) waiting.push(outcome(async () => void (await found)));
          }
          await new Promise((resolve) => setTimeout(resolve, 0));
        }
        isHeld = false;
        for (const release of held.splice(0)) release();
        for (const code of await Promise.all(waiting)) expect(['accepted', 'key_set_unavailable']).toContain(code);
        expect(tooSoon).toBe(0);
        // And it recovers: it has the keys of now, and none of before.
        served = { kids: ['c'], maxAge: undefined };
        now += FRESH + STALE;
        await set.preload();
        expect([await seek(set, 'a'), await seek(set, 'b'), await seek(set, 'c')]).toEqual(['', '', 'c']);
      }),
      { numRuns: 60 },
    );
  });
});
