import { describe, expect, test } from 'vitest';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { ALGORITHMS, PER_SECOND } from './set-up.ts';

describe('createLimiter()', () => {
  const SENSELESS: readonly unknown[] = [undefined, null, Number.NaN, -1, Infinity, '0', true, [], {}, [0, 0, 0, 0]];
  const FAIR = { used: 0, waitUs: 0, resetUs: 0, resetAfterUs: 0 };
  const SENSELESS_WINDOWS: readonly unknown[] = [
    ...SENSELESS,
    0,
    ...[Number.NaN, -1, -Infinity, '0', null, undefined].flatMap((value) => [
      { ...FAIR, used: value },
      { ...FAIR, waitUs: value },
      { ...FAIR, resetUs: value, resetAfterUs: value },
    ]),
    { ...FAIR, used: Infinity },
    { ...FAIR, resetUs: Infinity, resetAfterUs: Infinity },
  ];
  // What no algorithm can read must never count as a yes, and as little as a no with numbers that go into a header.
  test.each(ALGORITHMS)(
    'refuses with store_unavailable when the store answers what is none of %s',
    (name, algorithm) => {
      for (const result of name === 'gcra' ? SENSELESS : SENSELESS_WINDOWS) {
        for (const ok of [true, false]) {
          for (const results of [[result], [], [result, result], new Array<unknown>(1), null]) {
            const store = { run: () => ({ nowMs: 0, groups: [{ ok, results: results as readonly unknown[] }] }) };
            const limiter = createLimiter({ store, limits: [{ ...PER_SECOND, algorithm }] });
            expect(() => limiter.consume('a')).toThrow(expect.objectContaining({ code: 'store_unavailable' }));
          }
        }
      }
    },
  );

  test.each(ALGORITHMS)(
    'reads an answer of %s in which one limit of several makes no sense as none',
    (name, algorithm) => {
      const fair = name === 'gcra' ? 0 : FAIR;
      const limits = ['one', 'two', 'three'].map((rule) => ({ ...PER_SECOND, name: rule, algorithm }));
      const answering = (results: readonly unknown[]) =>
        createLimiter({ store: { run: () => ({ nowMs: 0, groups: [{ ok: true, results }] }) }, limits });
      expect(answering([fair, fair, fair]).consume('a')).toMatchObject({ allowed: true });
      for (
        const results of [[fair, undefined, fair], [fair, fair, undefined], [fair, fair], [fair, fair, fair, fair]]
      ) {
        expect(() => answering(results).consume('a')).toThrow(expect.objectContaining({ code: 'store_unavailable' }));
      }
    },
  );

  // A clock that is broken must not admit everyone: NaN is never more than a limit.
  test.each(ALGORITHMS)('admits nobody by a clock that tells no number: %s', (_name, algorithm) => {
    for (const time of [Number.NaN, Infinity, undefined as never]) {
      const limiter = createLimiter({
        store: memoryStore({ clock: () => time }),
        limits: [{ ...PER_SECOND, algorithm }],
      });
      expect(() => limiter.consume('a')).toThrow(expect.objectContaining({ code: 'store_unavailable' }));
    }
  });
});
