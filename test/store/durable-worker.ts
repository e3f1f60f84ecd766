import { DurableObject } from 'cloudflare:workers';
import worker, {
  createDurableKv,
  type LimiterNamespace,
  LimiterObject,
  shardOf,
} from '../../examples/stores/durable-object.ts';
import { storeConformance } from '../../src/store/conformance.ts';
import { kvStore } from '../../src/store/kv.ts';
import type { KvEntry, KvWrite, VersionedKv } from '../../src/store/versioned-kv.ts';

export { LimiterObject };

interface Proof {
  read(keys: readonly string[]): Promise<readonly (KvEntry | undefined)[]>;
  commit(writes: readonly KvWrite[]): Promise<boolean>;
  conform(): Promise<readonly (readonly [name: string, outcome: string])[]>;
}

const OVERLOADED: LimiterNamespace<string> = {
  idFromName: (name) => name,
  get: () => ({ consume: () => Promise.reject(new Error('Durable Object is overloaded.')) }),
};

/** What is left when an alarm has rung. */
interface Sweep {
  readonly isArmed: boolean;
  readonly left: readonly (string | undefined)[];
}

interface Env {
  readonly LIMITER: LimiterNamespace<unknown>;
  readonly SWEPT: { idFromName(name: string): unknown; get(id: unknown): { sweep(): Promise<Sweep> } };
  readonly PROOF: { idFromName(name: string): unknown; get(id: unknown): Proof };
}

/** An adapter upon the storage of an object, for the other side to prove. */
export class ProofObject extends DurableObject implements Proof {
  readonly #kv: VersionedKv = createDurableKv(this.ctx.storage);

  async read(keys: readonly string[]): Promise<readonly (KvEntry | undefined)[]> {
    return await this.#kv.read(keys);
  }

  async commit(writes: readonly KvWrite[]): Promise<boolean> {
    return await this.#kv.commit(writes);
  }

  /** Proves a store where it will be: inside. */
  async conform(): Promise<readonly (readonly [name: string, outcome: string])[]> {
    let spaces = 0;
    const cases = storeConformance(() => kvStore(this.#kv, { prefix: `inside-${++spaces}` }));
    return await Promise.all(
      cases.map(async ({ name, run }) => [name, await run().then(() => 'ok', String)] as const),
    );
  }
}

/** The object of the recipe, with something in it that has lapsed. */
export class SweptObject extends LimiterObject {
  async sweep(): Promise<Sweep> {
    const kv = createDurableKv(this.ctx.storage);
    const write = { value: 'v', expected: undefined };
    await kv.commit([{ ...write, key: 'old', expiresInMs: 1 }, { ...write, key: 'new', expiresInMs: 60_000 }]);
    await this.consume('ada');
    const isArmed = await this.ctx.storage.getAlarm() !== null;
    await new Promise((resolve) => setTimeout(resolve, 20));
    await this.alarm();
    const entries = await kv.read(['old', 'new']);
    return { isArmed, left: entries.map((entry) => entry?.value) };
  }
}

export default {
  /** The Worker of the recipe, and what the test asks beside it. */
  async fetch(request: Request, env: Env): Promise<Response> {
    const { pathname } = new URL(request.url);
    if (pathname === '/') return await worker.fetch(request, env);
    if (pathname === '/down') return await worker.fetch(request, { LIMITER: OVERLOADED });
    if (pathname === '/sweep') return Response.json(await env.SWEPT.get(env.SWEPT.idFromName('swept')).sweep());
    const proof = env.PROOF.get(env.PROOF.idFromName('proof'));
    if (pathname === '/conform') return Response.json(await proof.conform());
    // The test writes what is read here.
    const body = await request.json() as { readonly keys: readonly string[]; readonly writes: readonly KvWrite[] };
    if (pathname === '/shards') return Response.json(await Promise.all(body.keys.map(shardOf)));
    return Response.json(pathname === '/read' ? await proof.read(body.keys) : await proof.commit(body.writes));
  },
};
