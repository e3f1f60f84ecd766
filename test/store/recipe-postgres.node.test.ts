import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createPostgresKv, POSTGRES_SCHEMA, POSTGRES_SWEEP } from '../../examples/stores/postgres.ts';
import { claim } from '../../src/store/claim.ts';
import { kvStore } from '../../src/store/kv.ts';
import { describeRecipe } from './recipe.ts';

// PostgreSQL itself, compiled to WebAssembly.
let db: PGlite;
const kv = createPostgresKv((text, values) => db.query(text, values));

beforeAll(async () => {
  db = await PGlite.create();
  // As a migration that is run twice.
  await db.exec(POSTGRES_SCHEMA);
  await db.exec(POSTGRES_SCHEMA);
}, 60_000);
afterAll(() => db?.close());

describeRecipe('createPostgresKv()', () => kv);

describe('POSTGRES_SWEEP', () => {
  test('deletes what has lapsed, and only that', async () => {
    const write = { value: 'v', expected: undefined };
    await kv.commit([{ ...write, key: 'sweep:old', expiresInMs: 1 }, {
      ...write,
      key: 'sweep:new',
      expiresInMs: 5000,
    }]);
    await new Promise((resolve) => setTimeout(resolve, 20));
    await db.query(POSTGRES_SWEEP);
    expect((await kv.read(['sweep:old', 'sweep:new'])).map((entry) => entry?.value)).toEqual([undefined, 'v']);
  });
});

describe('createPostgresKv()', () => {
  // Read as a no, each would be a conflict, and what was written would be written again, and counted again.
  test.each([['t'], ['true'], [1], [null], [undefined]])(
    'refuses where a driver tells a boolean as %j, and does not write again',
    async (done) => {
      let commits = 0;
      const spelled = createPostgresKv(async (text) => {
        if (text.startsWith('SELECT key')) return { rows: [] };
        commits++;
        return { rows: [{ done }] };
      });
      const call = { step: claim, space: 'jti', key: 'k', args: { value: 'v', ttlMs: 60_000 } };
      await expect(kvStore(spelled).run([[call]])).rejects.toMatchObject({ code: 'store_unavailable' });
      expect(commits).toBe(1);
    },
  );
});
