import { describe, expect, test, vi } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import { secure } from '../../src/secure/secure.ts';
import { get, ok, open, quiet } from './fixtures.ts';

const BRAND = Symbol.for('sallyport.refusal');

function trap(): never {
  throw new Error('secret of a trap');
}

/** A proxy whose every trap throws. */
function minefield(target: object): object {
  return new Proxy(target, new Proxy({}, { get: () => trap }));
}

function withGetters(target: object, ...names: readonly (string | symbol)[]): object {
  for (const name of names) Object.defineProperty(target, name, { get: trap, enumerable: true });
  return target;
}

function cyclic(): Error {
  const error = new Error('secret of a cycle');
  Object.assign(error, { cause: error, self: error, toJSON: trap });
  return error;
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

/** Hostile list E6: what a handler, or a library beneath it, may throw. */
const THROWN: readonly (readonly [string, () => unknown])[] = [
  [
    'an error whose message, stack and cause throw',
    () => withGetters(new Error('x'), 'message', 'stack', 'cause', 'name'),
  ],
  ['an error with a cyclic cause and a toJSON that throws', cyclic],
  ['a proxy whose every trap throws', () => minefield({})],
  ['a proxy of an error whose every trap throws', () => minefield(new Error('secret'))],
  ['a revoked proxy', revoked],
  ['a proxy of a refusal whose every trap throws', () => minefield(new Refusal('not_found'))],
  ['a refusal whose status throws', () => withGetters({ [BRAND]: true, code: 'not_found' }, 'status')],
  [
    'a refusal whose headers throw',
    () => withGetters({ [BRAND]: true, code: 'not_found', status: 404, title: '' }, 'headers'),
  ],
  [
    'a refusal whose problem throws',
    () => withGetters({ [BRAND]: true, code: 'x', status: 404, title: '' }, 'problem'),
  ],
  ['a refusal whose issues throw', () => withGetters({ [BRAND]: true, code: 'x', status: 404, title: '' }, 'issues')],
  [
    'a refusal with a member that throws',
    () => new Refusal('forbidden', { problem: withGetters({}, 'quota') as Record<string, unknown> }),
  ],
  ['a refusal with a cycle in its problem', () => {
    const problem: Record<string, unknown> = {};
    problem['self'] = problem;
    return new Refusal('forbidden', { problem });
  }],
  ['a refusal with a toJSON that throws', () => new Refusal('forbidden', { problem: { quota: { toJSON: trap } } })],
  ['a refusal with a BigInt', () => new Refusal('forbidden', { problem: { quota: 1n } })],
  ['a refusal whose status is a text', () => ({ [BRAND]: true, code: 'not_found', status: 'secret', title: '' })],
  ['a refusal whose status is beyond', () => ({ [BRAND]: true, code: 'not_found', status: 1000, title: '' })],
  ['an object that turns into a promise that rejects', () => ({ then: trap })],
  ['a symbol', () => Symbol('secret')],
  ['undefined', () => undefined],
  ['an aggregate of ten thousand', () => new AggregateError(Array.from({ length: 10_000 }, cyclic), 'secret')],
];

describe('secure() and errors that fight back', () => {
  test.each(THROWN)('answers %s with the generic 500', async (_what, make) => {
    const handler = secure({ ...open, ...quiet }, () => {
      throw make();
    });
    const response = await handler(get());
    expect(response.status).toBe(500);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.json()).toEqual({
      type: 'about:blank',
      title: 'Internal Server Error',
      status: 500,
      code: 'internal_error',
      requestId: response.headers.get('x-request-id'),
    });
  });

  test.each(THROWN)('is not brought down by a default reporter that shows %s', async (_what, make) => {
    const shown = vi.spyOn(console, 'error').mockImplementation(() => trap());
    try {
      const response = await secure(open, () => {
        throw make();
      })(get());
      expect(response.status).toBe(500);
      expect(shown).toHaveBeenCalledTimes(1);
    } finally {
      shown.mockRestore();
    }
  });

  // Hostile list E5: whatever the client likes to read, a page of ours would be one more thing to escape.
  test.each(['text/html', 'application/xhtml+xml, */*;q=0', 'text/html;q=1, application/problem+json;q=0'])(
    'answers in JSON to a client that accepts %s',
    async (accept) => {
      const refused = await secure(open, () => {
        throw new Refusal('not_found');
      })(get('/', { accept }));
      expect([refused.status, refused.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    },
  );

  // Hostile list E5: neither the path, nor the query, nor a header of the request comes back.
  test('echoes nothing of the request', async () => {
    const handler = secure({ ...open, ...quiet }, (request) => {
      throw new Error(request.url + request.headers.get('x-note'));
    });
    const response = await handler(get('/s3cret-path?s3cret=query', { 'x-note': 's3cret-header' }));
    const sent = JSON.stringify([...response.headers]) + await response.text();
    expect(sent).not.toContain('s3cret');
  });

  // Hostile list R3.
  test.each<readonly [string, unknown]>([
    ['a Response of nothing', Object.create(Response.prototype)],
    ['a promise of nothing', Promise.resolve()],
    ['a text', 'secret'],
    ['a proxy whose every trap throws', minefield({})],
  ])('answers a handler that returns %s with a 500', async (_what, returned) => {
    const response = await secure({ ...open, ...quiet }, () => returned as never)(get());
    expect([response.status, response.headers.get('content-type')]).toEqual([500, 'application/problem+json']);
    expect(await response.text()).not.toContain('secret');
  });

  test('still answers what follows', async () => {
    expect((await secure(open, ok)(get())).status).toBe(200);
  });
});
