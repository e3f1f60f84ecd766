import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from 'vitest';
import { storeConformance } from '../../src/store/conformance.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { root } from '../runtimes/install.ts';
import { findBinary } from '../runtimes/runtime.ts';

const IN_CI = process.env['CI'] !== undefined && process.env['CI'] !== '';
const deno = findBinary('deno');
if (deno === undefined && !IN_CI) {
  console.warn('SKIPPED: test/store/deno-kv needs the cached Deno, and there is none (npm run runtimes fetches it).');
}

/** Runs a program on the cached Deno, with its own KV database, type-checked against Deno's own types. Returns the JSON that it prints. */
function runOnDeno(program: string): unknown {
  if (deno === undefined) throw new Error('There is no cached Deno: npm run runtimes fetches it.');
  const flags = ['run', '--check', '--unstable-kv', '-A', '--quiet', '--no-lock', '-'];
  const { stdout, stderr, status } = spawnSync(deno, flags, { cwd: root, input: program, encoding: 'utf8' });
  if (status !== 0) throw new Error(stripVTControlCharacters(stderr));
  return JSON.parse(stdout);
}

// In CI a Deno that is not there is a failure, and not a reason to skip.
describe.skipIf(deno === undefined && !IN_CI)('denoKvStore() on a Deno KV database', () => {
  test('keeps the contract', () => {
    const proved = runOnDeno(`
      import { denoKvStore, storeConformance } from 'sallyport/store';
      const told: [string, string][] = [];
      for (const { name, run } of storeConformance(async () => denoKvStore(await Deno.openKv(':memory:')))) {
        told.push([name, await run().then(() => 'ok', String)]);
      }
      console.log(JSON.stringify(told));
    `);
    expect(proved).toEqual(storeConformance(() => memoryStore()).map(({ name }) => [name, 'ok']));
  });

  test('admits exactly the limit of 64 at once, upon one store and upon eight', () => {
    const yes = runOnDeno(`
      import { createLimiter } from 'sallyport/limiter';
      import { denoKvStore } from 'sallyport/store';
      const yes: number[] = [];
      for (const stores of [1, 8]) {
        const kv = await Deno.openKv(':memory:');
        const limiters = Array.from({ length: stores }, () =>
          createLimiter({
            store: denoKvStore(kv, { timeoutMs: 10_000, maxAttempts: 100 }),
            limits: [{ name: 'a', limit: 10, windowSeconds: 3600 }],
          }));
        const decisions = await Promise.all(
          Array.from({ length: 64 }, (_, index) => limiters[index % stores]!.consume('ada')),
        );
        yes.push(decisions.filter(({ allowed }) => allowed).length);
        kv.close();
      }
      console.log(JSON.stringify(yes));
    `);
    expect(yes).toEqual([10, 10]);
  });

  test('writes short keys and text that lapses, deletes what is dropped, and refuses what is none of its own', () => {
    const told = runOnDeno(`
      import { claim, denoKvStore, drop } from 'sallyport/store';
      const kv = await Deno.openKv(':memory:');
      const store = denoKvStore(kv, { prefix: 'shop' });
      const place = { space: 'jti', key: 'x'.repeat(1_000_000) };
      const claiming = [{ ...place, step: claim, args: { value: 'v', ttlMs: 60_000 } }];
      const list = async () => (await Array.fromAsync(kv.list<unknown>({ prefix: [] })));
      await store.run([claiming]);
      const [entry] = await list();
      await store.run([[{ ...place, step: drop, args: { expected: 'v' } }]]);
      const left = (await list()).length;
      const ask = async () => {
        try {
          return (await store.run([claiming])).groups;
        } catch (error) {
          return Reflect.get(Object(error), 'code');
        }
      };
      const codes: unknown[] = [];
      for (const garbage of [{ a: 1 }, 7, null, '?', new Uint8Array(2)]) {
        await kv.set(entry!.key, garbage);
        codes.push(await ask());
      }
      kv.close();
      const closed = await ask();
      console.log(JSON.stringify({ key: entry!.key, text: typeof entry!.value, left, codes, closed }));
    `);
    expect(told).toEqual({
      key: [expect.stringMatching(/^shop:\{#[\w-]{43}\}:jti$/)],
      text: 'string',
      left: 0,
      codes: Array.from({ length: 5 }, () => 'store_unavailable'),
      closed: 'store_unavailable',
    });
  });
});
