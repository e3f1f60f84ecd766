import { describe, expect, test } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import type { StandardSchema } from '../../src/core/standard-schema.ts';
import { createJwtVerifier, type VerifiedJwt } from '../../src/jwt/index.ts';
import { freezeData } from '../../src/jwt/typed-claims.ts';
import { array, int, object, oneOf, string } from '../../src/schema/index.ts';
import { CLAIMS, expectations, forge, openDesk, outcome } from './forge.ts';

const ROLES = { ...CLAIMS, roles: ['reader'] };
const SCHEMA = object({
  iss: string(),
  aud: string(),
  sub: string(),
  iat: int(),
  exp: int(),
  roles: array(oneOf('reader', 'writer')),
});

/** A Standard Schema of somebody else's. */
function foreign<Output>(
  validate: StandardSchema<unknown, Output>['~standard']['validate'],
): StandardSchema<unknown, Output> {
  return { '~standard': { version: 1, vendor: 'test', validate } };
}

async function verifyWith<Claims>(
  claims: StandardSchema<unknown, Claims>,
  payload: object = ROLES,
): Promise<VerifiedJwt<Claims>> {
  const { publicKey, privateKey } = await openDesk();
  const verify = createJwtVerifier({ ...expectations(publicKey), claims });
  return await verify(await forge(privateKey, payload));
}

describe('createJwtVerifier() claims', () => {
  test('gives the result the type of the schema', async () => {
    const { claims } = await verifyWith(SCHEMA);
    // The annotation is the test: it compiles because the schema's output is the type of the claims.
    const roles: ('reader' | 'writer')[] = claims.roles;
    expect(roles).toEqual(['reader']);
    expect(Object.isFrozen(claims) && Object.isFrozen(roles)).toBe(true);
  });

  test('refuses claims that do not fit', async () => {
    expect(await outcome(() => verifyWith(SCHEMA, { ...CLAIMS, roles: ['root'] }))).toBe('jwt_claim_invalid');
    expect(await outcome(() => verifyWith(SCHEMA, CLAIMS))).toBe('jwt_claim_invalid');
  });

  test('takes an asynchronous schema of somebody else and what it makes of the claims', async () => {
    const schema = foreign((value) => Promise.resolve({ value: { upper: JSON.stringify(value).length > 2 } }));
    expect((await verifyWith(schema)).claims).toEqual({ upper: true });
  });

  test('says nothing of the token where the issues of a schema do', async () => {
    const schema = foreign((value) => ({ issues: [{ message: `no ${JSON.stringify(value)}`, path: ['ada'] }] }));
    const error: unknown = await verifyWith(schema).catch((caught: unknown) => caught);
    expect(isRefusal(error) && error.code).toBe('jwt_claim_invalid');
    expect(isRefusal(error) && [error.message, error.issues, error.cause]).toEqual([
      'The claims do not fit the schema.',
      undefined,
      undefined,
    ]);
  });

  test('refuses an answer with issues whatever else it holds, and an empty list of them', async () => {
    const both = { value: CLAIMS, issues: [] };
    expect(await outcome(() => verifyWith(foreign(() => both as never)))).toBe('jwt_claim_invalid');
  });

  test.each([undefined, null, 'yes', {}, { issues: 1 }])('throws a TypeError for the answer %j', async (answer) => {
    await expect(verifyWith(foreign(() => answer as never))).rejects.toThrow(TypeError);
  });

  test('runs after the signature, the times and the binding', async () => {
    let calls = 0;
    const schema = foreign((value) => ({ value: (calls++, value) }));
    const { publicKey, privateKey } = await openDesk();
    const stranger = await openDesk();
    const verify = createJwtVerifier({ ...expectations(publicKey), claims: schema });
    const bad = [
      await forge(stranger.privateKey),
      await forge(privateKey, { ...CLAIMS, exp: 0 }),
      await forge(privateKey, { ...CLAIMS, aud: 'x' }),
      await forge(privateKey, { ...CLAIMS, cnf: {} }),
    ];
    for (const token of bad) expect(await outcome(() => verify(token))).not.toBe('accepted');
    expect(calls).toBe(0);
    expect(await outcome(async () => verify(await forge(privateKey)))).toBe('accepted');
    expect(calls).toBe(1);
  });

  test.each([[{}], [() => true], ['string'], [{ '~standard': { version: 2, validate: () => ({}) } }]])(
    'refuses %j as a schema',
    async (claims) => {
      const { publicKey } = await openDesk();
      // The cast is the mistake: a JavaScript caller's.
      expect(() => createJwtVerifier({ ...expectations(publicKey), claims: claims as never })).toThrow(TypeError);
    },
  );
});

describe('createJwtVerifier() isRevoked', () => {
  const judge = async (isRevoked: unknown): Promise<string> => {
    const { verify, privateKey } = await openDesk({ isRevoked: isRevoked as () => boolean });
    return await outcome(async () => verify(await forge(privateKey)));
  };

  test('sees what was proved', async () => {
    let seen: unknown;
    const { verify, privateKey } = await openDesk({ isRevoked: (jwt) => (seen = jwt, false) });
    const verified = await verify(await forge(privateKey));
    expect(seen).toBe(verified);
  });

  test('accepts for false and for a promise of it', async () => {
    expect(await judge(() => false)).toBe('accepted');
    expect(await judge(() => Promise.resolve(false))).toBe('accepted');
  });

  // A lookup that answers nothing has not said that the token is good.
  test.each([true, undefined, null, 0, '', 'false', {}])('refuses for %j and for a promise of it', async (answer) => {
    expect(await judge(() => answer)).toBe('jwt_revoked');
    expect(await judge(() => Promise.resolve(answer))).toBe('jwt_revoked');
  });

  test('refuses with store_unavailable when it fails, and keeps the cause', async () => {
    const fault = new Error('down');
    for (
      const isRevoked of [() => {
        throw fault;
      }, () => Promise.reject(fault)]
    ) {
      const { verify, privateKey } = await openDesk({ isRevoked });
      const token = await forge(privateKey);
      const error: unknown = await (async () => await verify(token))().catch((caught: unknown) => caught);
      expect(isRefusal(error) && [error.code, error.status, error.cause]).toEqual(['store_unavailable', 503, fault]);
    }
  });

  test('is asked last', async () => {
    let calls = 0;
    const { verify, privateKey } = await openDesk({ isRevoked: () => (calls++, false) });
    expect(await outcome(async () => verify(await forge(privateKey, { ...CLAIMS, exp: 0 })))).toBe('jwt_expired');
    expect(calls).toBe(0);
  });
});

describe('freezeData()', () => {
  class Box {
    readonly value = 1;
  }
  const loop: { self?: unknown } = {};
  loop.self = loop;

  test.each([
    ['scalars', 1, true],
    ['undefined', undefined, true],
    ['an object', { a: [{ b: 1 }], c: null }, true],
    ['an object without a prototype', Object.assign(Object.create(null), { a: {} }), true],
    ['a loop', loop, true],
    ['a Date', { a: new Date(0) }, false],
    ['a Map', [new Map()], false],
    ['an instance', { a: new Box() }, false],
    ['bytes', { a: new Uint8Array(1) }, false],
    ['a function', { a: () => 1 }, false],
    ['a getter', {
      get a() {
        return 1;
      },
    }, false],
    ['what stands under a symbol', { [Symbol('s')]: new Date(0) }, false],
  ])('tells of %s whether it is plain data', (_what, value, expected) => {
    expect(freezeData(value)).toBe(expected);
  });

  test('freezes plain data all the way down', () => {
    const data = { a: [{ b: { c: 1 } }] };
    freezeData(data);
    expect([data, data.a, data.a[0], data.a[0]?.b].every(Object.isFrozen)).toBe(true);
  });
});
