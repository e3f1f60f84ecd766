/** What a step decided: whether it may happen, what is remembered then, and what the caller is told. */
export interface StepOutcome<State, Result> {
  /** Whether the step may happen. When it is false, nothing is written. */
  readonly ok: boolean;
  /** What to remember under the key when the whole group commits; undefined to forget it. */
  readonly state: State | undefined;
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
   * `debt`: the state is one number that grows with use and means nothing once time has passed it, like GCRA's arrival time. A store
   * may answer with a larger number than it was given, never with a smaller one; one that gives back lowers it, in some stores only in part. `value`:
   * anything else.
   */
  readonly kind: 'debt' | 'value';
  /**
   * Decides. A method, so that steps of any state fit one list; it uses no `this`.
   *
   * @param state what is remembered, or undefined
   * @param args what the caller passed
   * @param nowUs the store's time in microseconds since the Unix epoch, a whole number
   */
  apply(state: State | undefined, args: Args, nowUs: number): StepOutcome<State, Result>;
  /** The same in Lua, for stores that run steps on a Redis server; such a store refuses a step without it. */
  readonly twin?: StepTwin<Args, Result>;
}

/** A step in Lua 5.1. One table of vectors should test both. */
export interface StepTwin<Args = unknown, Result = unknown> {
  /**
   * The body of a function of `state`, a string or false; `args`, a list of strings that all groups of a call share; and `now`, in microseconds. It returns
   * whether the step may happen, the next state (a string, or false to forget it), its time to live in milliseconds, and the result: a whole number or a
   * string, or a list of these. It may call `ceil`, `floor`, `max` and `min`, and `integer(text)`, `integers(text)` and `spell(number, …)`, which read and
   * write whole numbers between spaces without a loss, and fail where there is none: what nobody wrote is no state to decide with.
   */
  readonly lua: string;
  /** Writes the arguments as the body reads them. A method, as `apply` is. */
  encode(args: Args): readonly string[];
  /** Reads the result, or answers undefined for what is none. */
  decode(reply: readonly unknown[]): Result | undefined;
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
