import { checkValue } from './claim.ts';
import type { Step, StepOutcome } from './step.ts';

/** What {@linkcode swap} is passed. */
export interface SwapArgs {
  /** The value that must stand, or null where none may. */
  readonly expected: string | null;
  /** What to remember in its place. */
  readonly value: string;
  /** How long that stands, in milliseconds: above 0, at most ten years. */
  readonly ttlMs: number;
}

/** What {@linkcode drop} is passed. */
export interface DropArgs {
  /** The value that must stand. */
  readonly expected: string;
}

/** What {@linkcode swap} and {@linkcode drop} tell: the value that stood before, or null. */
export type SwapResult = string | null;

/**
 * The step that replaces a value, if it is the one expected: of all who saw the same value, one wins.
 *
 * @example
 * ```ts
 * import { claim, memoryStore, swap } from 'sallyport/store';
 *
 * const place = { space: 'job', key: '1' };
 * const store = memoryStore();
 * await store.run([[{ ...place, step: claim, args: { value: 'running', ttlMs: 60_000 } }]]);
 * await store.run([[{ ...place, step: swap, args: { expected: 'running', value: 'done', ttlMs: 60_000 } }]]);
 * ```
 */
export const swap: Step<string, SwapArgs, SwapResult> = /* @__PURE__ */ Object.freeze({
  name: 'swap',
  kind: 'value',
  apply(state: string | undefined, { expected, value, ttlMs }: SwapArgs): StepOutcome<string, SwapResult> {
    if (expected !== null) checkExpected('swap', expected);
    const lifeMs = checkValue('swap', value, ttlMs);
    const before = state ?? null;
    return { ok: before === expected, state: value, ttlMs: lifeMs, result: before };
  },
  twin: {
    lua: `local expected = args[1] == '1' and args[2]
return state == expected, args[3], integer(args[4]), state and { state } or {}`,
    encode: ({ expected, value, ttlMs }: SwapArgs): readonly string[] => [
      expected === null ? '0' : '1',
      expected === null ? '' : checkExpected('swap', expected),
      value,
      String(checkValue('swap', value, ttlMs)),
    ],
    decode: readBefore,
  },
});

/**
 * The step that forgets a value, if it is the one expected: of all who saw the same value, one may act on it. One who comes too late forgets
 * nothing.
 *
 * @example
 * ```ts
 * import { drop, memoryStore } from 'sallyport/store';
 *
 * const call = { step: drop, space: 'code', key: 'a1', args: { expected: 'issued' } };
 * console.log((await memoryStore().run([[call]])).groups[0]?.ok); // false: there was none
 * ```
 */
export const drop: Step<string, DropArgs, SwapResult> = /* @__PURE__ */ Object.freeze({
  name: 'drop',
  kind: 'value',
  apply(state: string | undefined, { expected }: DropArgs): StepOutcome<string, SwapResult> {
    return { ok: state === checkExpected('drop', expected), state: undefined, ttlMs: 1, result: state ?? null };
  },
  twin: {
    lua: `return state == args[1], false, 1, state and { state } or {}`,
    encode: ({ expected }: DropArgs): readonly string[] => [checkExpected('drop', expected)],
    decode: readBefore,
  },
});

/** What somebody forgot to pass must not read as a text that may stand there. */
function checkExpected(action: string, expected: unknown): string {
  if (typeof expected === 'string' && expected.isWellFormed()) return expected;
  throw new TypeError(`Cannot ${action}: expected must be a well-formed string.`);
}

function readBefore(reply: readonly unknown[]): SwapResult | undefined {
  const [before = null] = reply;
  return reply.length <= 1 && (before === null || typeof before === 'string') ? before : undefined;
}
