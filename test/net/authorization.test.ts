import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatChallenge, parseAuthorization } from '../../src/net/authorization.ts';

/** A stand-in with one value: some platforms refuse, trim or rewrite the values that must be tested here. */
function headersWith(authorization: string | null): Headers {
  return { get: (name: string) => (name === 'authorization' ? authorization : null) } as Headers;
}

describe('parseAuthorization', () => {
  it.each([
    ['Bearer abc', 'bearer', 'abc'],
    ['bearer abc', 'bearer', 'abc'],
    ['BEARER abc', 'bearer', 'abc'],
    ['DPoP a.b.c', 'dpop', 'a.b.c'],
    ['Basic dXNlcjpwYXNz', 'basic', 'dXNlcjpwYXNz'],
    ['Bearer A-Za-z0-9-._~+/', 'bearer', 'A-Za-z0-9-._~+/'],
    ['Bearer abc==', 'bearer', 'abc=='],
  ])('parseAuthorization() reads %j', (value, scheme, token) => {
    expect(parseAuthorization(new Headers({ authorization: value }))).toStrictEqual({ scheme, token });
  });

  it('parseAuthorization() answers undefined without a header', () => {
    expect(parseAuthorization(new Headers())).toBe(undefined);
  });

  // RFC 6750 section 2.1, RFC 9110 section 11.4: b64token and token68 alone.
  it.each([
    ['an empty value', ''],
    ['a scheme alone', 'Bearer'],
    ['a scheme and a space', 'Bearer '],
    ['no scheme', ' abc'],
    ['two spaces', 'Bearer  abc'],
    ['a tab', 'Bearer\tabc'],
    ['a no-break space', 'Bearer\u00a0abc'],
    ['a trailing space', 'Bearer abc '],
    ['two tokens', 'Bearer abc def'],
    ['two headers, joined', 'Bearer abc, Bearer def'],
    ['two headers, joined without a space', 'Bearer abc,Bearer def'],
    ['an empty header before, joined', ', Bearer abc'],
    ['another scheme before, joined', 'Basic, abc'],
    ['a quoted token', 'Bearer "abc"'],
    ['parameters', 'Digest username="a"'],
    ['padding alone', 'Bearer =='],
    ['padding inside', 'Bearer a=b'],
    ['a colon', 'Bearer a:b'],
    ['a percent sign', 'Bearer a%20b'],
    ['a letter beyond ASCII', 'Bearer \u00e4bc'],
    ['a letter whose low bits are a letter', 'Bearer \u0161'],
    ['a NUL', 'Bearer abc\0'],
    ['a line feed', 'Bearer abc\nx: y'],
    ['a scheme with a comma', 'Bea,rer abc'],
    ['a scheme with a quote', '"Bearer" abc'],
    // U+212A lower-cases to "k": a scheme that is compared after lower-casing must have been a token before.
    ['a scheme with a Kelvin sign', '\u212a abc'],
  ])('parseAuthorization() refuses %s', (_name, value) => {
    expect(() => parseAuthorization(headersWith(value))).toThrow(
      expect.objectContaining({ code: 'credentials_malformed' }),
    );
  });

  it('parseAuthorization() refuses two headers of one request', () => {
    const headers = new Headers();
    headers.append('authorization', 'Bearer abc');
    headers.append('authorization', 'Bearer def');
    expect(() => parseAuthorization(headers)).toThrow(expect.objectContaining({ code: 'credentials_malformed' }));
  });

  it('parseAuthorization() reads what a grammar of one regular expression reads', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aZ0-._~+/= ,"\t:'), maxLength: 10 });
    fc.assert(
      fc.property(text, (value) => {
        const match = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+) ([A-Za-z0-9._~+/-]+=*)$/.exec(value);
        let parsed: unknown = 'refused';
        try {
          parsed = parseAuthorization(headersWith(value));
        } catch {
          // Refused, as it should be where the grammar does not match.
        }
        expect(parsed).toStrictEqual(match ? { scheme: match[1]?.toLowerCase(), token: match[2] } : 'refused');
      }),
      { numRuns: 5000 },
    );
  });

  it('parseAuthorization() reads a megabyte, and keeps it out of the refusal', () => {
    expect(parseAuthorization(headersWith(`Bearer ${'a'.repeat(1_000_000)}`))?.token.length).toBe(1_000_000);
    for (
      const value of [`Bearer ${'secret'.repeat(150_000)}!`, `Bearer ${'='.repeat(1_000_000)}`, ' '.repeat(1_000_000)]
    ) {
      try {
        parseAuthorization(headersWith(value));
        expect.unreachable();
      } catch (error) {
        expect(Object(error).message).toBe('credentials_malformed');
      }
    }
  });
});

describe('formatChallenge', () => {
  it.each([
    [{}, 'Bearer'],
    [{ realm: 'orders' }, 'Bearer realm="orders"'],
    [{ error: 'invalid_token' }, 'Bearer error="invalid_token"'],
    [
      { scope: 'a b', error: 'insufficient_scope', realm: 'orders' },
      'Bearer realm="orders", error="insufficient_scope", scope="a b"',
    ],
    [{ realm: undefined, error: undefined, maxAgeSeconds: undefined }, 'Bearer'],
    // RFC 9470 section 3, its examples.
    [
      {
        error: 'insufficient_user_authentication',
        errorDescription: 'A different level is required',
        acrValues: 'myACR',
      },
      'Bearer error="insufficient_user_authentication", error_description="A different level is required", acr_values="myACR"',
    ],
    [
      { error: 'insufficient_user_authentication', maxAgeSeconds: 5 },
      'Bearer error="insufficient_user_authentication", max_age="5"',
    ],
    [{ maxAgeSeconds: 0 }, 'Bearer max_age="0"'],
    // RFC 9449 section 7.1.
    [{ error: 'use_dpop_nonce', algs: 'ES256 PS256' }, 'Bearer error="use_dpop_nonce", algs="ES256 PS256"'],
    // RFC 9728 section 5.1.
    [
      { resourceMetadata: 'https://api.example/.well-known/oauth-protected-resource' },
      'Bearer resource_metadata="https://api.example/.well-known/oauth-protected-resource"',
    ],
    [{ errorUri: 'https://api.example/errors#1' }, 'Bearer error_uri="https://api.example/errors#1"'],
    // RFC 7617 section 2.1.
    [{ realm: 'a b', charset: 'UTF-8' as const }, 'Bearer realm="a b", charset="UTF-8"'],
  ])('formatChallenge() writes %j', (challenge, expected) => {
    expect(formatChallenge('Bearer', challenge)).toBe(expected);
  });

  // A value that ends its quotes adds parameters, one that ends its line adds headers.
  it.each(['"', '\\', 'a", error="x', '\r\nset-cookie: a=b', '\n', '\0', '\u007f', '\u00e4', '\ud800', '\t'])(
    'formatChallenge() throws a TypeError for the value %j',
    (value) => {
      for (
        const name of [
          'realm',
          'error',
          'errorDescription',
          'errorUri',
          'scope',
          'acrValues',
          'algs',
          'resourceMetadata',
          'charset',
        ]
      ) {
        expect(() => formatChallenge('Bearer', { [name]: value }), name).toThrow(TypeError);
      }
    },
  );

  it.each(['', 'Bearer realm', 'Bearer,', 'Bearer\r\nx:', 'B\u00e4rer'])(
    'formatChallenge() throws a TypeError for the scheme %j',
    (scheme) => {
      expect(() => formatChallenge(scheme, {})).toThrow(TypeError);
    },
  );

  // RFC 6749 section 3.3: scope-token *( SP scope-token ).
  it.each(['', ' ', ' a', 'a ', 'a  b'])('formatChallenge() throws a TypeError for the words %j', (words) => {
    for (const name of ['scope', 'acrValues', 'algs', 'errorUri', 'resourceMetadata']) {
      expect(() => formatChallenge('Bearer', { [name]: words }), name).toThrow(TypeError);
    }
  });

  it.each([
    { maxAgeSeconds: -1 },
    { maxAgeSeconds: 1.5 },
    { maxAgeSeconds: NaN },
    { maxAgeSeconds: '5' },
    { charset: 'utf-8' },
    { charset: 'ISO-8859-1' },
    { realm: 5 },
    { error_description: 'a' },
    { Realm: 'a' },
    new Map(),
  ])('formatChallenge() throws a TypeError for %j', (challenge) => {
    expect(() => Reflect.apply(formatChallenge, undefined, ['Bearer', challenge])).toThrow(TypeError);
  });

  it('formatChallenge() writes challenges that stand beside each other in one header', () => {
    const headers = new Headers();
    headers.append('www-authenticate', formatChallenge('Bearer', { realm: 'a' }));
    headers.append('www-authenticate', formatChallenge('DPoP', { algs: 'ES256' }));
    expect(headers.get('www-authenticate')).toBe('Bearer realm="a", DPoP algs="ES256"');
  });
});
