import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { email } from '../../src/schema/email.ts';
import { parse } from '../../src/schema/parse.ts';
import { EMAILS, NOT_EMAILS } from '../vectors/format-email.ts';
import { HOSTNAMES, LABELS, testFormat } from './format-laws.ts';
import { isHostName } from './format-oracles.ts';

const ATEXT = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789!#$%&'*+-/=?^_`{|}~";

const atom = fc.array(fc.constantFrom(...ATEXT), { minLength: 1, maxLength: 20 }).map((letters) => letters.join(''));
const local = fc.array(atom, { minLength: 1, maxLength: 3 }).map((atoms) => atoms.join('.'));
const domain = fc.tuple(LABELS, HOSTNAMES).map((parts) => parts.join('.'));

/** RFC 5321 section 4.1.2, letter by letter. */
function isEmail(text: string): boolean {
  const [mailbox = '', host = '', ...more] = text.split('@');
  if (more.length > 0 || mailbox.length > 64) return false;
  const atoms = mailbox.split('.');
  return atoms.every((one) => one !== '' && [...one].every((letter) => ATEXT.includes(letter))) &&
    host.split('.').length > 1 && isHostName(host);
}

testFormat({
  name: 'email',
  schema: email(),
  max: 254,
  good: EMAILS,
  bad: NOT_EMAILS,
  valid: fc.tuple(local, domain).map((parts) => parts.join('@')),
  oracle: isEmail,
});

describe('email() as text', () => {
  test('email() neither trims nor changes case', () => {
    expect(parse(email(), 'Ada@Example.COM')).toEqual({ ok: true, value: 'Ada@Example.COM' });
    expect(parse(email(), ' ada@example.com').ok).toBe(false);
  });

  // RFC 5321 section 4.5.3.1.1 and 4.5.3.1.3.
  test('email() takes 64 characters before the @, and 254 in all, and not one more', () => {
    const rest = (length: number): string => `@${`${'b'.repeat(49)}.`.repeat(4)}`.slice(0, length - 3) + 'com';
    const whole = (size: number, length: number): string => 'a'.repeat(size) + rest(length - size);
    const answers = [whole(64, 254), whole(64, 255), whole(65, 254), whole(65, 120), whole(64, 120)];
    expect(answers.map((text) => parse(email(), text).ok)).toEqual([true, false, false, false, true]);
  });
});
