import { describe, expect, test, vi } from 'vitest';
import type { StandardSchema } from '../../src/core/standard-schema.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, codeOf, ok, post, quiet } from './fixtures.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const schema = (validate: () => unknown): StandardSchema<unknown, unknown> => ({
  '~standard': { version: 1, vendor: 'other', validate: validate as () => { value: unknown } },
});
const { auth } = bearer();
const policy = {
  methods: ['POST'] as const,
  auth,
  params: schema(() => ({ value: {} })),
  query: schema(() => ({ value: {} })),
  body: schema(() => ({ value: {} })),
  roles: () => true,
  resource: () => ({}),
  authorize: () => true,
  timeouts: { stageMs: 10 },
};
const PARAMS = { params: {} };

/** What others wrote, and may never answer. */
const HANGING: readonly (readonly [string, object])[] = [
  ['authenticate', { auth: { ...auth, authenticate: never } }],
  ['roles', { roles: never }],
  ['params', { params: schema(never) }],
  ['query', { query: schema(never) }],
  ['bodySchema', { body: schema(never) }],
  ['resource', { resource: never }],
  ['authorize', { authorize: never }],
];

describe('timeouts.stageMs', () => {
  test.each(HANGING)('%s that never answers is answered for with 503', async (stage, fields) => {
    const run = vi.fn(ok);
    const events: object[] = [];
    const handler = secure({ ...policy, ...quiet, ...fields, onEvent: (event) => events.push(event) }, run);
    const response = await handler(post('{}', as('reader')), PARAMS);
    expect([response.status, await codeOf(response)]).toEqual([503, 'deadline_exceeded']);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(run).not.toHaveBeenCalled();
    expect(events).toMatchObject([{ outcome: 'failed', stage, code: 'deadline_exceeded', status: 503 }]);
  });

  test('of parameters that never come', async () => {
    const response = await secure({ ...policy, ...quiet }, ok)(post('{}', as('reader')), { params: never() });
    expect(await codeOf(response)).toBe('deadline_exceeded');
  });

  test('lets pass what is in time', async () => {
    const soon = async <T>(value: T): Promise<T> => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      return value;
    };
    const handler = secure({
      ...policy,
      timeouts: { stageMs: 5000 },
      roles: () => soon(true),
      resource: () => soon({}),
      authorize: () => soon(true),
      query: schema(() => soon({ value: {} })),
    }, ok);
    expect((await handler(post('{}', as('reader')), PARAMS)).status).toBe(200);
  });

  test('asks nobody who comes later, and leaves nothing unhandled', async () => {
    const authorize = vi.fn(() => true);
    let fail = (_error: Error): void => undefined;
    const resource = (): Promise<object> => new Promise((_resolve, reject) => fail = reject);
    const handler = secure({ ...policy, ...quiet, resource, authorize }, ok);
    expect((await handler(post('{}', as('reader')), PARAMS)).status).toBe(503);
    fail(new Error('late'));
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(authorize).not.toHaveBeenCalled();
  });

  // Hostile list 61: a permission that comes too late is none.
  test('takes no late permission', async () => {
    const run = vi.fn(ok);
    let allow = (_answer: boolean): void => undefined;
    const authorize = (): Promise<boolean> => new Promise((resolve) => allow = resolve);
    expect((await secure({ ...policy, ...quiet, authorize }, run)(post('{}', as('reader')), PARAMS)).status).toBe(503);
    allow(true);
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(run).not.toHaveBeenCalled();
  });

  test.each([0, -1, NaN, Infinity, '10', 2 ** 31, null])('is no time of %o', (stageMs) => {
    expect(() => secure({ ...policy, timeouts: { stageMs } } as never, ok)).toThrow(/^Cannot secure: stageMs/);
  });

  test.each([[{ handlerSeconds: 1 }], [{ stageMs: undefined }], [1000], [new Map()], [[]]])(
    'timeouts are not %o',
    (timeouts) => {
      expect(() => secure({ ...policy, timeouts } as never, ok)).toThrow(TypeError);
    },
  );
});
