import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseIp } from '../../src/net/ip.ts';
import { ip } from '../../src/schema/ip.ts';
import { parse } from '../../src/schema/parse.ts';
import { IP_ADDRESSES, NOT_IP_ADDRESSES } from '../vectors/ip-addresses.ts';
import { testFormat } from './format-laws.ts';

const good = IP_ADDRESSES.map(([text]) => text);

testFormat({
  name: 'ip',
  schema: ip(),
  max: 45,
  good,
  // Hostile list 34.
  bad: NOT_IP_ADDRESSES,
  valid: fc.oneof(fc.ipV4(), fc.ipV6()),
  oracle: (text) => parseIp(text) !== undefined,
});

describe('ip({ version })', () => {
  test('ip() tells the versions by their form', () => {
    for (const text of good) {
      const isGroups = text.includes(':');
      expect(parse(ip({ version: 4 }), text).ok, text).toBe(!isGroups);
      expect(parse(ip({ version: 6 }), text).ok, text).toBe(isGroups);
    }
  });

  test('ip() counts a mapped address as version 6, whose form it has', () => {
    expect(parse(ip({ version: 6 }), '::ffff:192.0.2.1').ok).toBe(true);
    expect(parse(ip({ version: 4 }), '::ffff:c000:1')).toMatchObject({
      issues: [{ code: 'not_ip', message: 'must be an IPv4 address', params: { version: 4 } }],
    });
  });

  test.each(NOT_IP_ADDRESSES)('ip() of either version refuses %j', (text) => {
    expect(parse(ip({ version: 4 }), text).ok).toBe(false);
    expect(parse(ip({ version: 6 }), text).ok).toBe(false);
  });

  test('ip() says its version as data', () => {
    expect(ip({ version: 4 })['~kind']).toEqual({ type: 'string', min: 0, max: 15, format: 'ipv4' });
    expect(ip({ version: 6 })['~kind']).toEqual({ type: 'string', min: 0, max: 45, format: 'ipv6' });
  });

  test.each(['{"version":5}', '{"version":"4"}', '{"version":null}', '{"verson":4}', '[]', 'null', '"v4"'])(
    'ip() throws on the options %s',
    (json) => {
      expect(() => ip(JSON.parse(json))).toThrow(TypeError);
    },
  );

  // Hostile list 5.
  test('ip() takes the version from its own options alone', () => {
    Reflect.set(Object.prototype, 'version', 4);
    try {
      expect(parse(ip({}), '::1').ok).toBe(true);
    } finally {
      Reflect.deleteProperty(Object.prototype, 'version');
    }
  });
});
