import fc from 'fast-check';
import { duration } from '../../src/schema/duration.ts';
import { DURATIONS, NOT_DURATIONS } from '../vectors/format-duration.ts';
import { testFormat } from './format-laws.ts';
import { readDigits } from './format-oracles.ts';

const count = fc.nat(100_000).map(String);
const run = (units: string): fc.Arbitrary<string> =>
  fc.tuple(fc.nat(units.length - 1), fc.nat(units.length - 1), fc.array(count, { minLength: 3, maxLength: 3 }))
    .map(([one, other, counts]) => {
      const chosen = units.slice(Math.min(one, other), Math.max(one, other) + 1);
      return Array.from(chosen, (unit, index) => `${counts[index]}${unit}`).join('');
    });
const time = run('HMS').map((text) => `T${text}`);
const day = fc.tuple(run('YMD'), fc.oneof(fc.constant(''), time)).map((parts) => parts.join(''));

/** Numbers, each before its unit, which are a run of `units`. */
function isRun(text: string, units: string): boolean {
  let letters = '';
  let digits = '';
  for (const letter of text) {
    if (readDigits(letter) !== undefined) digits += letter;
    else if (digits === '') return false;
    else [letters, digits] = [letters + letter, ''];
  }
  return letters !== '' && digits === '' && units.includes(letters);
}

/** RFC 3339 appendix A, split at its letters. */
function isDuration(text: string): boolean {
  if (!text.startsWith('P')) return false;
  const [days = '', times, ...more] = text.slice(1).split('T');
  if (more.length > 0) return false;
  if (times === undefined) return isRun(days, 'YMD') || isRun(days, 'W');
  return (days === '' || isRun(days, 'YMD')) && isRun(times, 'HMS');
}

testFormat({
  name: 'duration',
  schema: duration(),
  max: 64,
  good: DURATIONS,
  bad: NOT_DURATIONS,
  valid: fc.oneof(time, day, count.map((weeks) => `${weeks}W`)).map((text) => `P${text}`),
  oracle: isDuration,
});
