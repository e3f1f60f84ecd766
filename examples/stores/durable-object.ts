/** A limiter in Durable Objects with SQLite storage (`new_sqlite_classes`), and a Worker that asks it. */
import { DurableObject } from 'cloudflare:workers';
import { Refusal, toProblem } from 'sallyport/core';
import { clientKey, createLimiter, type Decision, formatRateLimit, type Limiter } from 'sallyport/limiter';
import { type KvEntry, kvStore, type KvWrite, type VersionedKv } from 'sallyport/store';

/** `ctx.storage`, as far as it is used here. */
export interface DurableStorage {
  readonly sql: { exec(query: string, ...values: (string | number)[]): { toArray(): Record<string, unknown>[] } };
  transactionSync<T>(run: () => T): T;
  getAlarm(): Promise<number | null>;
  setAlarm(timeMs: number): Promise<void>;
}

/** Makes an adapter for `kvStore`, inside an object. Everything is synchronous, so that nobody comes between a comparison and a write. */
export function createDurableKv(storage: DurableStorage): VersionedKv {
  const { sql } = storage;
  // AUTOINCREMENT gives no number twice, also not that of a row which is gone.
  sql.exec(`CREATE TABLE IF NOT EXISTS sallyport (
    version INTEGER PRIMARY KEY AUTOINCREMENT, key TEXT NOT NULL UNIQUE, value TEXT NOT NULL, expires INTEGER NOT NULL
  )`);

  function find(key: string): KvEntry | undefined {
    const [row] = sql.exec('SELECT value, version FROM sallyport WHERE key = ?', key).toArray();
    return row && { value: String(row['value']), version: Number(row['version']) };
  }

  function write({ key, value, expiresInMs }: KvWrite): void {
    if (value === undefined) sql.exec('DELETE FROM sallyport WHERE key = ?', key);
    else {
      const values = [key, value, Date.now() + expiresInMs] as const;
      sql.exec('REPLACE INTO sallyport (key, value, expires) VALUES (?, ?, ?)', ...values);
    }
  }

  return {
    // What has lapsed may still stand: kvStore reads from the value itself when it is over.
    read: (keys: readonly string[]): readonly (KvEntry | undefined)[] => keys.map(find),
    commit: (writes: readonly KvWrite[]): boolean =>
      storage.transactionSync(() => {
        if (writes.some(({ key, expected }) => find(key)?.version !== expected)) return false;
        writes.forEach(write);
        return true;
      }),
  };
}

const SWEEP_MS = 600_000;
const SHARDS = 64;

/**
 * The limiter is in the object and not in the Worker: one call decides, and steps, which are functions, need not cross. In its storage and not in its
 * memory, because an object that nobody calls for some seconds is evicted, and would begin anew.
 */
export class LimiterObject extends DurableObject {
  readonly #limiter: Limiter = createLimiter({
    store: kvStore(createDurableKv(this.ctx.storage)),
    limits: [{ name: 'client', limit: 60, windowSeconds: 3600 }],
  });

  async consume(key: string, cost: number = 1): Promise<Decision> {
    if (await this.ctx.storage.getAlarm() === null) await this.ctx.storage.setAlarm(Date.now() + SWEEP_MS);
    return await this.#limiter.consume(key, { cost });
  }

  /** Deletes what has lapsed, and comes again while there is more. */
  override async alarm(): Promise<void> {
    this.ctx.storage.sql.exec('DELETE FROM sallyport WHERE expires < ?', Date.now());
    const left = this.ctx.storage.sql.exec('SELECT 1 FROM sallyport LIMIT 1').toArray();
    if (left.length > 0) await this.ctx.storage.setAlarm(Date.now() + SWEEP_MS);
  }
}

/** The binding, as far as it is used here. */
export interface LimiterNamespace<Id> {
  idFromName(name: string): Id;
  get(id: Id): { consume(key: string, cost?: number): Promise<Decision> };
}

/** Which object keeps a key: one of so many, because those who change their address at will would else fill the account with objects. */
export async function shardOf(key: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(key));
  return `shard-${new DataView(digest).getUint32(0) % SHARDS}`;
}

export default {
  async fetch<Id>(request: Request, { LIMITER }: { readonly LIMITER: LimiterNamespace<Id> }): Promise<Response> {
    const key = clientKey(request.headers.get('cf-connecting-ip') ?? undefined);
    try {
      const decision = await LIMITER.get(LIMITER.idFromName(await shardOf(key))).consume(key);
      const headers = formatRateLimit(decision);
      if (!decision.allowed) return toProblem(new Refusal('rate_limited', { headers }));
      return new Response('Hello', { headers });
    } catch (cause) {
      // An object that is overloaded, or moves, has decided nothing.
      return toProblem(new Refusal('store_unavailable', { cause }));
    }
  },
};
