import { describe, expect, test, vi } from 'vitest';
import { createJwtVerifier, generateJwtKeyPair } from '../../src/jwt/index.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { secure } from '../../src/secure/secure.ts';
import { CLAIMS, expectations, forge, HEADER, openDesk, type Segment } from '../jwt/forge.ts';
import { as, codeOf, get, ok } from './fixtures.ts';

const INVALID_TOKEN = 'Bearer realm="api", error="invalid_token"';
const JKT = 'k'.repeat(43);

interface Door {
  /** Signs claims with the key that is believed here. */
  readonly sign: (payload: Segment) => Promise<string>;
  /** Signs them with another one of the same id. */
  readonly forge: (payload: Segment) => Promise<string>;
  readonly enter: (headers: Readonly<Record<string, string>>) => Promise<Response>;
  readonly handled: () => number;
  /** What was reported as an error. */
  readonly reported: readonly unknown[];
}

/** A policy whose tokens a verifier of this package proves. */
async function openDoor(): Promise<Door> {
  const { privateKey, verify } = await openDesk();
  const stranger = await generateJwtKeyPair('ES256', { keyId: 'one' });
  const handler = vi.fn(ok);
  const reported: unknown[] = [];
  const auth = createBearerAuth({ realm: 'api', verify });
  const guarded = secure({ methods: ['GET'], auth, onError: (...told) => void reported.push(...told) }, handler);
  return {
    sign: (payload) => forge(privateKey, payload),
    forge: (payload) => forge(stranger.privateKey, payload),
    enter: (headers) => guarded(get('/', headers)),
    handled: () => handler.mock.calls.length,
    reported,
  };
}

describe('secure() with createBearerAuth() and createJwtVerifier()', () => {
  test('lets a good token in', async () => {
    const door = await openDoor();
    expect((await door.enter(as(await door.sign(CLAIMS)))).status).toBe(200);
    expect(door.handled()).toBe(1);
  });

  // RFC 6750 section 3.1: a token that was signed and says nothing is as invalid as one that was not, and no server error.
  test.each(['null', '[]', '"ada"', '7', '{}', ''])(
    'answers a signed payload of %j with invalid_token',
    async (payload) => {
      const door = await openDoor();
      const response = await door.enter(as(await door.sign(payload)));
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, INVALID_TOKEN]);
      expect([door.handled(), door.reported]).toEqual([0, []]);
    },
  );

  // RFC 9449 section 7.1, RFC 8705 section 3, RFC 7800 section 3.1: a bound token that comes as a bearer token is a stolen one.
  test.each<[string, object]>([
    ['a DPoP key', { jkt: JKT }],
    ['a certificate', { 'x5t#S256': JKT }],
    ['a key in full', { jwk: {} }],
    ['a DPoP key and a certificate', { jkt: JKT, 'x5t#S256': JKT }],
  ])('refuses a token that is bound to %s, sent as Bearer or as DPoP', async (_what, cnf) => {
    const door = await openDoor();
    const token = await door.sign({ ...CLAIMS, cnf });
    const bearer = await door.enter(as(token));
    expect([bearer.status, bearer.headers.get('www-authenticate'), await codeOf(bearer)]).toEqual([
      401,
      INVALID_TOKEN,
      'jwt_confirmation_mismatch',
    ]);
    const dpop = await door.enter({ authorization: `DPoP ${token}` });
    expect([dpop.status, dpop.headers.get('www-authenticate'), await codeOf(dpop)]).toEqual([
      401,
      'Bearer realm="api"',
      'credentials_missing',
    ]);
    expect(door.handled()).toBe(0);
  });

  // CWE-532 and RFC 6750 section 5.2: whoever reads the answer or the log must not be able to send the token himself.
  test.each<[string, (door: Door) => Promise<string>, string]>([
    ['a forged token', (door) => door.forge(CLAIMS), 'jwt_signature_invalid'],
    ['an expired token', (door) => door.sign({ ...CLAIMS, exp: CLAIMS.iat }), 'jwt_expired'],
    ['a bound token', (door) => door.sign({ ...CLAIMS, cnf: { jkt: JKT } }), 'jwt_confirmation_mismatch'],
  ])('tells nothing of %s', async (_what, make, code) => {
    const door = await openDoor();
    const token = await make(door);
    const response = await door.enter(as(token));
    const body = await response.text();
    expect(body).toContain(code);
    expectNoPart(token, `${body} ${JSON.stringify([...response.headers])} ${describeAll(door.reported)}`);
  });

  test('tells nothing of a token when the verifier breaks, and reports that it did', async () => {
    const { publicKey, privateKey } = await openDesk();
    const reported: unknown[] = [];
    const verify = createJwtVerifier({
      ...expectations(publicKey),
      isRevoked: () => {
        throw new Error('The database is down.');
      },
    });
    const auth = createBearerAuth({ realm: 'api', verify });
    const guarded = secure({ methods: ['GET'], auth, onError: (...told) => void reported.push(...told) }, ok);
    const token = await forge(privateKey, CLAIMS, HEADER);
    const response = await guarded(get('/', as(token)));
    const body = await response.text();
    expect([response.status, body.includes('store_unavailable')]).toEqual([503, true]);
    const told = describeAll(reported);
    expect(told).toContain('The database is down.');
    expectNoPart(token, `${body} ${JSON.stringify([...response.headers])} ${told}`);
  });
});

/** Expects that of every 20 characters of a token none stand in a text. */
function expectNoPart(token: string, text: string): void {
  const found = Array.from({ length: token.length - 19 }, (_, at) => token.slice(at, at + 20)).filter((part) =>
    text.includes(part)
  );
  expect(found).toEqual([]);
}

/** What a log shows of errors at most. */
function describeAll(values: readonly unknown[]): string {
  return values.map((value): string =>
    value instanceof Error
      ? `${value.stack} ${value.message} ${JSON.stringify(value)} ${
        describeAll(value.cause === undefined ? [] : [value.cause])
      }`
      : `${String(value)} ${JSON.stringify(value)}`
  ).join();
}
