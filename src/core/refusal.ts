import { type RefusalCode, statusOf } from './refusal-code.ts';

export type { RefusalCode } from './refusal-code.ts';

const BRAND: unique symbol = Symbol.for('sallyport.refusal');

/** One thing that is wrong with a value: a stable code, where it is, and a sentence. Never the value itself. */
export interface Issue {
  /** Stable, machine-readable: `required`, `unknown_key`, `too_long`, … */
  readonly code: string;
  /** Property names and array indexes from the root to the value. */
  readonly path: readonly (string | number)[];
  /** A sentence for a developer; it never repeats input. */
  readonly message: string;
  /** The numbers and names of the rule that was broken, for translations: `{ min: 1 }`. */
  readonly params?: Readonly<Record<string, number | string>>;
}

/** What a {@linkcode Refusal} may carry besides its code. */
export interface RefusalOptions {
  /** A sentence for the log. It must never hold input, token, key or header value. Default: the code. */
  readonly message?: string;
  /** Response headers that belong to this refusal: `WWW-Authenticate`, `Retry-After`, `Allow`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** What was wrong with a validated value; it reaches the client. */
  readonly issues?: readonly Issue[];
  /** What the problem document says beside the table, below 500: `type`, a URI, and extension members (RFC 9457 section 3.2). It reaches the client. */
  readonly problem?: Readonly<Record<string, unknown>>;
  /** The error behind this one, for the log. It never reaches a client. */
  readonly cause?: unknown;
}

/**
 * The one error class of this package: a request was refused, or a decision could not be made and was therefore refused.
 *
 * Test for it with {@linkcode isRefusal}, not with `instanceof`: an ESM and a CommonJS copy of the class can meet in one process.
 * Turn it into a Response with {@linkcode toProblem}. Its stack names no frames: refusing must stay cheap under a flood.
 *
 * @example
 * ```ts
 * import { Refusal } from 'sallyport';
 *
 * const refusal = new Refusal('rate_limited', { headers: { 'retry-after': '3' } });
 * console.log(refusal.status); // 429
 * ```
 */
export class Refusal extends Error {
  /** The reason, from a closed union: switch on it. */
  readonly code: RefusalCode;
  /** The HTTP status that belongs to the code. */
  readonly status: number;
  /** The reason phrase that belongs to the status. */
  readonly title: string;
  /** Response headers that belong to this refusal, if any. */
  readonly headers: Readonly<Record<string, string>> | undefined;
  /** What was wrong with a validated value, if that was the reason. */
  readonly issues: readonly Issue[] | undefined;
  /** What the problem document says beside the table, if anything. */
  readonly problem: Readonly<Record<string, unknown>> | undefined;

  /**
   * Makes a refusal; throw it, or hand it to `toProblem`.
   *
   * @param code the reason, a row of the closed table
   * @param options message for the log, headers and issues for the client, cause for the log
   * @throws {TypeError} for a code that is no row of the table: without a status, a refusal would be answered with 200
   */
  constructor(code: RefusalCode, options: RefusalOptions = {}) {
    const row = statusOf(code);
    if (row === undefined) throw new TypeError(`Cannot create refusal: unknown code ${String(code)}.`);
    // Made a text first: what throws in `super` would leave the whole process without stacks.
    const message = String(options.message ?? code);
    // Walking the stack costs ten times as much as everything else about a refusal, and whoever sends garbage decides how many there
    // are. It says nothing that the code does not: who needs the place of a fault reads the stack of `cause`.
    const frames: unknown = Reflect.get(Error, 'stackTraceLimit');
    const quiet = typeof frames === 'number' && Reflect.set(Error, 'stackTraceLimit', 0);
    super(message, 'cause' in options ? { cause: options.cause } : undefined);
    if (quiet) Reflect.set(Error, 'stackTraceLimit', frames);
    this.name = 'Refusal';
    this.code = code;
    [this.status, this.title] = row;
    this.headers = options.headers;
    this.issues = options.issues;
    this.problem = options.problem;
    Object.defineProperty(this, BRAND, { value: true });
  }
}

/**
 * Tells whether a caught value is a {@linkcode Refusal}, also one made by another copy of this package (ESM beside CommonJS).
 *
 * @param value anything that was caught
 * @returns true for a refusal
 *
 * @example
 * ```ts
 * import { isRefusal, Refusal } from 'sallyport';
 *
 * console.log(isRefusal(new Refusal('not_found')), isRefusal(new Error('boom'))); // true false
 * ```
 */
export function isRefusal(value: unknown): value is Refusal {
  if (typeof value !== 'object' || value === null) return false;
  try {
    // The brand alone: an Error of another realm is no instance of this one's. An own property: a polluted Object.prototype must
    // not turn every error into a refusal.
    return Object.hasOwn(value, BRAND);
  } catch {
    // Whoever catches asks this first; a Proxy whose traps throw must not make it throw again.
    return false;
  }
}
