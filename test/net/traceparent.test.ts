import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deriveTraceparent, formatTraceparent, parseTraceparent } from '../../src/net/traceparent.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const IDS = { traceId: TRACE, parentId: SPAN };

describe('parseTraceparent', () => {
  it.each([
    [`00-${TRACE}-${SPAN}-00`, { ...IDS, sampled: false, random: false }],
    [`00-${TRACE}-${SPAN}-01`, { ...IDS, sampled: true, random: false }],
    [`00-${TRACE}-${SPAN}-02`, { ...IDS, sampled: false, random: true }],
    [`00-${TRACE}-${SPAN}-03`, { ...IDS, sampled: true, random: true }],
    // Flags that this version does not know are no mistake.
    [`00-${TRACE}-${SPAN}-ff`, { ...IDS, sampled: true, random: true }],
    [`00-${TRACE}-${SPAN}-f8`, { ...IDS, sampled: false, random: false }],
    // A later version is read as far as this one goes (section 4.3, "versioning of traceparent").
    [`01-${TRACE}-${SPAN}-01`, { ...IDS, sampled: true, random: false }],
    [`fe-${TRACE}-${SPAN}-01-`, { ...IDS, sampled: true, random: false }],
    [`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`, { ...IDS, sampled: true, random: false }],
  ])('parseTraceparent() reads %s', (text, expected) => {
    expect(parseTraceparent(text)).toStrictEqual(expected);
  });

  it.each([
    ['nothing', ''],
    ['version ff', `ff-${TRACE}-${SPAN}-01`],
    ['a trace that is all 0', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span that is all 0', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['a trace that is all 0, of a later version', `01-${'0'.repeat(32)}-${SPAN}-01`],
    ['more, of version 00', `00-${TRACE}-${SPAN}-01-more`],
    ['a trailing dash, of version 00', `00-${TRACE}-${SPAN}-01-`],
    ['more without a dash, of a later version', `cc-${TRACE}-${SPAN}-01.more`],
    ['three digits of flags', `01-${TRACE}-${SPAN}-011`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['an upper-case version', `0A-${TRACE}-${SPAN}-01`],
    ['upper-case flags', `00-${TRACE}-${SPAN}-0A`],
    ['a short trace', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['a long trace', `00-0${TRACE}-${SPAN}-01`],
    ['a short span', `00-${TRACE}-${SPAN.slice(1)}-01`],
    ['a long span', `00-${TRACE}-0${SPAN}-01`],
    ['no flags', `00-${TRACE}-${SPAN}`],
    ['a letter that is no digit', `00-${TRACE.slice(1)}g-${SPAN}-01`],
    ['underscores', `00_${TRACE}_${SPAN}_01`],
    ['a space before', ` 00-${TRACE}-${SPAN}-01`],
    ['a space behind', `00-${TRACE}-${SPAN}-01 `],
    ['a line end behind', `00-${TRACE}-${SPAN}-01\n`],
    ['a digit beyond ASCII', `00-${TRACE.slice(1)}\u0661-${SPAN}-01`],
    // Two header lines reach us joined.
    ['two of them', `00-${TRACE}-${SPAN}-01, 00-${TRACE}-${SPAN}-01`],
    ['two of them, of a later version', `cc-${TRACE}-${SPAN}-01, cc-${TRACE}-${SPAN}-01`],
  ])('parseTraceparent() refuses %s', (_what, text) => {
    expect(parseTraceparent(text)).toBe(undefined);
  });
});

describe('formatTraceparent', () => {
  it('formatTraceparent() writes version 00 and the flags that it knows, whatever it has read', () => {
    const read = parseTraceparent(`cc-${TRACE}-${SPAN}-ff-more`);
    expect(read && formatTraceparent(read)).toBe(`00-${TRACE}-${SPAN}-03`);
  });

  it.each([
    ['an empty trace', { traceId: '' }],
    ['a trace in upper case', { traceId: TRACE.toUpperCase() }],
    ['a trace that is all 0', { traceId: '0'.repeat(32) }],
    ['a span that is all 0', { parentId: '0'.repeat(16) }],
    ['a span that breaks out', { parentId: `${SPAN}\r\nx: y` }],
    ['a trace that brings its own span', { traceId: `${TRACE}-${SPAN}-01`, parentId: '' }],
    ['no span', { parentId: undefined }],
  ])('formatTraceparent() throws a TypeError for %s', (_what, wrong) => {
    const trace = { ...IDS, sampled: true, random: true, ...wrong };
    expect(() => Reflect.apply(formatTraceparent, undefined, [trace])).toThrow(TypeError);
  });

  it('parseTraceparent() undoes formatTraceparent()', () => {
    const digits = (length: number): fc.Arbitrary<string> =>
      fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length }).filter((id) =>
        !/^0+$/.test(id)
      );
    fc.assert(
      fc.property(digits(32), digits(16), fc.boolean(), fc.boolean(), (traceId, parentId, sampled, random) => {
        const trace = { traceId, parentId, sampled, random };
        expect(parseTraceparent(formatTraceparent(trace))).toStrictEqual(trace);
      }),
    );
  });
});

describe('deriveTraceparent', () => {
  const parent = { ...IDS, sampled: true, random: false };

  it('deriveTraceparent() keeps the trace and its flags, and makes a span of its own', () => {
    const child = deriveTraceparent(parent);
    expect(child).toStrictEqual({ ...parent, parentId: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(child.parentId).not.toBe(SPAN);
    expect(deriveTraceparent(parent).parentId).not.toBe(child.parentId);
  });

  it('deriveTraceparent() starts a trace of random digits that is not sampled', () => {
    const first = deriveTraceparent(undefined);
    expect(first).toMatchObject({ sampled: false, random: true });
    expect(parseTraceparent(formatTraceparent(first))).toStrictEqual(first);
    expect(deriveTraceparent(undefined).traceId).not.toBe(first.traceId);
  });

  it('deriveTraceparent() decides on sampling where it is told to', () => {
    expect(deriveTraceparent(parent, { sampled: false }).sampled).toBe(false);
    expect(deriveTraceparent(undefined, { sampled: true }).sampled).toBe(true);
  });

  it.each([{ sampled: 1 }, { sampled: 'no' }, { sample: true }, new Map()])(
    'deriveTraceparent() throws a TypeError for the options %j',
    (options) => {
      expect(() => Reflect.apply(deriveTraceparent, undefined, [parent, options])).toThrow(TypeError);
    },
  );
});
