import { describe, expect, test } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import type { Authenticator, Principal } from '../../src/secure/authenticator.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, get, ok, PEER, quiet } from './fixtures.ts';

const MALLORY = { id: 'mallory', issuer: undefined, scopes: [], claims: { sub: 'mallory' } };

/** Calls that have an id and claims of their own, as those of many RPC clients do, and are not answered yet. */
const CALLS: readonly (readonly [string, (outcome: () => unknown) => unknown])[] = [
  ['a promise', (outcome) => Object.assign(Promise.resolve().then(outcome), MALLORY)],
  [
    'a thenable',
    (outcome) => ({
      ...MALLORY,
      then: (...settle: [never, never]) => Promise.resolve().then(outcome).then(...settle),
    }),
  ],
];
const refuse = (): never => {
  throw new Refusal('jwt_signature_invalid');
};

// Whoever asks somebody else who it is answers with the call, and a call is no proof.
describe.each(CALLS)('%s with an id', (_what, call) => {
  const authOf = (outcome: () => unknown): Authenticator<Principal<unknown>> => ({
    ambient: false,
    challenge: () => 'Call',
    authenticate: () => call(outcome) as Principal<unknown>,
  });
  const bearerOf = (outcome: () => unknown): Authenticator<Principal<object>> =>
    createBearerAuth({ verify: () => call(outcome) as { claims: object } });

  test.each([['an authenticator', authOf], ['a verifier of tokens', bearerOf]])(
    'of %s is no principal before it is answered',
    async (_whose, make) => {
      const handler = (outcome: () => unknown) =>
        secure(
          { methods: ['GET'], auth: make(outcome), ...quiet },
          (_request, { principal }) => new Response(principal.id),
        );
      expect((await handler(refuse)(get('/', as('any')), PEER)).status).toBe(401);
      const alice = { id: 'alice', issuer: undefined, scopes: [], claims: { sub: 'alice' } };
      expect(await (await handler(() => alice)(get('/', as('any')), PEER)).text()).toBe('alice');
    },
  );
});

test('definePolicy() leaves the authenticators of a list what they are: a copy would not hear of what is revoked', async () => {
  const auth = {
    ambient: false,
    revoked: [] as string[],
    challenge: () => 'Key',
    authenticate(): Principal<unknown> {
      if (this.revoked.includes('alice')) throw new Refusal('credentials_malformed');
      return { id: 'alice', issuer: undefined, scopes: [], claims: {} };
    },
  };
  const handler = secure(definePolicy({ methods: ['GET'], auth: [auth] }).extend({ id: 'a' }), ok);
  expect((await handler(get(), PEER)).status).toBe(200);
  auth.revoked.push('alice');
  expect((await handler(get(), PEER)).status).toBe(400);
});

test('definePolicy() keeps the list itself from changing', async () => {
  const open = { ambient: false, challenge: () => 'Key', authenticate: () => MALLORY };
  const closed = { ...open, authenticate: refuse };
  const list: Authenticator<Principal<unknown>>[] = [closed];
  const base = definePolicy({ methods: ['GET'], auth: list });
  list[0] = open;
  expect((await secure(base, ok)(get(), PEER)).status).toBe(401);
  expect(Object.isFrozen(base.auth)).toBe(true);
});
