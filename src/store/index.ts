/**
 * The one storage contract, its steps, and the memory store.
 *
 * @module
 */
export type { Group, Step, StepCall, StepOutcome } from './step.ts';
export type { GroupAnswer, Store, StoreAnswer } from './store.ts';
export { claim, type ClaimArgs, type ClaimResult } from './claim.ts';
export { memoryStore, type MemoryStoreOptions } from './memory.ts';
