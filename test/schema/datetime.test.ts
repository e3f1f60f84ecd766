import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/schema/check.ts';
import { datetime } from '../../src/schema/datetime.ts';
import { DATETIMES, NOT_DATETIMES } from '../vectors/format-datetime.ts';
import { mutated, testFormat } from './format-laws.ts';
import { isDay, readDigits } from './format-oracles.ts';

const pad = (value: number): string => String(value).padStart(2, '0');
const clock = fc.tuple(fc.nat(23), fc.nat(59)).map((parts) => parts.map(pad).join(':'));
const offset = fc.oneof(fc.constant('Z'), fc.tuple(fc.constantFrom('+', '-'), clock).map((parts) => parts.join('')));
const fraction = fc.oneof(
  fc.constant(''),
  fc.array(fc.constantFrom(...'0123456789'), { minLength: 1, maxLength: 9 }).map((digits) => `.${digits.join('')}`),
);
const valid = fc.tuple(fc.constantFrom('2024-02-29', '1985-04-12', '0000-01-01'), clock, fc.nat(59), fraction, offset)
  .map(([day, time, second, part, zone]) => `${day}T${time}:${pad(second)}${part}${zone}`);

/** `12:30`, where the hour is at most 23 and the minute at most 59. */
function isClock(text: string): boolean {
  const [hour = '', minute = '', ...more] = text.split(':');
  return text.length === 5 && hour.length === 2 && more.length === 0 && (readDigits(hour) ?? 24) < 24 &&
    (readDigits(minute) ?? 60) < 60;
}

/** RFC 3339 section 5.6 (date-time), piece by piece. */
function isMoment(text: string): boolean {
  if (!isDay(text.slice(0, 10)) || text[10] !== 'T' || !isClock(text.slice(11, 16)) || text[16] !== ':') return false;
  const second = text.slice(17, 19);
  if (second.length !== 2 || (readDigits(second) ?? 60) > 59) return false;
  const rest = text.slice(19);
  const zone = rest.endsWith('Z') ? 'Z' : rest.slice(-6);
  if (zone !== 'Z' && !('+-'.includes(zone.charAt(0)) && isClock(zone.slice(1)))) return false;
  const part = rest.slice(0, rest.length - zone.length);
  return part === '' || (part.startsWith('.') && part.length < 11 && readDigits(part.slice(1)) !== undefined);
}

testFormat({
  name: 'datetime',
  schema: datetime(),
  max: 35,
  good: DATETIMES,
  bad: NOT_DATETIMES,
  valid,
  oracle: isMoment,
});

describe('datetime() and Date', () => {
  test('datetime() lets nothing through that Date.parse has no number for', () => {
    const schema = datetime();
    for (const text of DATETIMES) expect(Date.parse(text), text).not.toBeNaN();
    fc.assert(fc.property(fc.oneof(valid, mutated(valid)), (text) => {
      if (check(schema, text)) expect(Date.parse(text), text).not.toBeNaN();
    }));
  });

  test('datetime() takes every second of a day, and none beyond', () => {
    const schema = datetime();
    const taken = (part: (value: number) => string): number[] =>
      Array.from({ length: 100 }, (_, value) => value).filter((value) => check(schema, part(value)));
    const below = (count: number): number[] => Array.from({ length: count }, (_, value) => value);
    expect(taken((value) => `2024-02-29T${pad(value)}:00:00Z`)).toEqual(below(24));
    expect(taken((value) => `2024-02-29T00:${pad(value)}:00Z`)).toEqual(below(60));
    expect(taken((value) => `2024-02-29T23:59:${pad(value)}Z`)).toEqual(below(60));
    expect(taken((value) => `2024-02-29T00:00:00+${pad(value)}:00`)).toEqual(below(24));
    expect(taken((value) => `2024-02-29T00:00:00-00:${pad(value)}`)).toEqual(below(60));
  });
});
