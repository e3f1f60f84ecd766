import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIp, parseIp } from '../../src/net/ip.ts';
import { IP_ADDRESSES, NOT_IP_ADDRESSES } from '../vectors/ip-addresses.ts';

const MAPPED = 0xffffn << 32n;

const groupArbitrary = fc.oneof(fc.constant(0), fc.nat(0xffff), fc.constant(0xffff));
const groupsArbitrary = fc.array(groupArbitrary, { minLength: 8, maxLength: 8 });

function valueOf(groups: readonly number[]): bigint {
  return groups.reduce((value, group) => (value << 16n) | BigInt(group), 0n);
}

function toValue(words: readonly number[]): bigint {
  return words.reduce((value, word) => (value << 32n) | BigInt(word), 0n);
}

/** One of the many spellings of an address: case, leading zeros, "::" at any run of zeros, dotted decimal at the end. */
function spell(
  groups: readonly number[],
  choices: { upper: boolean; pad: boolean; dotted: boolean; start: number; length: number },
): string {
  const parts = groups.map((group) => group.toString(16).padStart(choices.pad ? 4 : 1, '0'));
  const [high = 0, low = 0] = groups.slice(6);
  if (choices.dotted) parts.splice(6, 2, [high >> 8, high & 255, low >> 8, low & 255].join('.'));
  const end = Math.min(choices.start + choices.length, choices.dotted ? 6 : 8);
  const zeros = groups.slice(choices.start, end).every((group) => group === 0) && end > choices.start;
  const text = zeros ? `${parts.slice(0, choices.start).join(':')}::${parts.slice(end).join(':')}` : parts.join(':');
  return choices.upper ? text.toUpperCase() : text;
}

const choicesArbitrary = fc.record({
  upper: fc.boolean(),
  pad: fc.boolean(),
  dotted: fc.boolean(),
  start: fc.nat(7),
  length: fc.nat(8),
});

describe('parseIp', () => {
  it.each(IP_ADDRESSES)('parseIp() reads %s as %s', (text, canonical) => {
    const ip = parseIp(text);
    expect(ip && formatIp(ip)).toBe(canonical);
  });

  // RFC 6943 section 3.1.1: what one parser takes for 8.0.0.1 and another for 10.0.0.1 passes a list of one of them.
  it.each(NOT_IP_ADDRESSES)('parseIp() refuses %j', (text) => {
    expect(parseIp(text)).toBe(undefined);
  });

  it('parseIp() reads every spelling of an address as the same number', () => {
    fc.assert(
      fc.property(groupsArbitrary, choicesArbitrary, (groups, choices) => {
        const value = valueOf(groups);
        const ip = parseIp(spell(groups, choices));
        const mapped = (value >> 32n) << 32n === MAPPED;
        expect(ip?.version).toBe(mapped ? 4 : 6);
        expect(toValue(ip?.words ?? [])).toBe(mapped ? value - MAPPED : value);
      }),
      { numRuns: 1000 },
    );
  });

  it('parseIp() reads every IPv4 address as its number, mapped or not', () => {
    fc.assert(
      fc.property(fc.nat(0xffff_ffff), (value) => {
        const text = [24, 16, 8, 0].map((by) => (value >>> by) & 255).join('.');
        for (
          const spelling of [
            text,
            `::ffff:${text}`,
            `::FFFF:${(value >>> 16).toString(16)}:${(value & 0xffff).toString(16)}`,
          ]
        ) {
          expect(parseIp(spelling)).toStrictEqual({ version: 4, words: [value] });
        }
      }),
    );
  });

  it('parseIp() takes for IPv6 nothing that the URL parser refuses', () => {
    const text = fc.string({
      unit: fc.constantFrom(':', ':', ':', '0', '1', 'f', '.', '2', 'g', '%'),
      minLength: 2,
      maxLength: 20,
    });
    fc.assert(
      fc.property(text, (input) => {
        const ip = parseIp(input);
        if (input.includes(':') && ip !== undefined) expect(() => new URL(`http://[${input}]/`)).not.toThrow();
      }),
      { numRuns: 5000 },
    );
  });

  it('parseIp() refuses a megabyte at once', () => {
    for (const text of [':', '1:', '1.', '0', '::']) expect(parseIp(text.repeat(1_000_000))).toBe(undefined);
  });
});

describe('formatIp', () => {
  it('formatIp() writes what parseIp() reads as the same address', () => {
    fc.assert(
      fc.property(groupsArbitrary, choicesArbitrary, (groups, choices) => {
        const ip = parseIp(spell(groups, choices));
        expect(ip && parseIp(formatIp(ip))).toStrictEqual(ip);
      }),
    );
  });

  it('formatIp() gives all spellings of one address one text', () => {
    fc.assert(
      fc.property(groupsArbitrary, choicesArbitrary, choicesArbitrary, (groups, left, right) => {
        const [first, second] = [parseIp(spell(groups, left)), parseIp(spell(groups, right))];
        expect(first && formatIp(first)).toBe(second && formatIp(second));
      }),
    );
  });

  // The URL serializer follows the same rules as RFC 5952, and somebody else wrote it.
  it('formatIp() writes IPv6 as the URL serializer does', () => {
    fc.assert(
      fc.property(groupsArbitrary, (groups) => {
        const text = groups.map((group) => group.toString(16)).join(':');
        const ip = parseIp(text);
        fc.pre(ip?.version === 6);
        expect(ip && `[${formatIp(ip)}]`).toBe(new URL(`http://[${text}]/`).hostname);
      }),
    );
  });
});
