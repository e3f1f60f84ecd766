import type { Step, StepOutcome } from './step.ts';

const HOUR_US = 3_600_000_000;
const MINUTE_MS = 60_000;

/** What {@linkcode owe} is passed. */
interface OweArgs {
  readonly units: number;
  readonly most: number;
}

/** A debt of units that take an hour each to be paid back, up to so many. It tells how many stood before. */
export const owe: Step<number, OweArgs, number> = /* @__PURE__ */ Object.freeze({
  name: 'conformanceOwe',
  kind: 'debt',
  apply(state: number | undefined, { units, most }: OweArgs, nowUs: number): StepOutcome<number, number> {
    const debtUs = Math.max(0, (state ?? 0) - nowUs);
    const afterUs = debtUs + units * HOUR_US;
    return {
      ok: afterUs <= most * HOUR_US,
      state: nowUs + afterUs,
      ttlMs: Math.max(1, Math.ceil(afterUs / 1000)),
      result: Math.ceil(debtUs / HOUR_US),
    };
  },
  twin: {
    lua: `local hour = 3600000000
local debt = math.max(0, (state and integer(state) or 0) - now)
local after = debt + integer(args[1]) * hour
return after <= integer(args[2]) * hour, spell(now + after), math.max(1, math.ceil(after / 1000)), { math.ceil(debt / hour) }`,
    encode: ({ units, most }: OweArgs): readonly string[] => [String(units), String(most)],
    decode: ([before]: readonly unknown[]): number | undefined => typeof before === 'number' ? before : undefined,
  },
});

/** What {@linkcode append} is passed. */
interface AppendArgs {
  readonly word: string;
  readonly most: number;
}

/** A list of words, up to so many. It tells those that stood before. A list, because the state of a step is not always text. */
export const append: Step<readonly string[], AppendArgs, string> = /* @__PURE__ */ Object.freeze({
  name: 'conformanceAppend',
  kind: 'value',
  apply(state: readonly string[] | undefined, { word, most }: AppendArgs): StepOutcome<readonly string[], string> {
    const before = state ?? [];
    const result = [...before].map((one) => `${one} `).join('');
    return { ok: before.length < most, state: [...before, word], ttlMs: MINUTE_MS, result };
  },
  twin: {
    lua: `local before, count = state or '', 0
for _ in string.gmatch(before, '%S+') do count = count + 1 end
return count < integer(args[2]), before .. args[1] .. ' ', 60000, { before }`,
    encode: ({ word, most }: AppendArgs): readonly string[] => [word, String(most)],
    decode: ([before]: readonly unknown[]): string | undefined => typeof before === 'string' ? before : undefined,
  },
});

/** A step that fails. */
export const fail: Step<unknown, undefined, undefined> = /* @__PURE__ */ Object.freeze({
  name: 'conformanceFail',
  kind: 'value',
  apply(): StepOutcome<unknown, undefined> {
    throw new Error('This step fails, as it should.');
  },
  twin: { lua: `error('this step fails, as it should')`, encode: none, decode: nothing },
});

/** A step whose answer nobody can read. Where steps run in place there is no such thing, and it fails. */
export const mumble: Step<unknown, undefined, undefined> = /* @__PURE__ */ Object.freeze({
  name: 'conformanceMumble',
  kind: 'value',
  apply: fail.apply,
  twin: { lua: `return true, 'said', 1000, { 'mumble' }`, encode: none, decode: nothing },
});

/** A debt step that says yes and loses count. Where steps run in Lua, text that is no number fails when it is spelt. */
export const loseCount: Step<number, undefined, number> = /* @__PURE__ */ Object.freeze({
  name: 'conformanceLoseCount',
  kind: 'debt',
  apply(): StepOutcome<number, number> {
    return { ok: true, state: NaN, ttlMs: 1000, result: 0 };
  },
  twin: { lua: `return true, spell(integer('nan')), 1000, { 0 }`, encode: none, decode: nothing },
});

function none(): readonly string[] {
  return [];
}

function nothing(): undefined {
  return undefined;
}
