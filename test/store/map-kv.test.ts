import { describe, expect, test } from 'vitest';
import { createMapKv } from '../../src/store/map-kv.ts';
import type { KvEntry, KvWrite, VersionedKv } from '../../src/store/versioned-kv.ts';

const writing = (key: string, value: string | undefined, expected?: string | number): KvWrite => ({
  key,
  value,
  expected,
  expiresInMs: 100,
});

async function find(kv: VersionedKv, key: string): Promise<KvEntry | undefined> {
  return (await kv.read([key]))[0];
}

describe('createMapKv()', () => {
  test('reads what was written, in the order that was asked', async () => {
    const kv = createMapKv();
    expect(kv.commit([writing('a', '1'), writing('b', '2')])).toBe(true);
    expect((await kv.read(['b', 'none', 'a'])).map((entry) => entry?.value)).toEqual(['2', undefined, '1']);
  });

  test('writes nothing when one of the versions is another', async () => {
    const kv = createMapKv();
    kv.commit([writing('a', '1')]);
    expect(kv.commit([writing('b', '2'), writing('a', '2')])).toBe(false);
    expect(kv.commit([writing('b', '2'), writing('a', '2', -1)])).toBe(false);
    expect((await kv.read(['a', 'b'])).map((entry) => entry?.value)).toEqual(['1', undefined]);
  });

  // Or one who read the first would overwrite the second.
  test('gives a key that was gone another version', async () => {
    const kv = createMapKv();
    kv.commit([writing('a', '1')]);
    const first = await find(kv, 'a');
    kv.commit([writing('a', undefined, first?.version)]);
    expect(await find(kv, 'a')).toBeUndefined();
    kv.commit([writing('a', '1')]);
    expect((await find(kv, 'a'))?.version).not.toBe(first?.version);
    expect(kv.commit([writing('a', '2', first?.version)])).toBe(false);
  });

  test('forgets what has lapsed', async () => {
    let nowMs = 0;
    const kv = createMapKv({ clock: () => nowMs });
    kv.commit([writing('a', '1')]);
    nowMs = 99;
    expect(await find(kv, 'a')).toBeDefined();
    nowMs = 100;
    expect(await find(kv, 'a')).toBeUndefined();
    expect(kv.commit([writing('a', '2')])).toBe(true);
  });

  test('writes nothing of what it has no room for, and says so', async () => {
    const kv = createMapKv({ maxKeys: 2 });
    kv.commit([writing('a', '1')]);
    const before = await find(kv, 'a');
    expect(() => kv.commit([writing('a', '2', before?.version), writing('b', '1'), writing('c', '1')])).toThrow(
      expect.objectContaining({ code: 'store_unavailable' }),
    );
    expect(await kv.read(['a', 'b', 'c'])).toEqual([before, undefined, undefined]);
  });

  test.each([[{ maxKeys: 0 }, RangeError], [{ maxKeys: 2 ** 25 }, RangeError], [{ clock: 1 }, TypeError], [
    { size: 1 },
    TypeError,
  ]])('throws at creation for %o', (options, error) => {
    // Callers without types pass such options.
    expect(() => createMapKv(options as never)).toThrow(error);
  });
});
