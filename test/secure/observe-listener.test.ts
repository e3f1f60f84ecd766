import { describe, expect, test } from 'vitest';
import type { Authenticator, Principal } from '../../src/secure/authenticator.ts';
import type { PolicyEvent } from '../../src/secure/event.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { get, ok, open, PEER, quiet } from './fixtures.ts';
import { ear, REPORT } from './watched.ts';

const TRACE = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function as(principal: object): Authenticator<Principal<unknown>> {
  const whole = { id: 'alice', issuer: undefined, scopes: [], claims: {}, ...principal };
  return { ambient: false, authenticate: () => whole as Principal<unknown>, challenge: () => 'Test' };
}

const thenable = (then: unknown): object => ({ then });
const trap = (): never => {
  throw new Error('of the listener');
};

/** Hostile list 73. */
const LISTENERS: readonly (readonly [string, (event: PolicyEvent) => unknown])[] = [
  ['throws', trap],
  ['throws no error', () => {
    throw undefined;
  }],
  ['rejects', () => Promise.reject(new Error('of the listener'))],
  ['rejects later', () => new Promise((_, reject) => setTimeout(() => reject(new Error('of the listener')), 1))],
  ['never resolves', () => new Promise(() => undefined)],
  ['returns what is thenable and throws', () => thenable(trap)],
  ['returns what is thenable and rejects twice', () =>
    thenable((_: unknown, no: (error: Error) => void) => {
      no(new Error('of the listener'));
      no(new Error('of the listener'));
    })],
  [
    'returns what is thenable without an end',
    () => thenable((yes: (value: unknown) => void) => yes(thenable(() => {}))),
  ],
  ['returns what throws when it is looked at', () => new Proxy({}, { get: trap })],
  [
    'returns a promise whose constructor throws',
    () => Object.defineProperty(Promise.resolve(), 'constructor', { get: trap }),
  ],
  ['changes the event', (event) => Object.assign(event, { status: 200, principalId: 'mallory' })],
  ['adds to the event', (event) => Object.assign(event, { password: 'x' })],
];

describe('secure(): a listener that', () => {
  test.each(LISTENERS)('%s changes nothing', async (_what, onEvent) => {
    const mode = createModes({ authorize: REPORT });
    const policy = { ...open, ...quiet, authorize: () => false, mode, clock: () => 0, onEvent };
    const response = await secure(policy, ok)(get(), PEER);
    expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
    const refused = await secure({ ...open, ...quiet, onEvent }, ok)(
      new Request('https://api.test', { method: 'PUT' }),
    );
    expect(refused.status).toBe(405);
    // A rejection that nobody handles would end the process.
    await new Promise((resolve) => setTimeout(resolve, 5));
  });

  test('throws in an event hears the next', async () => {
    const heard: string[] = [];
    const handler = secure({
      ...open,
      authorize: () => false,
      mode: createModes({ authorize: REPORT }),
      clock: () => 0,
      onEvent: ({ outcome }) => {
        heard.push(outcome);
        throw new Error('of the listener');
      },
    }, ok);
    await handler(get());
    expect(heard).toEqual(['not_enforced', 'would_deny', 'allowed']);
  });
});

describe('secure(): the ids of an event', () => {
  const actors: readonly (readonly [string, unknown, string | undefined])[] = [
    ['names who acts for the principal', { act: { sub: 'support-7' } }, 'support-7'],
    ['names the present actor of a chain', { act: { sub: 'service', act: { sub: 'support-7' } } }, 'service'],
    ['of an actor without a name', { act: { iss: 'x' } }, undefined],
    ['of an actor that is a text', { act: 'support-7' }, undefined],
    ['of an actor whose name is no text', { act: { sub: 7 } }, undefined],
    ['of an actor that is a list', { act: [{ sub: 'support-7' }] }, undefined],
    ['of an inherited actor', Object.create({ act: { sub: 'support-7' } }), undefined],
    ['of a name that every object has', { act: Object.create({ sub: 'support-7' }) }, undefined],
    ['of claims that are none', 'act', undefined],
    ['of no claims', undefined, undefined],
  ];
  // RFC 8693 section 4.1; hostile list 67: both stand there.
  test.each(actors)('actorId: %s', async (_what, claims, actorId) => {
    const { events, onEvent } = ear();
    await secure({ methods: ['GET'], auth: as({ claims }), onEvent }, ok)(get());
    expect(events).toMatchObject([{ principalId: 'alice', actorId }]);
  });

  test('are clipped to 256 characters, and never between the halves of one', async () => {
    const { events, onEvent } = ear();
    const id = 'a'.repeat(255) + '😀'.repeat(1_000_000);
    const claims = { act: { sub: `${id}x` } };
    await secure({ methods: ['GET'], auth: as({ id, issuer: id, claims }), onEvent }, ok)(get());
    const clipped = 'a'.repeat(255) + '\ufffd';
    expect(events).toMatchObject([{ principalId: clipped, issuer: clipped, actorId: clipped }]);
  });

  // An authenticator of the user's own may give anything, and what it gives must not silence the event.
  test.each([[7], [null], [['a']], [{ toString: () => 'x' }], [Symbol('x')], [true]])(
    'an issuer that is no text is left out: %s',
    async (issuer) => {
      const { events, onEvent } = ear();
      await secure({ methods: ['GET'], auth: as({ issuer }), onEvent }, ok)(get());
      expect(events).toMatchObject([{ outcome: 'allowed', principalId: 'alice', issuer: undefined }]);
    },
  );
});

// Hostile list 70. U+0085 and U+2028 end a line for many a reader; U+009B begins a command of a terminal, as ESC [ does.
const STRANGE: readonly string[] = [
  'a\r\nadmin logged in',
  'a\u001b[31mred\u001b[0m',
  'a\u009b31mred',
  'a\u0085b',
  'a\u2028b\u2029c',
  'a"},"outcome":"allowed","x":"',
  'a\u0000b\u0008c\u007fd',
  'a\ud800b\udfffc',
  '\udc00'.repeat(300),
  'a\tb\vc\fd',
  'x'.repeat(1_000_000),
  '\u2028'.repeat(1_000_000),
];

describe('secure(): an event as JSON', () => {
  test.each(STRANGE.map((text) => [JSON.stringify(text.slice(0, 20)), text]))(
    'is one line whatever the ids: %s',
    async (_name, text) => {
      const { events, onEvent } = ear();
      const auth = as({ id: text, issuer: text, claims: { act: { sub: text } } });
      const headers = { 'user-agent': 'canary'.repeat(1000), traceparent: TRACE, 'x-request-id': 'canary' };
      await secure({ methods: ['GET'], auth, id: 'orders', onEvent }, ok)(get('/canary?canary=1', headers), PEER);
      const line = JSON.stringify(events[0]);
      expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/u);
      expect(line.split(/\r\n|[\n\v\f\r\u0085\u2028\u2029]/u)).toHaveLength(1);
      expect(line.length).toBeLessThan(2500);
      expect(line).not.toContain('canary');
      expect(JSON.parse(line)).toMatchObject({ outcome: 'allowed', stage: 'handler', policyId: 'orders', status: 200 });
      // The line is written in its own bytes: nothing of it was no text.
      expect(new TextDecoder().decode(new TextEncoder().encode(line))).toBe(line);
    },
  );

  test('is one line whatever the method, the trace and the address', async () => {
    const { events, onEvent } = ear();
    const handler = secure({ ...open, ...quiet, onEvent }, ok);
    for (const peerAddress of ['192.0.2.1\r\nx', '::1%\u2028', 'a'.repeat(1_000_000), '\ud800']) {
      await handler(get('/', { traceparent: `${TRACE}-more` }), { peerAddress });
    }
    await handler(Object.defineProperty(get(), 'method', { value: 'CANARY\u2028' }));
    expect(events).toHaveLength(5);
    for (const event of events) {
      const line = JSON.stringify(event);
      expect(line).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]|CANARY/u);
      expect(line.length).toBeLessThan(400);
      expect(event).toMatchObject({ client: undefined, traceId: undefined });
    }
  });
});
