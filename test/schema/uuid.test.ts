import fc from 'fast-check';
import { uuid } from '../../src/schema/uuid.ts';
import { NOT_UUIDS, UUIDS } from '../vectors/format-uuid.ts';
import { testFormat } from './format-laws.ts';

const digit = fc.constantFrom(...'0123456789abcdefABCDEF');
const group = (length: number): fc.Arbitrary<string> =>
  fc.array(digit, { minLength: length, maxLength: length }).map((digits) => digits.join(''));

/** RFC 9562 section 4, letter by letter. */
function isUuid(text: string): boolean {
  return text.length === 36 && Array.from(text, (letter, index) => {
    return [8, 13, 18, 23].includes(index) ? letter === '-' : '0123456789abcdefABCDEF'.includes(letter);
  }).every(Boolean);
}

testFormat({
  name: 'uuid',
  schema: uuid(),
  max: 36,
  good: UUIDS,
  bad: NOT_UUIDS,
  valid: fc.tuple(...[8, 4, 4, 4, 12].map(group)).map((groups) => groups.join('-')),
  oracle: isUuid,
});
