import { describe, expect, test, vi } from 'vitest';
import { isOwner, ownerRule } from '../../src/access/owner.ts';
import { array } from '../../src/schema/array.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { as, bearer, ok, PEER, post } from './fixtures.ts';

const ANY_TENANT = { dangerouslyAllowAnyTenant: true };
const ROWS: ReadonlyMap<string, { readonly owner: string }> = new Map([
  ['1', { owner: 'alice' }],
  ['2', { owner: 'alice' }],
  ['3', { owner: 'bob' }],
]);

// Hostile list 65: a batch that is checked by its first item, by its length as one, or not at all.
describe('secure(): a batch', () => {
  const policy = {
    methods: ['POST'] as const,
    auth: bearer().auth,
    body: object({ ids: array(string(), { max: 10 }) }),
    resource: ({ body }: { readonly body: { readonly ids: readonly string[] } }) => {
      const rows = body.ids.map((id) => ROWS.get(id));
      return rows.includes(undefined) ? null : rows;
    },
  };
  const send = (ids: readonly string[]): Request => post(JSON.stringify({ ids }), as('reader'));

  test.each<readonly [string, readonly string[], number]>([
    ['of what is all the principal’s own', ['1', '2'], 200],
    ['whose last item is another’s', ['1', '2', '3'], 403],
    ['whose first item is another’s', ['3', '1'], 403],
    ['with one that is not there', ['1', '9'], 404],
    ['that is too long', Array.from({ length: 11 }, () => '1'), 400],
  ])('%s', async (_what, ids, status) => {
    const handler = vi.fn(ok);
    const secured = secure({
      ...policy,
      authorize: ({ principal, resource }) => resource.every((row) => isOwner(principal, row, ANY_TENANT)),
    }, handler);
    expect((await secured(send(ids), PEER)).status).toBe(status);
    expect(handler).toHaveBeenCalledTimes(status === 200 ? 1 : 0);
  });

  test('is nobody’s for a rule that was made for one: the first row decides for no other', async () => {
    const secured = secure({ ...policy, authorize: ownerRule(ANY_TENANT) }, ok);
    expect((await secured(send(['1', '2']), PEER)).status).toBe(403);
  });

  test('takes as much of the budget as it has items, and all of it or nothing', async () => {
    const limit = { name: 'items', limit: 5, windowSeconds: 60 };
    const limits = createLimits({
      afterBody: [{
        limits: [limit],
        key: () => 'all',
        cost: ({ body }: { readonly body: { readonly ids: readonly string[] } }) => body.ids.length,
      }],
    });
    const store = memoryStore({ clock: () => 0 });
    const secured = secure({ ...policy, authorize: () => true, store, limits }, ok);
    const statuses: number[] = [];
    for (const count of [4, 2, 1, 1]) {
      statuses.push((await secured(send(Array.from({ length: count }, () => '1')), PEER)).status);
    }
    expect(statuses).toEqual([200, 429, 200, 429]);
  });
});
