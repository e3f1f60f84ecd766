import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/schema/check.ts';
import { date } from '../../src/schema/date.ts';
import { DATES, NOT_DATES } from '../vectors/format-date.ts';
import { testFormat } from './format-laws.ts';
import { isDay } from './format-oracles.ts';

const pad = (value: number, digits: number): string => String(value).padStart(digits, '0');

testFormat({
  name: 'date',
  schema: date(),
  max: 10,
  good: DATES,
  bad: NOT_DATES,
  valid: fc.date({
    min: new Date('0000-01-01T00:00:00Z'),
    max: new Date('9999-12-31T23:59:59Z'),
    noInvalidDate: true,
  }).map((when) => when.toISOString().slice(0, 10)),
  oracle: isDay,
});

describe('date() and the calendar', () => {
  // RFC 3339 section 5.7 and appendix C, all of it: 400 years and whatever surrounds the months and days.
  test('date() knows every day of four centuries, and no other', () => {
    const schema = date();
    const wrong: string[] = [];
    for (let year = 1800; year < 2200; year++) {
      for (let month = 0; month <= 13; month++) {
        for (const day of [0, 1, 27, 28, 29, 30, 31, 32, 99]) {
          const text = `${year}-${pad(month, 2)}-${pad(day, 2)}`;
          if (check(schema, text) !== isDay(text)) wrong.push(text);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
