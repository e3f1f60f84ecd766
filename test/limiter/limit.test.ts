import { describe, expect, test } from 'vitest';
import { fixedWindow } from '../../src/limiter/fixed-window.ts';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { slidingLog } from '../../src/limiter/sliding-log.ts';
import { slidingWindow } from '../../src/limiter/sliding-window.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { ALGORITHMS, PER_SECOND } from './set-up.ts';

describe('createLimiter()', () => {
  const OTHERS = ALGORITHMS.filter(([name]) => name !== 'gcra');
  test.each(OTHERS)('throws at creation for a burst of %s, which would be without effect', (_name, algorithm) => {
    const create = () => createLimiter({ store: memoryStore(), limits: [{ ...PER_SECOND, algorithm, burst: 10 }] });
    expect(create).toThrow(TypeError);
    expect(create).toThrow(/^Cannot create limiter: /);
  });

  test.each([
    ['a log of more than 1,000', { limit: 1001, windowSeconds: 60, algorithm: slidingLog }],
    ['a product that cannot be compared exactly', {
      limit: 28_562,
      windowSeconds: 315_360_000,
      algorithm: slidingWindow,
    }],
    ['the most by the longest', { limit: 2 ** 31, windowSeconds: 315_360_000, algorithm: slidingWindow }],
  ])('throws a RangeError at creation for %s', (_what, options) => {
    const create = () => createLimiter({ store: memoryStore(), limits: [{ name: 'a', ...options }] });
    expect(create).toThrow(RangeError);
    expect(create).toThrow(/^Cannot create limiter: /);
  });

  test.each([
    ['nothing', null],
    ['its name', 'fixedWindow'],
    ['a function', () => fixedWindow],
    ['its step alone', fixedWindow.step],
    ['an object', {}],
    ['one without a step', { ...fixedWindow, step: undefined }],
    ['one whose step does nothing', { ...fixedWindow, step: { name: 'a', kind: 'value' } }],
    ['one whose step has no name', { ...fixedWindow, step: { ...fixedWindow.step, name: undefined } }],
    ['one that cannot compile', { ...fixedWindow, compile: undefined }],
    ['one that cannot describe', { ...fixedWindow, describe: 'used' }],
  ])('throws a TypeError at creation when the algorithm is %s', (_what, algorithm) => {
    // Callers without types pass such options.
    const options = { store: memoryStore(), limits: [{ ...PER_SECOND, algorithm: algorithm as never }] };
    expect(() => createLimiter(options)).toThrow(TypeError);
    expect(() => createLimiter(options)).toThrow(/^Cannot create limiter: algorithm must be an algorithm/);
  });
});
