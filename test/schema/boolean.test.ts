import { describe, expect, test } from 'vitest';
import { boolean } from '../../src/schema/boolean.ts';
import { parse } from '../../src/schema/parse.ts';

describe('boolean()', () => {
  test.each([true, false])('boolean() lets %s through', (value) => {
    expect(parse(boolean(), value)).toEqual({ ok: true, value });
  });

  // Hostile list 37: "false" is truthy; JSON is never coerced.
  test.each(['true', 'false', '', 0, 1, null, undefined, Object(true)])('boolean() refuses %j', (value) => {
    expect(parse(boolean(), value)).toMatchObject({ ok: false, issues: [{ code: 'not_boolean', path: [] }] });
  });
});
