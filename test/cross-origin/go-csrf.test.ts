import { describe, expect, test } from 'vitest';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';

/** A request to https://example.com, and what Go's `CrossOriginProtection` and we make of it: true is let through. */
interface Row {
  readonly case: string;
  readonly method?: string;
  readonly path?: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly go: boolean;
  readonly ours: boolean;
}

const OWN = 'https://example.com';
const TRUSTED = 'https://trusted.example';
const EVIL = 'https://attacker.example';
const SITE = 'sec-fetch-site';

// The situations of net/http's csrf_test.go (golang/go), written anew.
const SAME: readonly Row[] = [
  { case: 'same-origin', headers: { [SITE]: 'same-origin' }, go: true, ours: true },
  { case: 'none', headers: { [SITE]: 'none' }, go: true, ours: true },
  { case: 'cross-site', headers: { [SITE]: 'cross-site' }, go: false, ours: false },
  { case: 'same-site', headers: { [SITE]: 'same-site' }, go: false, ours: false },
  { case: 'neither header', headers: {}, go: true, ours: true },
  { case: 'its own Origin alone', headers: { origin: OWN }, go: true, ours: true },
  { case: 'another Origin alone', headers: { origin: EVIL }, go: false, ours: false },
  { case: 'Origin null alone', headers: { origin: 'null' }, go: false, ours: false },
  { case: 'GET', method: 'GET', headers: { [SITE]: 'cross-site' }, go: true, ours: true },
  { case: 'HEAD', method: 'HEAD', headers: { [SITE]: 'cross-site' }, go: true, ours: true },
  { case: 'OPTIONS', method: 'OPTIONS', headers: { [SITE]: 'cross-site' }, go: true, ours: true },
  { case: 'PUT', method: 'PUT', headers: { [SITE]: 'cross-site' }, go: false, ours: false },
  { case: 'a trusted Origin alone', headers: { origin: TRUSTED }, go: true, ours: true },
  { case: 'a trusted Origin, cross-site', headers: { origin: TRUSTED, [SITE]: 'cross-site' }, go: true, ours: true },
  { case: 'another Origin, cross-site', headers: { origin: EVIL, [SITE]: 'cross-site' }, go: false, ours: false },
  { case: 'the bypass', path: '/bypass/', headers: { origin: EVIL }, go: true, ours: true },
  { case: 'the bypass, cross-site', path: '/bypass/', headers: { [SITE]: 'cross-site' }, go: true, ours: true },
  { case: 'another path', path: '/api/', headers: { origin: EVIL }, go: false, ours: false },
  { case: 'another path, cross-site', path: '/api/', headers: { [SITE]: 'cross-site' }, go: false, ours: false },
  { case: 'another path by dots', path: '/foo/../api/bar', headers: { origin: EVIL }, go: false, ours: false },
  { case: 'below a bypass of one segment', path: '/only/123/foo', headers: { origin: EVIL }, go: false, ours: false },
];

const STRICTER: readonly Row[] = [
  // Its router redirects both to the bypass; what it redirects is what its mux says, not what another router makes of the path.
  { case: 'the bypass without its slash', path: '/bypass', headers: { origin: EVIL }, go: true, ours: false },
  // Its patterns are prefixes and parameters; ours are whole paths.
  { case: 'below the bypass', path: '/foo/../bypass/bar', headers: { origin: EVIL }, go: true, ours: false },
  { case: 'a bypass with a parameter', path: '/only/123', headers: { origin: EVIL }, go: true, ours: false },
  // It knows no scheme of its own: a page on plain http of the same host passes there.
  { case: 'its own host on plain http', headers: { origin: 'http://example.com' }, go: true, ours: false },
  // It parses Origin as a URL and compares the host.
  { case: 'an Origin with a user', headers: { origin: 'https://user@example.com' }, go: true, ours: false },
  { case: 'an Origin with a path', headers: { origin: 'https://example.com/x' }, go: true, ours: false },
  // A browser says one of four words. Whoever says another is none, and may have copied the Origin as well.
  { case: 'an unknown word, trusted Origin', headers: { origin: TRUSTED, [SITE]: 'x' }, go: true, ours: false },
  { case: 'an empty word, its own Origin', headers: { origin: OWN, [SITE]: '' }, go: true, ours: false },
  // Neither header but a cookie: an old browser, or one whose headers a proxy took away.
  { case: 'neither header but a cookie', headers: { cookie: 'id=1' }, go: true, ours: false },
  // It does not know WebSockets: their handshake is a GET, which it always lets through.
  {
    case: 'a handshake, cross-site',
    method: 'GET',
    headers: { upgrade: 'websocket', [SITE]: 'cross-site' },
    go: true,
    ours: false,
  },
];

describe("createCrossOriginCheck() beside Go's CrossOriginProtection", () => {
  const { check } = createCrossOriginCheck({ trustedOrigins: [TRUSTED], bypass: ['POST /bypass/'] });
  const isLetThrough = ({ method = 'POST', path = '/', headers }: Row): boolean => {
    const request = new Request(`${OWN}${path}`, { method });
    for (const [name, value] of Object.entries(headers)) request.headers.set(name, value);
    return check(request) === undefined;
  };

  test.each(SAME)('check() decides as Go does on $case: $ours', (row) => {
    expect(row.ours).toBe(row.go);
    expect(isLetThrough(row)).toBe(row.ours);
  });

  test.each(STRICTER)('check() refuses what Go lets through: $case', (row) => {
    expect([row.go, row.ours]).toEqual([true, false]);
    expect(isLetThrough(row)).toBe(false);
  });

  // What Go lets through can be had, where it is a choice and not a hole.
  test('check() lets through a cookie without either header with missing: allow', () => {
    const lenient = createCrossOriginCheck({ missing: 'allow' });
    const request = new Request(OWN, { method: 'POST' });
    request.headers.set('cookie', 'id=1');
    expect(lenient.check(request)).toBeUndefined();
  });
});
