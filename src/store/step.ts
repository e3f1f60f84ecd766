/** What a step decided: whether it may happen, what is remembered then, and what the caller is told. */
export interface StepOutcome<State, Result> {
  /** Whether the step may happen. When it is false, nothing is written. */
  readonly ok: boolean;
  /** What to remember under the key when the whole group commits. */
  readonly state: State;
  /** How long to remember it, in milliseconds: a whole number, at least 1, rounded up. */
  readonly ttlMs: number;
  /** What the caller is told, whether it commits or not. */
  readonly result: Result;
}

/**
 * A pure function on the value under one key. Everything that remembers (limits, replay protection, idempotency) is written as steps,
 * so that a store needs to know none of them.
 */
export interface Step<State = unknown, Args = unknown, Result = unknown> {
  /** Unique among steps; a store that runs steps elsewhere finds its twin by it. */
  readonly name: string;
  /**
   * `debt`: the state is one number that only grows with use and means nothing once time has passed it, like GCRA's arrival time. A store
   * may answer with a larger number than it was given, never with a smaller one. `value`: anything else.
   */
  readonly kind: 'debt' | 'value';
  /**
   * Decides. A method, so that steps of any state fit one list; it uses no `this`.
   *
   * @param state what is remembered, or undefined
   * @param args what the caller passed
   * @param nowMs the store's time in milliseconds since the Unix epoch
   */
  apply(state: State | undefined, args: Args, nowMs: number): StepOutcome<State, Result>;
}

/** One step to run on one key. */
export interface StepCall {
  /** What to do. */
  readonly step: Step;
  /** The rule that the key belongs to: equal keys of different spaces never meet. A short constant, never a request's. */
  readonly space: string;
  /** The key: any text of any length. */
  readonly key: string;
  /** What the step is passed. */
  readonly args: unknown;
}

/** Steps that happen together: if one says no, none has written. */
export type Group = readonly StepCall[];
