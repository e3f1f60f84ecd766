/** A store on PostgreSQL: one table, one function, and one statement each to read and to commit. */
import type { KvEntry, KvWrite, VersionedKv } from 'sallyport/store';

/** One row of a result, by column. */
export type PostgresRow = Readonly<Record<string, unknown>>;

/**
 * What runs one statement, with texts for its `$1`, `$2`. Of node-postgres: `(text, values) => pool.query(text, values)`; of PGlite:
 * `(text, values) => db.query(text, values)`; of postgres.js: `async (text, values) => ({ rows: await sql.unsafe(text, values) })`.
 */
export type PostgresQuery = (text: string, values: string[]) => Promise<{ readonly rows: readonly PostgresRow[] }>;

/**
 * Belongs into your migrations.
 *
 * It is tempting to compare the versions in one query and to write in another, or in another branch of the same. However, each branch sees the table as it
 * was when the statement began, before it waited for a lock, and would admit what another has taken meanwhile. Here each write is its own
 * comparison, under the lock of its row; and as all take their rows in the order of the keys, no two wait for each other.
 */
export const POSTGRES_SCHEMA = `
  CREATE TABLE IF NOT EXISTS sallyport (
    key text COLLATE "C" PRIMARY KEY,
    value text NOT NULL,
    version bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    expires_at timestamptz NOT NULL
  ) WITH (fillfactor = 70);
  CREATE OR REPLACE FUNCTION sallyport_commit(writes jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
  DECLARE
    w record;
  BEGIN
    FOR w IN
      SELECT x.key, x.value, x.expected, now() + x.ttl * interval '1 millisecond' AS expires_at
      FROM jsonb_to_recordset(writes) AS x(key text, value text, expected bigint, ttl float8)
      ORDER BY x.key COLLATE "C"
    LOOP
      IF w.expected IS NULL THEN
        INSERT INTO sallyport (key, value, expires_at) VALUES (w.key, coalesce(w.value, ''), w.expires_at)
          ON CONFLICT DO NOTHING;
      ELSE
        UPDATE sallyport SET value = coalesce(w.value, ''), version = DEFAULT, expires_at = w.expires_at
          WHERE key = w.key AND version = w.expected;
      END IF;
      IF NOT FOUND THEN RAISE serialization_failure; END IF;
      IF w.value IS NULL THEN DELETE FROM sallyport WHERE key = w.key; END IF;
    END LOOP;
    RETURN true;
  -- Takes back what this call has written so far.
  EXCEPTION WHEN serialization_failure THEN
    RETURN false;
  END $$;
`;

/**
 * To run now and then, from cron or a timer. It reads the whole table: an index on expires_at would be written at every commit. What is locked is
 * in use, so it is left for the next time, and nobody waits.
 */
export const POSTGRES_SWEEP = `
  DELETE FROM sallyport WHERE key IN (SELECT key FROM sallyport WHERE expires_at < now() FOR UPDATE SKIP LOCKED)
`;

/** Makes an adapter for `kvStore`. Let `query` reach the primary, never a replica. */
export function createPostgresKv(query: PostgresQuery): VersionedKv {
  return {
    // What has lapsed may still stand: kvStore reads from the value itself when it is over.
    async read(keys: readonly string[]): Promise<readonly (KvEntry | undefined)[]> {
      const { rows } = await query(
        'SELECT key, value, version::text FROM sallyport WHERE key IN (SELECT jsonb_array_elements_text($1::text::jsonb))',
        [JSON.stringify(keys)],
      );
      const found = new Map(
        rows.map(({ key, value, version }) => [key, { value: String(value), version: String(version) }]),
      );
      return keys.map((key) => found.get(key));
    },
    async commit(writes: readonly KvWrite[]): Promise<boolean> {
      const texts = writes.map(({ key, value, expected, expiresInMs }) => ({ key, value, expected, ttl: expiresInMs }));
      const { rows } = await query('SELECT sallyport_commit($1::text::jsonb) AS done', [JSON.stringify(texts)]);
      const done = rows[0]?.['done'];
      // A driver that spells it otherwise would make every commit a conflict.
      if (typeof done !== 'boolean') throw new Error('PostgreSQL did not say whether it wrote.');
      return done;
    },
  };
}
