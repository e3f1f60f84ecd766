import { Refusal } from '../core/refusal.ts';
import { runStandard, type StandardSchema } from '../core/standard-schema.ts';
import type { JsonObject } from './parse.ts';

/** Runs claims through a schema, anybody's. Its issues stay behind: they may repeat what the token says, and a refusal never does. */
export async function shapeClaims(schema: StandardSchema, claims: JsonObject): Promise<unknown> {
  const result = await runStandard(schema, claims);
  if (result.issues === undefined) return result.value;
  throw new Refusal('jwt_claim_invalid', { message: 'The claims do not fit the schema.' });
}

/**
 * Freezes plain data all the way down, and tells whether it was plain data throughout. What is not (a Date, a Map, an instance) can be
 * changed whatever is frozen, and so cannot be handed to two requests.
 */
export function freezeData(root: unknown): boolean {
  let isPlain = true;
  const seen = new Set<object>();
  const pending: unknown[] = [root];
  while (pending.length > 0) {
    const value = pending.pop();
    if (typeof value === 'function') isPlain = false;
    if (typeof value !== 'object' || value === null || seen.has(value)) continue;
    seen.add(value);
    if (!isContainer(value)) {
      isPlain = false;
      continue;
    }
    Object.freeze(value);
    for (const name of Reflect.ownKeys(value)) {
      const member = Object.getOwnPropertyDescriptor(value, name);
      if (member !== undefined && 'value' in member) pending.push(member.value);
      else isPlain = false;
    }
  }
  return isPlain;
}

/** An array or an object literal, also of another realm. */
function isContainer(value: object): boolean {
  if (Array.isArray(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}
