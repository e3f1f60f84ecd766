/** Values of `Forwarded` that the trusted proxy 10.0.0.1 passed on, and what they say of the client; null where the client is unknown. */
export interface ForwardedVector {
  readonly name: string;
  readonly header: string;
  readonly address: string | null;
  readonly scheme?: 'http' | 'https';
  readonly host?: string;
}

export const FORWARDED: readonly ForwardedVector[] = [
  { name: 'an address', header: 'for=192.0.2.7', address: '192.0.2.7' },
  {
    name: 'all parameters',
    header: 'by=10.0.0.1;for=192.0.2.7;host=api.example;proto=https',
    address: '192.0.2.7',
    scheme: 'https',
    host: 'api.example',
  },
  { name: 'names in upper case', header: 'FOR=192.0.2.7;Proto=https', address: '192.0.2.7', scheme: 'https' },
  { name: 'an unknown parameter', header: 'for=192.0.2.7;x-id=_a;proto=https', address: '192.0.2.7', scheme: 'https' },
  { name: 'a quoted address', header: 'for="192.0.2.7"', address: '192.0.2.7' },
  { name: 'a quoted address with an escape', header: 'for="192\\.0.2.7"', address: '192.0.2.7' },
  { name: 'IPv6', header: 'for="[2001:db8::1]"', address: '2001:db8::1' },
  { name: 'IPv6 with a port', header: 'for="[2001:db8::1]:4711"', address: '2001:db8::1' },
  { name: 'IPv6 with a hidden port', header: 'for="[2001:db8::1]:_p.1"', address: '2001:db8::1' },
  { name: 'IPv6 in upper case', header: 'For="[2001:DB8:0::1]"', address: '2001:db8::1' },
  { name: 'IPv4 with a port', header: 'for="192.0.2.7:80"', address: '192.0.2.7' },
  { name: 'IPv4 with a hidden port', header: 'for="192.0.2.7:_p"', address: '192.0.2.7' },
  { name: 'a mapped address', header: 'for="[::ffff:192.0.2.7]"', address: '192.0.2.7' },
  { name: 'a mapped proxy', header: 'for=192.0.2.7, for="[::FFFF:A00:2]"', address: '192.0.2.7' },
  {
    name: 'two proxies',
    header: 'for=192.0.2.7;proto=https,for=10.0.0.2;proto=http',
    address: '192.0.2.7',
    scheme: 'https',
  },
  {
    name: 'what the client wrote before',
    header: 'for=6.6.6.6;proto=https, for=192.0.2.7;proto=http',
    address: '192.0.2.7',
  },
  {
    name: 'a host and a scheme of another hop',
    header: 'for=192.0.2.7, for=10.0.0.2;proto=https;host=inner.example',
    address: '192.0.2.7',
  },
  { name: 'a semicolon at the end', header: 'for=192.0.2.7;', address: '192.0.2.7' },
  { name: 'tabs around a comma', header: 'for=6.6.6.6\t,\tfor=192.0.2.7', address: '192.0.2.7' },
  { name: 'a comma in a quoted string', header: 'for=192.0.2.7;x="a,for=6.6.6.6"', address: '192.0.2.7' },
  { name: 'a semicolon in a quoted string', header: 'for=192.0.2.7;x="a;for=6.6.6.6"', address: '192.0.2.7' },
  { name: 'an escaped quote', header: 'for=192.0.2.7;x="\\",for=6.6.6.6"', address: '192.0.2.7' },
  { name: 'an escaped backslash', header: 'x="\\\\",for=192.0.2.7', address: '192.0.2.7' },
  // The injection that parsers without quoted strings fall for.
  { name: 'a name that looks like an element', header: 'for=192.0.2.7;user="bad,for=_x"', address: '192.0.2.7' },
  // A quote that the client left open swallows whatever is read from the left.
  { name: 'an open quote before', header: 'for=6.6.6.6;x=", for=192.0.2.7', address: '192.0.2.7' },
  { name: 'an open quote before a quoted address', header: 'x=", for="[2001:db8::1]:47"', address: '2001:db8::1' },
  { name: 'an escaped open quote before', header: 'x="\\", for="192.0.2.7"', address: '192.0.2.7' },
  { name: 'a backslash before', header: '\\, for="192.0.2.7"', address: '192.0.2.7' },
  // RFC 7239 section 6.2 and 6.3: the proxy that hides an address was trusted, and its scheme counts.
  { name: 'unknown', header: 'for=unknown;proto=https', address: null, scheme: 'https' },
  { name: 'unknown, and what the client wrote before', header: 'for=6.6.6.6, for=unknown', address: null },
  { name: 'an obfuscated name', header: 'for=_hidden;host=api.example', address: null, host: 'api.example' },
  { name: 'an obfuscated name with a port', header: 'for="_hidden:80"', address: null },
  { name: 'no address', header: 'proto=https', address: null, scheme: 'https' },
  { name: 'an unknown proxy before the client', header: 'for=192.0.2.7, for=_b, for=10.0.0.2', address: null },
  // RFC 7239 section 4.
  { name: 'IPv6 without quotes', header: 'for=[2001:db8::1]', address: null },
  { name: 'IPv6 without quotes and brackets', header: 'for=2001:db8::1', address: null },
  { name: 'IPv6 without brackets', header: 'for="2001:db8::1"', address: null },
  { name: 'IPv4 in brackets', header: 'for="[192.0.2.7]"', address: null },
  { name: 'a port without quotes', header: 'for=192.0.2.7:80', address: null },
  { name: 'a port out of range', header: 'for="192.0.2.7:99999"', address: null },
  { name: 'a port of six digits', header: 'for="192.0.2.7:000080"', address: null },
  { name: 'an empty port', header: 'for="192.0.2.7:"', address: null },
  { name: 'a zone', header: 'for="[fe80::1%25eth0]"', address: null },
  { name: 'octets with leading zeros', header: 'for=010.0.0.1', address: null },
  { name: 'space before the equals sign', header: 'for =192.0.2.7', address: null },
  { name: 'space behind the equals sign', header: 'for= 192.0.2.7', address: null },
  { name: 'space behind the semicolon', header: 'for=192.0.2.7; proto=https', address: null },
  { name: 'a parameter twice', header: 'for=192.0.2.7;for=192.0.2.8', address: null },
  { name: 'a parameter twice in two cases', header: 'for=192.0.2.7;proto=https;PROTO=http', address: null },
  { name: 'another parameter twice', header: 'for=192.0.2.7;x=1;x=1;proto=https', address: null },
  { name: 'an empty pair', header: 'for=192.0.2.7;;proto=https', address: null },
  { name: 'an empty value', header: 'for=', address: null },
  { name: 'a name alone', header: 'for', address: null },
  { name: 'a quote that does not close', header: 'for="192.0.2.7', address: null },
  { name: 'text behind a quote', header: 'for="192.0.2.7"x', address: null },
  { name: 'a single quote', header: "for='192.0.2.7'", address: null },
  { name: 'an element that is empty', header: 'for=192.0.2.7,', address: null },
  { name: 'a control character', header: 'for="192.0.2.7\u0001"', address: null },
  { name: 'more than 1,024 characters', header: `for=192.0.2.7;x=${'a'.repeat(1024)}`, address: null },
];
