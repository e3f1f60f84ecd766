import { describe, expect, test } from 'vitest';
import { createValueMap } from '../../src/store/value-map.ts';

describe('createValueMap()', () => {
  test('sweeps lapsed entries while new ones come, so that it does not grow for ever', () => {
    const map = createValueMap(1000);
    for (let now = 0; now < 10_000; now++) map.write(`k${now}`, now, now + 10, now);
    expect(map.size()).toBeLessThan(50);
  });

  test('remove() forgets at once, and makes room', () => {
    const map = createValueMap(1);
    map.write('a', 1, 100, 0);
    map.remove('a');
    map.remove('a');
    expect([map.read('a', 0), map.size()]).toEqual([undefined, 0]);
    map.write('b', 2, 100, 0);
    expect(map.read('b', 0)).toBe(2);
  });

  test('save() puts back what was removed since, until it lapses', () => {
    const map = createValueMap(1);
    map.write('a', 1, 100, 0);
    const undo = map.save('a');
    map.remove('a');
    undo();
    expect([map.read('a', 99), map.read('a', 100)]).toEqual([1, undefined]);
  });

  // The sweeper walks the map while entries go: it must neither fail nor leave lapsed ones for ever.
  test('sweeps on when entries are removed between', () => {
    const map = createValueMap(1000);
    for (let now = 0; now < 10_000; now++) {
      map.write(`k${now}`, now, now + 10, now);
      if (now % 3 === 0) map.remove(`k${now - 5}`);
    }
    expect(map.size()).toBeLessThan(50);
  });

  test('save() puts back what stood, and nothing where nothing stood', () => {
    const map = createValueMap(8);
    map.write('old', 1, 100, 0);
    const undoOld = map.save('old');
    const undoNew = map.save('new');
    map.write('old', 2, 100, 0);
    map.write('new', 2, 100, 0);
    undoOld();
    undoNew();
    expect([map.read('old', 0), map.read('new', 0), map.size()]).toEqual([1, undefined, 1]);
  });
});
