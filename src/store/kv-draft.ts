import { Refusal } from '../core/refusal.ts';
import { decodeEntry, encodeEntry, type Remembered } from './kv-entry.ts';
import type { StepCall, StepOutcome } from './step.ts';
import type { GroupAnswer } from './store.ts';
import type { KvEntry, KvWrite } from './versioned-kv.ts';

/** A step, and the name of its place. */
export interface NamedCall {
  readonly call: StepCall;
  readonly name: string;
}

/** What groups would write, upon what was read. */
export interface Draft {
  /** Runs a group upon what stands; what it would write stands for the next. It throws what a step throws, and then wrote nothing. */
  readonly run: (calls: readonly NamedCall[], nowMs: number) => GroupAnswer;
  /** All that must be written, together or not at all, for what was answered to be true. */
  readonly writes: () => readonly KvWrite[];
}

type Outcome = StepOutcome<unknown, unknown>;

interface Cell {
  /** Undefined for what is forgotten. */
  readonly remembered: Remembered | undefined;
  readonly text: string | undefined;
  readonly ttlMs: number;
}

/** Starts a draft upon entries as they were read. */
export function createDraft(entries: ReadonlyMap<string, KvEntry | undefined>): Draft {
  const written = new Map<string, Cell>();

  /** Lazily, so that garbage under one key is the trouble of those alone who ask for it. */
  function readEntry(name: string): Remembered | undefined {
    const entry = entries.get(name);
    return entry === undefined ? undefined : decodeEntry(entry.value);
  }

  function run(calls: readonly NamedCall[], nowMs: number): GroupAnswer {
    const mine = new Map<string, Cell>();
    const results: unknown[] = [];
    let ok = true;
    for (const { call: { step, args }, name } of calls) {
      const cell = mine.get(name) ?? written.get(name);
      const remembered = cell === undefined ? readEntry(name) : cell.remembered;
      const state = remembered === undefined || remembered.expiresMs <= nowMs ? undefined : remembered.state;
      if (step.kind === 'debt' && state !== undefined && !isDebt(state)) {
        throw new Refusal('store_unavailable', { cause: new Error('What stands under a key is no debt.') });
      }
      const outcome = step.apply(state, args, Math.round(nowMs * 1000));
      // What a step that says no would have remembered is nobody's.
      if (outcome.ok) mine.set(name, writeCell(outcome, step.name, step.kind, nowMs));
      ok &&= outcome.ok;
      results.push(outcome.result);
    }
    // Only now: a group is written whole or not at all.
    for (const [name, cell] of ok ? mine : []) written.set(name, cell);
    return { ok, results };
  }

  function writes(): readonly KvWrite[] {
    // Also of what is to be forgotten and does not stand: that it does not is what somebody has decided by.
    return [...written].map(([key, { text, ttlMs }]) => ({
      key,
      value: text,
      expiresInMs: ttlMs,
      expected: entries.get(key)?.version,
    }));
  }

  return { run, writes };
}

function writeCell({ state, ttlMs }: Outcome, step: string, kind: string, nowMs: number): Cell {
  // A yes that is not written down, or is forgotten at once, would be a yes for everyone.
  if (kind === 'debt' && !isDebt(state)) {
    throw new TypeError(`The step ${step} made a debt that is no finite number.`);
  }
  if (!Number.isSafeInteger(ttlMs) || ttlMs < 1) throw new TypeError(`The step ${step} made a senseless time to live.`);
  if (state === undefined) return { remembered: undefined, text: undefined, ttlMs };
  const remembered = { state, expiresMs: Math.ceil(nowMs + ttlMs) };
  return { remembered, text: encodeEntry(remembered), ttlMs };
}

function isDebt(state: unknown): state is number {
  return typeof state === 'number' && Number.isFinite(state);
}
