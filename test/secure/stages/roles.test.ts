import { describe, expect, test, vi } from 'vitest';
import { createRoles } from '../../../src/access/role.ts';
import { Refusal } from '../../../src/core/refusal.ts';
import { object } from '../../../src/schema/object.ts';
import { string } from '../../../src/schema/string.ts';
import type { Authenticator } from '../../../src/secure/authenticator.ts';
import { createModes } from '../../../src/secure/modes.ts';
import { secure } from '../../../src/secure/secure.ts';
import { as, codeOf, get, ok, post, quiet } from '../fixtures.ts';

interface Claims {
  readonly roles?: unknown;
}

/** A token is the roles that it has, or `!` for a claim that is none. */
const auth: Authenticator<{ id: string; issuer: undefined; scopes: readonly string[]; claims: Claims }> = {
  ambient: false,
  requestHeaders: ['authorization'],
  authenticate(request) {
    const token = request.headers.get('authorization')?.slice('Bearer '.length);
    if (token === undefined) throw new Refusal('credentials_missing');
    const roles = token === '!' ? { includes: () => true, some: () => true, length: 1 } : token.split(',');
    return { id: token, issuer: undefined, scopes: [], claims: token === '-' ? {} : { roles } };
  },
  challenge: () => 'Bearer',
};
const roles = createRoles({
  clerk: { permissions: ['orders:read'], methods: ['GET'] },
  manager: { inherits: ['clerk'], permissions: ['orders:refund'], methods: ['POST'] },
});

describe('roleStage()', () => {
  const refund = secure({ methods: ['GET'], auth, roles: roles.permissionRule('orders:refund') }, ok);

  test.each([
    ['manager', 200],
    ['clerk', 403],
    ['clerk,manager', 200],
    ['Manager', 403],
    ['__proto__', 403],
    ['constructor', 403],
    ['-', 403],
    ['!', 403],
  ])('of %s', async (token, status) => {
    expect((await refund(get('/', as(token)))).status).toBe(status);
  });

  test('says forbidden, and asks for credentials of who has shown none', async () => {
    expect(await codeOf(await refund(get('/', as('clerk'))))).toBe('forbidden');
    expect((await refund(get())).status).toBe(401);
  });

  // Hostile list 61: a forgotten await is a promise, and a promise is truthy.
  const ANSWERS: readonly (readonly [string, () => unknown, number])[] = [
    ['true', () => true, 200],
    ['a promise of true', async () => await Promise.resolve(true), 200],
    ['a thenable of true', () => ({ then: (settle: (value: unknown) => void) => settle(true) }), 200],
    ['false', () => false, 403],
    ['undefined', () => undefined, 403],
    ['1', () => 1, 403],
    ['"yes"', () => 'yes', 403],
    ['a boxed true', () => Object(true), 403],
    ['a promise of a promise of false', async () => await Promise.resolve(false), 403],
    ['a promise of an object', async () => await Promise.resolve({}), 403],
    ['a thenable of 1', () => ({ then: (settle: (value: unknown) => void) => settle(1) }), 403],
    ['a rejection', () => Promise.reject(new Error('secret')), 500],
    ['a proxy that throws', () =>
      new Proxy({}, {
        get: () => {
          throw new Error('secret');
        },
      }), 500],
    ['a rejection with a refusal', () => Promise.reject(new Refusal('forbidden')), 403],
  ];
  test.each(ANSWERS)('a rule that answers %s', async (_what, rule, status) => {
    const handler = vi.fn(ok);
    const response = await secure({ methods: ['GET'], auth, roles: rule as () => boolean, ...quiet }, handler)(
      get('/', as('clerk')),
    );
    expect([response.status, handler.mock.calls.length]).toEqual([status, status === 200 ? 1 : 0]);
    expect(await response.text()).not.toContain('secret');
  });

  test('shows a rule the principal alone: there is nothing else yet', async () => {
    const rule = vi.fn(() => true);
    await secure({ methods: ['GET'], auth, roles: rule }, ok)(get('/', as('clerk')));
    expect(rule.mock.calls).toEqual([[{ principal: expect.objectContaining({ id: 'clerk' }) }]]);
  });

  // Hostile lists 18 and 19.
  test('refuses before the query and the body are looked at', async () => {
    const handler = secure(
      { methods: ['POST'], auth, roles: roles.roleRule('manager'), body: object({ a: string() }) },
      ok,
    );
    const request = post('{"a":1}', as('clerk'));
    expect([(await handler(request)).status, request.bodyUsed]).toEqual([403, false]);
    expect((await handler(post('{"a":1}', as('manager')))).status).toBe(400);
  });

  test('takes nobody, where authentication only reports, for somebody without roles', async () => {
    const mode = createModes({ auth: { mode: 'report', until: '2999-01-01', reason: 'trial' } });
    const handler = secure(
      {
        methods: ['GET'],
        auth,
        mode,
        onEvent: () => undefined,
        methodsByRole: roles,
        roles: ({ principal }) => principal === undefined || true,
      },
      ok,
    );
    expect(await codeOf(await handler(get()))).toBe('forbidden');
    expect((await handler(get('/', as('clerk')))).status).toBe(200);
  });

  test.each(['roles', 'methodsByRole'])('%s need somebody who has them', (field) => {
    expect(() =>
      secure({ methods: ['GET'], auth: 'public', [field]: field === 'roles' ? () => true : roles } as never, ok)
    )
      .toThrow(/need auth/);
  });

  test('is no list of names', () => {
    expect(() => secure({ methods: ['GET'], auth, roles: ['manager'] as never }, ok)).toThrow(TypeError);
    expect(() => secure({ methods: ['GET'], auth, methodsByRole: { manager: ['POST'] } as never }, ok)).toThrow(
      TypeError,
    );
  });
});

describe('methodsByRole', () => {
  const handler = secure({ methods: ['GET', 'POST', 'DELETE'], auth, methodsByRole: roles }, ok);
  const send = (method: string, token: string): Request =>
    new Request('https://api.test/', { method, headers: as(token) });

  test.each([
    ['GET', 'clerk', 200],
    ['POST', 'clerk', 403],
    ['POST', 'manager', 200],
    ['GET', 'manager', 200],
    // Hostile list 13: HEAD is answered by GET, and asks for no less.
    ['HEAD', 'clerk', 200],
    ['HEAD', '-', 403],
    // What no role was given is nobody's.
    ['DELETE', 'manager', 403],
    // The policy's own list comes first.
    ['PUT', 'manager', 405],
  ])('%s by %s', async (method, token, status) => {
    expect((await handler(send(method, token))).status).toBe(status);
  });

  // Hostile list 12.
  test('is asked about the method that came, and no other that a header names', async () => {
    const request = new Request('https://api.test/?_method=GET', {
      method: 'POST',
      headers: { ...as('clerk'), 'x-http-method-override': 'GET', 'x-method-override': 'GET', 'x-http-method': 'GET' },
    });
    expect((await handler(request)).status).toBe(403);
  });
});
