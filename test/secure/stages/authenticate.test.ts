import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../../src/core/refusal.ts';
import type { Authenticator, Principal } from '../../../src/secure/authenticator.ts';
import { createModes } from '../../../src/secure/modes.ts';
import { secure } from '../../../src/secure/secure.ts';
import { codeOf, get, ok, quiet } from '../fixtures.ts';

const who = (id: string): Principal => ({ id, issuer: undefined, scopes: [], claims: {} });

/** An authenticator of one header, whose value is the id. */
function ofHeader(name: string, more: object = {}): Authenticator {
  return {
    ambient: false,
    isPresented: (request) => request.headers.has(name),
    authenticate(request): Principal {
      const id = request.headers.get(name);
      if (id === null) throw new Refusal('credentials_missing');
      if (id === 'forged') throw new Refusal('jwt_signature_invalid');
      return who(id);
    },
    challenge: ({ error }) => error === undefined ? name : `${name} error="${error}"`,
    ...more,
  };
}

const tell = (_request: Request, { principal }: { readonly principal: Principal | undefined }): Response =>
  Response.json(principal?.id ?? null);

describe('authenticateStage()', () => {
  // Without an id all principals share one budget, and an order without an owner belongs to each of them.
  test.each([
    [undefined],
    [null],
    [true],
    ['alice'],
    [[]],
    [{ scopes: [] }],
    [{ id: '' }],
    [{ id: 7 }],
    [Object.create({ id: 'inherited' })],
    [Promise.resolve()],
    [Promise.resolve({ id: '' })],
    [{ then: (settle: (value: unknown) => void) => settle({}) }],
  ])(
    'answers 500 when an authenticator resolves with %o instead of a principal',
    async (principal) => {
      const auth = { ambient: false, authenticate: () => principal as never, challenge: () => 'Test' };
      expect((await secure({ methods: ['GET'], auth, ...quiet }, ok)(get())).status).toBe(500);
    },
  );

  // Every object, and every promise, has what a polluted prototype has.
  test('takes no principal from a polluted prototype', async () => {
    const answer = (authenticate: () => unknown): (request: Request) => Promise<Response> =>
      secure({ methods: ['GET'], auth: ofHeader('a', { authenticate }), ...quiet }, tell);
    const handlers = [
      answer(() => ({})),
      answer(async () => await Promise.resolve({})),
      answer(() => Promise.reject({})),
    ];
    const good = answer(async () => await Promise.resolve(who('alice')));
    Object.defineProperty(Object.prototype, 'id', { value: 'admin', configurable: true, writable: true });
    try {
      for (const handler of handlers) expect((await handler(get())).status).toBe(500);
      expect(await (await good(get())).json()).toBe('alice');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'id');
    }
  });

  // Of another realm, or of a library: no instance of this Promise.
  test('waits for anything that has a then', async () => {
    const good = { then: (settle: (value: unknown) => void) => settle(who('alice')) };
    const bad = { then: (_: unknown, fail: (reason: unknown) => void) => fail(new Refusal('jwt_expired')) };
    const answer = async (given: object): Promise<Response> =>
      await secure({ methods: ['GET'], auth: ofHeader('a', { authenticate: () => given }) }, tell)(get());
    expect(await (await answer(good)).json()).toBe('alice');
    expect(await codeOf(await answer(bad))).toBe('jwt_expired');
  });

  // Hostile list 49.
  test('freezes the principal, whoever made it', async () => {
    const shared = { ...who('alice') };
    const auth = ofHeader('a', { authenticate: () => shared });
    const handler = secure({ methods: ['GET'], auth }, (_request, { principal }) => {
      return Response.json([Object.isFrozen(principal), Reflect.set(principal, 'id', 'admin')]);
    });
    expect(await (await handler(get())).json()).toEqual([true, false]);
  });

  test('answers 500 for an authenticator that throws or rejects with anything but a refusal', async () => {
    const broken = [
      () => {
        throw new Error('secret');
      },
      () => Promise.reject(new Error('secret')),
      () =>
        new Proxy({}, {
          getOwnPropertyDescriptor: () => {
            throw new Error('secret');
          },
        }),
    ];
    for (const authenticate of broken) {
      const handler = vi.fn(ok);
      const auth = [ofHeader('a', { authenticate }), ofHeader('b')];
      const response = await secure({ methods: ['GET'], auth, ...quiet }, handler)(get('/', { b: 'bob' }));
      expect([response.status, handler.mock.calls.length]).toEqual([500, 0]);
      expect(await response.text()).not.toContain('secret');
    }
  });

  // In report mode a late principal would be somebody behind checks that have seen nobody.
  test('makes nobody of a principal that comes after its time', async () => {
    const mode = createModes({ auth: { mode: 'report', until: '2999-01-01', reason: 'trial' } });
    let settle = (_principal: Principal): void => undefined;
    const auth = ofHeader('a', { authenticate: () => new Promise<Principal>((resolve) => settle = resolve) });
    const seen: unknown[] = [];
    const handler = secure({
      methods: ['GET'],
      auth,
      mode,
      timeouts: { stageMs: 5 },
      onEvent: () => undefined,
      authorize: async ({ principal }) => {
        seen.push(principal);
        settle(who('late'));
        await new Promise((resolve) => setTimeout(resolve, 5));
        return true;
      },
    }, (_request, { principal, wouldDeny }) => Response.json([principal ?? null, wouldDeny]));
    expect(await (await handler(get())).json()).toEqual([
      null,
      [{ stage: 'authenticate', code: 'deadline_exceeded' }],
    ]);
    expect(seen).toEqual([undefined]);
  });
});

describe('authenticateStage() of several', () => {
  const auth = [ofHeader('x-a'), ofHeader('x-b')];
  const handler = secure({ methods: ['GET'], auth }, tell);

  test.each([[{ 'x-a': 'alice' }, 'alice'], [{ 'x-b': 'bob' }, 'bob']])('takes whose credentials are there: %j', async (
    headers,
    id,
  ) => {
    expect(await (await handler(get('/', headers))).json()).toBe(id);
  });

  test('challenges for each where none is there (RFC 9110 section 11.6.1)', async () => {
    const response = await handler(get());
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'x-a, x-b']);
    expect(await codeOf(response)).toBe('credentials_missing');
  });

  test('leaves out one that has no challenge, as cookies have', async () => {
    const response = await secure({
      methods: ['GET'],
      auth: [ofHeader('x-a'), ofHeader('x-b', { challenge: () => '' })],
    }, ok)(
      get(),
    );
    expect(response.headers.get('www-authenticate')).toBe('x-a');
  });

  // Falling through would turn a forged credential into somebody else's good one.
  test('ends at credentials that prove nothing', async () => {
    const second = vi.fn(() => who('bob'));
    for (const authenticate of [undefined, () => Promise.reject(new Refusal('jwt_signature_invalid'))]) {
      const first = ofHeader('x-a', authenticate && { authenticate });
      const response = await secure({
        methods: ['GET'],
        auth: [first, ofHeader('x-b', { authenticate: second, isPresented: undefined })],
      }, ok)(get('/', { 'x-a': 'forged' }));
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'x-a error="invalid_token"']);
      expect(await codeOf(response)).toBe('jwt_signature_invalid');
    }
    expect(second).not.toHaveBeenCalled();
  });

  // Hostile list 46.
  test('refuses the credentials of two, good or bad, before either is verified', async () => {
    for (
      const headers of [{ 'x-a': 'alice', 'x-b': 'bob' }, { 'x-a': 'forged', 'x-b': 'bob' }, { 'x-a': '', 'x-b': '' }]
    ) {
      const verify = vi.fn(() => who('alice'));
      const response = await secure({
        methods: ['GET'],
        auth: [ofHeader('x-a', { authenticate: verify }), ofHeader('x-b', { authenticate: verify })],
      }, ok)(get('/', headers));
      expect([response.status, await codeOf(response)]).toEqual([400, 'credentials_malformed']);
      expect(response.headers.get('www-authenticate')).toBe('x-a error="invalid_request", x-b error="invalid_request"');
      expect(verify).not.toHaveBeenCalled();
    }
  });

  // Whoever answers with a promise has not answered no.
  test('takes for presented whatever is not said to be absent', async () => {
    const strange = { isPresented: async () => await Promise.resolve(false) };
    const response = await secure({ methods: ['GET'], auth: [ofHeader('x-a', strange), ofHeader('x-b', strange)] }, ok)(
      get('/', { 'x-a': 'alice' }),
    );
    expect(await codeOf(response)).toBe('credentials_malformed');
  });

  test('asks those that cannot tell in their order', async () => {
    const silent = { isPresented: undefined };
    const response = await secure({ methods: ['GET'], auth: [ofHeader('x-a', silent), ofHeader('x-b', silent)] }, tell)(
      get('/', { 'x-a': 'alice', 'x-b': 'bob' }),
    );
    expect(await response.json()).toBe('alice');
  });

  test('answers 500 where it cannot be told who is presented', async () => {
    const isPresented = (): never => {
      throw new Error('secret');
    };
    const response = await secure({
      methods: ['GET'],
      auth: [ofHeader('x-a', { isPresented }), ofHeader('x-b')],
      ...quiet,
    }, ok)(
      get('/', { 'x-b': 'bob' }),
    );
    expect(response.status).toBe(500);
  });

  test('names the one that proved the principal, where a scope is missing', async () => {
    const response = await secure({ methods: ['GET'], auth, scopes: ['orders:read'] }, ok)(get('/', { 'x-b': 'bob' }));
    expect(response.headers.get('www-authenticate')).toBe('x-b error="insufficient_scope"');
  });

  test.each([[[]], [[undefined]], [['public']], [[ofHeader('x-a'), {}]], [new Set([ofHeader('x-a')])]])(
    'is not made of %o',
    (list) => {
      expect(() => secure({ methods: ['GET'], auth: list as never }, ok)).toThrow(TypeError);
    },
  );

  test('is not changed by changing the list afterwards', async () => {
    const list = [ofHeader('x-a')];
    const made = secure({ methods: ['GET'], auth: list }, tell);
    list.push(ofHeader('x-b'));
    expect((await made(get('/', { 'x-b': 'bob' }))).status).toBe(401);
  });
});
