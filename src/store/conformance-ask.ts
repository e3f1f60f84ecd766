import { claim, type ClaimResult } from './claim.ts';
import { append, owe } from './conformance-steps.ts';
import type { Group, StepCall } from './step.ts';
import type { GroupAnswer, Store, StoreAnswer } from './store.ts';

const HOUR_MS = 3_600_000;

/** Throws in plain words, unless it is as it should be. */
export function demand(isRight: boolean, words: string): void {
  if (!isRight) throw new Error(words);
}

/** Takes units of a debt. */
export function owing(key: string, units: number, most: number, space: string = 'rule'): StepCall {
  return { step: owe, space, key, args: { units, most } };
}

/** Appends a word. */
export function appending(key: string, word: string, most: number = 100, space: string = 'words'): StepCall {
  return { step: append, space, key, args: { word, most } };
}

/** Claims a key. */
export function claiming(key: string, value: string = 'value', ttlMs: number = HOUR_MS): StepCall {
  return { step: claim, space: 'claims', key, args: { value, ttlMs } };
}

/** Runs groups, and looks at whether what comes back is an answer to them. */
export async function ask(store: Store, ...groups: Group[]): Promise<StoreAnswer> {
  const answer = await store.run(groups);
  demand(answer.groups.length === groups.length, `It answered ${answer.groups.length} groups of ${groups.length}.`);
  for (const [index, { ok, results }] of answer.groups.entries()) {
    demand(typeof ok === 'boolean', 'It answered a group with neither yes nor no.');
    demand(results.length === groups[index]?.length, 'It did not answer each step of a group with its result.');
  }
  return answer;
}

/** Runs one group. */
export async function askOne(store: Store, ...group: StepCall[]): Promise<GroupAnswer> {
  const { groups: [answer = { ok: false, results: [] }] } = await ask(store, group);
  return answer;
}

/** Runs groups at once, each by a call of its own. */
export async function askAtOnce(store: Store, groups: readonly Group[]): Promise<readonly GroupAnswer[]> {
  return await Promise.all(groups.map((group) => askOne(store, ...group)));
}

/** Runs groups that should fail, and tells whether one was allowed all the same. */
export async function allows(store: Store, ...groups: Group[]): Promise<boolean> {
  try {
    const answer = await store.run(groups);
    return answer.groups.some(({ ok }) => ok);
  } catch {
    return false;
  }
}

/** How many said yes. */
export function countYes(answers: readonly GroupAnswer[]): number {
  return answers.filter(({ ok }) => ok).length;
}

/** Makes so many of something. */
export function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

/** Waits. */
export async function wait(ms: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Tells whether a result is that of a claim, with the value that stands. */
export function standsAs(result: unknown, value: string): result is ClaimResult {
  return typeof result === 'object' && result !== null && Reflect.get(result, 'value') === value;
}
