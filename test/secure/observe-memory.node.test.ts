// Not portable: only Node tells what is left when all that nobody can reach is gone.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Context } from '../../src/secure/context.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, get, ok, PEER } from './fixtures.ts';
import { REPORT } from './watched.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

/** Lets jobs end that hold what they have finished with, then collects. */
async function settle(): Promise<void> {
  for (let round = 0; round < 3; round++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    collect();
  }
}

/** How many of these anybody can still reach. */
function alive(refs: readonly WeakRef<object>[]): number {
  return refs.filter((ref) => ref.deref() !== undefined).length;
}

// Hostile list 73: a sink that hangs. The listener keeps its promises, as one that waits for a dead log server does; what is ours must go.
test('secure() keeps no event, request or context of 10,000 requests whose listener never settles', async () => {
  const kept: Promise<never>[] = [];
  const [events, requests, contexts]: [WeakRef<object>[], WeakRef<object>[], WeakRef<object>[]] = [[], [], []];
  const { auth } = bearer();
  const handler = secure({
    methods: ['GET'],
    auth,
    scopes: ['orders:write'],
    mode: createModes({ scopes: REPORT }),
    clock: () => 0,
    onEvent: (event) => {
      events.push(new WeakRef(event));
      const never = new Promise<never>(() => undefined);
      kept.push(never);
      return never;
    },
  }, (_request, context: Context) => {
    contexts.push(new WeakRef(context));
    return ok();
  });
  const serve = async (): Promise<void> => {
    const request = get('/', as('reader'));
    requests.push(new WeakRef(request));
    await (await handler(request, PEER)).text();
  };

  for (let n = 0; n < 1000; n++) await serve();
  await settle();
  const before = process.memoryUsage().heapUsed;
  for (let n = 0; n < 10_000; n++) await serve();
  await settle();

  // A would_deny and an allowed for each, and the announcement.
  expect([kept.length, events.length, requests.length, contexts.length]).toEqual([22_001, 22_001, 11_000, 11_000]);
  // The last ones may still be on the stack.
  expect([alive(events), alive(requests), alive(contexts)].every((count) => count <= 2)).toBe(true);
  // The test's own promises, their reactions and its weak references; with each event it would be three times as much.
  expect((process.memoryUsage().heapUsed - before) / 10_000).toBeLessThan(1500);
});
