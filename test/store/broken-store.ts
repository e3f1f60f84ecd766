import { systemClock } from '../../src/core/clock.ts';
import type { Group, StepCall, StepOutcome } from '../../src/store/step.ts';
import type { GroupAnswer, Store } from '../../src/store/store.ts';

interface Cell {
  readonly state: unknown;
  readonly endsMs: number;
}

type Outcome = StepOutcome<unknown, unknown>;

/** What a store is made of. Each part can be broken by itself. */
export interface StoreParts {
  nameOf(call: StepCall): string;
  find(cells: Map<string, Cell>, name: string, nowMs: number): unknown;
  keep(cells: Map<string, Cell>, name: string, outcome: Outcome, nowMs: number): void;
  runStep(call: StepCall, state: unknown, nowUs: number): Outcome;
  /** What a group may write, once it is decided. */
  mayWrite(outcome: Outcome, ok: boolean): boolean;
  answer(ok: boolean, results: readonly unknown[]): GroupAnswer;
  /** Between deciding and writing. */
  before(group: Group): Promise<void>;
  arrange(groups: readonly Group[]): readonly Group[];
  accumulates: boolean;
  /** Whether what a group wrote stays when it fails. */
  sticks: boolean;
  clock(): number;
}

const sound: StoreParts = {
  nameOf: ({ space, key, step }) => JSON.stringify([step.kind, space, key]),
  find(cells, name, nowMs) {
    const cell = cells.get(name);
    return cell === undefined || cell.endsMs <= nowMs ? undefined : cell.state;
  },
  keep(cells, name, { state, ttlMs }, nowMs) {
    if (state === undefined) cells.delete(name);
    else cells.set(name, { state, endsMs: nowMs + ttlMs });
  },
  runStep({ step, args }, state, nowUs) {
    const outcome = step.apply(state, args, nowUs);
    if (step.kind === 'debt' && !Number.isFinite(outcome.state)) throw new TypeError('no debt');
    return outcome;
  },
  mayWrite: (_, ok) => ok,
  answer: (ok, results) => ({ ok, results }),
  // In one turn: nobody comes between.
  before: async () => {},
  arrange: (groups) => groups,
  accumulates: true,
  sticks: false,
  clock: systemClock,
};

/** Makes a small store that keeps the contract, but for the parts that are broken. */
export function brokenStore(broken: Partial<StoreParts>): Store {
  const parts: StoreParts = { ...sound, ...broken };
  const cells = new Map<string, Cell>();

  async function runGroup(group: Group, nowMs: number): Promise<GroupAnswer> {
    const draft = new Map(cells);
    const [steps, results]: [(readonly [string, Outcome])[], unknown[]] = [[], []];
    for (const call of group) {
      const name = parts.nameOf(call);
      const state = parts.find(parts.accumulates ? draft : cells, name, nowMs);
      const outcome = parts.runStep(call, state, Math.floor(nowMs * 1000));
      if (outcome.ok) parts.keep(draft, name, outcome, nowMs);
      if (outcome.ok && parts.sticks) parts.keep(cells, name, outcome, nowMs);
      steps.push([name, outcome]);
      results.push(outcome.result);
    }
    const ok = steps.every(([, outcome]) => outcome.ok);
    if (broken.before !== undefined) await parts.before(group);
    for (const [name, outcome] of steps) if (parts.mayWrite(outcome, ok)) parts.keep(cells, name, outcome, nowMs);
    return parts.answer(ok, results);
  }

  return {
    async run(groups) {
      const nowMs = parts.clock();
      const answers: GroupAnswer[] = [];
      for (const group of parts.arrange(groups)) answers.push(await runGroup(group, nowMs));
      return { nowMs, groups: answers };
    },
  };
}
