import { expect, test, vi } from 'vitest';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { createModes } from '../../src/secure/modes.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, get, ok, open, PEER, quiet } from './fixtures.ts';

const page = { headers: { 'content-type': 'text/html' } };

/** A response as an upstream's: a connection stands behind its body. */
function upstream(init: ResponseInit, cancel: () => void): Response {
  return new Response(new ReadableStream({ cancel }, { highWaterMark: 0 }), init);
}

// An upstream that answers with a page instead of JSON would keep one connection open for each request.
test('a response that is no JSON is let go of by the schema that refuses it', async () => {
  const cancel = vi.fn();
  const policy = { ...open, ...quiet, response: object({ n: int() }) };
  expect((await secure(policy, () => upstream(page, cancel))(get(), PEER)).status).toBe(500);
  expect(cancel).toHaveBeenCalledTimes(1);
});

test('a response that leaves in report mode is not', async () => {
  const policy = { ...open, onEvent: () => undefined, response: object({}), mode: createModes({ response: 'report' }) };
  const cancel = vi.fn();
  const response = await secure(policy, () => upstream(page, cancel))(get(), PEER);
  expect([response.status, cancel.mock.calls.length]).toEqual([200, 0]);
  await response.body?.cancel();
});

test('a response that the finaliser cannot carry is let go of', async () => {
  const cancel = vi.fn();
  const broken = (): Response => Object.defineProperty(upstream({}, cancel), 'headers', { value: null });
  expect((await secure({ ...open, ...quiet }, broken)(get(), PEER)).status).toBe(500);
  expect(cancel).toHaveBeenCalledTimes(1);
});

// `secure()` reads its fields by name, and so must whoever copies them.
test('definePolicy() takes over a field that is not enumerable', async () => {
  const policy = { methods: ['GET'] as const, auth: bearer().auth };
  Object.defineProperty(policy, 'scopes', { value: ['orders:write'] });
  for (const given of [policy, definePolicy(policy), definePolicy(policy).extend({ id: 'a' })]) {
    expect((await secure(given, ok)(get('/', as('reader')), PEER)).status).toBe(403);
  }
});

// RFC 9530: a digest of the whole row tells a short column to whoever tries them all, and is none of what leaves.
test.each([['enforced', undefined], ['reported', createModes({ response: 'report' })]])(
  'a digest of what a handler answered leaves with that alone: its schema is %s',
  async (_how, mode) => {
    const row = { n: 1, pin: 1234 };
    const headers = { 'content-digest': 'sha-256=:AA==:', 'repr-digest': 'sha-256=:AA==:', etag: '"1"' };
    const policy = { ...open, onEvent: () => undefined, ...(mode === undefined ? {} : { mode }) };
    const strict = object({ n: int() }, { unknown: mode === undefined ? 'strip' : 'reject' });
    const response = await secure({ ...policy, response: strict }, () => Response.json(row, { headers }))(get(), PEER);
    const isWhole = mode !== undefined;
    expect(await response.json()).toEqual(isWhole ? row : { n: 1 });
    expect(['content-digest', 'repr-digest', 'etag'].map((name) => response.headers.has(name)))
      .toEqual([isWhole, isWhole, true]);
  },
);
