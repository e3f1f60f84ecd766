import { expect, test, vi } from 'vitest';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { createModes } from '../../src/secure/modes.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { object } from '../../src/schema/object.ts';
import { int } from '../../src/schema/number.ts';
import { createFormReader } from '../../src/schema/form-reader.ts';
import { codeOf, get, ok, open, ORIGIN, PEER, post, quiet } from './fixtures.ts';
import { isRefusal, Refusal } from '../../src/core/refusal.ts';

test('A filter failure then lapse', async () => {
  let now = 1e12;
  const store = memoryStore({ clock: () => now });
  let runs = 0;
  const h = secure({ id: 'x', methods: ['POST'], auth: 'public', ...quiet, body: object({ n: int() }), response: object({ n: int() }), idempotency: createIdempotency({ store }) },
    () => { runs++; return Response.json({ oops: 1 }); });
  const send = () => h(post('{"n":1}', { 'idempotency-key': 'abc' }), PEER);
  const a = await send(); const b = await send();
  now += 61_000;
  const c = await send();
  console.log('A', a.status, b.status, c.status, runs);
});

test('B form hang', async () => {
  const schema = { '~standard': { version: 1 as const, vendor: 'x', validate: () => new Promise<never>(() => undefined) } };
  const h = secure({ methods: ['POST'], auth: 'public', ...quiet, form: createFormReader(schema), timeouts: { stageMs: 20 } }, ok);
  const r = await Promise.race([h(new Request(ORIGIN, { method: 'POST', body: new URLSearchParams({ a: '1' }) }), PEER), new Promise((f) => setTimeout(f, 300, 'HANG'))]);
  console.log('B', r);
});

test('D report only denial', async () => {
  const limits = createLimits({ client: [{ name: 'c', limit: 1, windowSeconds: 60 }] });
  const h = secure({ ...open, store: memoryStore(), limits, mode: createModes({ limits: { c: 'report' } }), onEvent: () => 0 }, ok);
  await h(get(), PEER);
  const r = await h(get(), PEER);
  console.log('D', r.status, [...r.headers]);
});

test('H principal promise with id', async () => {
  const auth = { ambient: false, challenge: () => 'X', authenticate: () => {
    const p = Promise.reject(new Refusal('jwt_signature_invalid')); p.catch(() => 0);
    return Object.assign(p, { id: 'call-1', scopes: [], claims: {}, issuer: undefined }) as never; } };
  const h = secure({ methods: ['GET'], auth, ...quiet }, (_r, c) => Response.json({ id: (c as any).principal.id }));
  const r = await h(get(), PEER);
  console.log('H', r.status, await r.text());
});

test('Q definePolicy auth list state', async () => {
  const auth = { ambient: false, revoked: [] as string[], challenge: () => 'X', authenticate(this: any) {
    if (this.revoked.includes('a')) throw new Refusal('credentials_malformed');
    return { id: 'a', issuer: undefined, scopes: [], claims: {} }; } };
  const h = secure(definePolicy({ methods: ['GET'], auth: [auth], ...quiet }), ok);
  const a = await h(get(), PEER); auth.revoked.push('a'); const b = await h(get(), PEER);
  console.log('Q', a.status, b.status);
});
