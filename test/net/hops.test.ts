import { describe, expect, it } from 'vitest';
import { bareHop, elementAt, elementStart, parseNode, walkHops } from '../../src/net/hops.ts';
import { parseIp } from '../../src/net/ip.ts';
import { quotedElementStart } from '../../src/net/quoted.ts';

const PEER = { version: 4, words: [1] } as const;

/** How many elements a walk over a header reads, and of how many characters. */
function workOf(header: string, startOf = elementStart): readonly [elements: number, characters: number] {
  let elements = 0;
  let characters = 0;
  walkHops(header, PEER, () => true, (text, end) => {
    const start = startOf(text, end);
    characters += end - start + 1;
    return start;
  }, (element) => {
    elements++;
    return bareHop(parseIp(element));
  });
  return [elements, characters];
}

describe('walkHops()', () => {
  // P2: a header of any length costs what its last 32 elements cost.
  it.each([elementStart, quotedElementStart])('reads at most 32 elements, and no character twice', (startOf) => {
    for (const text of ['10.0.0.1,', 'a', ',', '"', '\\"', ' ', '10.0.0.1 , "'].map((unit) => unit.repeat(10_000))) {
      const [elements, characters] = workOf(text, startOf);
      expect(elements).toBeLessThanOrEqual(32);
      expect(characters).toBeLessThanOrEqual(text.length + 32);
    }
    expect(workOf('10.0.0.1,'.repeat(10_000) + '10.0.0.1')).toStrictEqual([32, 32 * 9]);
  });

  it('takes the peer for the client where nothing is said', () => {
    expect(walkHops('', PEER, () => true, elementStart, () => bareHop(undefined))).toStrictEqual({
      hop: bareHop(PEER),
      place: -1,
    });
  });
});

describe('elementAt()', () => {
  it.each([
    [null, 0, undefined],
    ['', 0, ''],
    ['a', 0, 'a'],
    ['a', 5, 'a'],
    ['a, b', 0, 'b'],
    ['a, b', 1, 'a'],
    ['a, b', 2, undefined],
    ['a, b', -1, undefined],
    [',', 1, ''],
    [',', 0, ''],
  ])('finds in %j at %i from the right: %j', (header, place, expected) => {
    expect(elementAt(header, place)).toBe(expected);
  });
});

describe('parseNode()', () => {
  // P6
  it.each([
    '192.0.2.1',
    '192.0.2.1:0',
    '192.0.2.1:65535',
    '192.0.2.1:00080',
    '192.0.2.1:_p',
    '[::ffff:192.0.2.1]',
    '[::ffff:c000:201]:80',
    '[::FFFF:192.0.2.1]:_a.b-c_9',
  ])('reads %s', (text) => {
    expect(parseNode(text)).toStrictEqual({ version: 4, words: [0xc000_0201] });
  });

  it.each([
    '',
    'unknown',
    '_hidden',
    '192.0.2.1:',
    '192.0.2.1:_',
    '192.0.2.1:65536',
    '192.0.2.1:99999',
    '192.0.2.1:+1',
    '192.0.2.1:80:80',
    '192.0.2.1 ',
    '[192.0.2.1]',
    '[::1',
    '::1]',
    '[::1]x',
    '[::1]80',
    '[]:80',
    '[::1%eth0]',
    '::1',
    '2001:db8::1:80',
    'a:80',
  ])('refuses %j', (text) => {
    expect(parseNode(text)).toBe(undefined);
  });
});
