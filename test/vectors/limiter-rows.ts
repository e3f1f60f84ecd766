import type { Step } from '../../src/store/step.ts';

/** A step that is run on the key of its history, and what must come of it. */
export interface StepRow {
  readonly step: Step;
  readonly args: unknown;
  /** The time that the step is told. It goes back now and then. */
  readonly nowUs: number;
  readonly ok: boolean;
  readonly result: unknown;
}

/** Steps one after another under one key, which nothing stands under before. */
export interface StepHistory {
  readonly name: string;
  readonly calls: readonly StepRow[];
}

/** What a step is passed, when, and what must come of it. */
export type Line = readonly [nowUs: number, args: unknown, ok: boolean, result: unknown];
export type WindowLine = readonly [
  nowUs: number,
  cost: number,
  ok: boolean,
  used: number,
  waitUs: number,
  resetUs: number,
  resetAfterUs: number,
];

export const START = 1_700_000_000_000_000;
/** A whole multiple of a minute, and of a sixteenth of one. */
export const NOON = 1_700_049_600_000_000;
export const MINUTE = 60_000_000;
export const TEN_YEARS = 315_360_000_000_000;

/** Lines of one step. */
export function rows(step: Step, lines: readonly Line[]): readonly StepRow[] {
  return lines.map(([nowUs, args, ok, result]) => ({ step, args, nowUs, ok, result }));
}

/** Lines of one step that counts within windows, with these numbers. */
export function windowRows(step: Step, numbers: object, lines: readonly WindowLine[]): readonly StepRow[] {
  return lines.map(([nowUs, cost, ok, used, waitUs, resetUs, resetAfterUs]) => ({
    step,
    args: { ...numbers, cost },
    nowUs,
    ok,
    result: { used, waitUs, resetUs, resetAfterUs },
  }));
}
