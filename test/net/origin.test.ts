import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import { parseOrigin } from '../../src/net/origin.ts';
import { NOT_ORIGINS, ORIGINS } from '../vectors/origins.ts';

describe('parseOrigin()', () => {
  test.each(ORIGINS)('parseOrigin() reads %s', (text, scheme, host, port) => {
    expect(parseOrigin(text)).toEqual({ scheme, host, port });
  });

  // RFC 6454 section 6.2 has one spelling; whatever is written otherwise would never equal a browser's header.
  test.each(NOT_ORIGINS)('parseOrigin() refuses %j', (text) => {
    expect(parseOrigin(text)).toBeUndefined();
  });

  test('parseOrigin() refuses a long text without reading it', () => {
    expect(parseOrigin(`https://${'a-'.repeat(500_000)}`)).toBeUndefined();
  });

  // The platform's parser is the oracle: what this one accepts, a browser would have sent exactly so.
  test('parseOrigin() accepts only what the platform serialises to the same text', () => {
    const label = fc.stringMatching(/^[a-zA-Z0-9-]{1,6}$/);
    const text = fc.tuple(
      fc.constantFrom('http', 'https', 'HTTP', 'ws', 'file'),
      fc.constantFrom('://', ':', ':/'),
      fc.oneof(
        fc.array(label, { minLength: 1, maxLength: 4 }).map((labels) => labels.join('.')),
        fc.ipV4(),
        fc.ipV6().map((ip) => `[${ip}]`),
      ),
      fc.oneof(fc.constant(''), fc.nat(70_000).map((port) => `:${port}`)),
    ).map((parts) => parts.join(''));
    fc.assert(fc.property(text, (candidate) => {
      if (parseOrigin(candidate) !== undefined) expect(new URL(candidate).origin).toBe(candidate);
    }));
  });
});
