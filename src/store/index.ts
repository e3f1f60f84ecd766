/**
 * The one storage contract, its steps, its stores, and the kit that proves a store.
 *
 * @module
 */
export type { Group, Step, StepCall, StepOutcome, StepTwin } from './step.ts';
export type { GroupAnswer, Store, StoreAnswer } from './store.ts';
export { claim, type ClaimArgs, type ClaimResult } from './claim.ts';
export { drop, type DropArgs, swap, type SwapArgs, type SwapResult } from './swap.ts';
export { memoryStore, type MemoryStoreOptions } from './memory.ts';
export { type RedisSend, redisStore, type RedisStoreOptions } from './redis.ts';
export type { KvEntry, KvWrite, VersionedKv } from './versioned-kv.ts';
export { kvStore, type KvStoreOptions } from './kv.ts';
export { createMapKv, type MapKvOptions } from './map-kv.ts';
export { type DenoKv, type DenoKvAtomic, type DenoKvEntry, denoKvStore } from './deno-kv.ts';
export { storeConformance, type StoreConformanceCase } from './conformance.ts';
