import { expect, it } from 'vitest';
import { countPassed } from './count-passed.ts';

it.each([
  ['      Tests  7 passed (7)', 7],
  ['      Tests  3 failed | 61 passed (64)', 61],
  ['      Tests  61 passed | 2 skipped (63)', 61],
  [' 39 pass\n 25 fail', 39],
  ['      Tests  3 failed (3)', 0],
  ['      Tests  no tests', 0],
  [' 0 pass\n 0 fail', 0],
  ['', 0],
])('countPassed() reads %j', (output, passed) => {
  expect(countPassed(output)).toBe(passed);
});
