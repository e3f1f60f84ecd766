import { numberOption } from '../core/option.ts';
import type { Step, StepOutcome } from '../store/step.ts';
import { isCount } from './algorithm.ts';

/** What {@linkcode lease} is passed. */
export interface LeaseArgs {
  /** Names the holder, 1 to 64 of `A-Z a-z 0-9 . _ : -`: who holds a slot and asks again renews it. */
  readonly holder: string;
  /** How many may hold one at once. */
  readonly slots: number;
  /** After how many milliseconds a slot is free again that nobody released: the holder may have crashed. At most ten years. */
  readonly ttlMs: number;
}

/** What {@linkcode release} is passed. */
export interface ReleaseArgs {
  /** Who held the slot. */
  readonly holder: string;
}

/** What {@linkcode lease} and {@linkcode release} tell. */
export interface LeaseResult {
  /** How many slots others hold. */
  readonly held: number;
  /** Until one of those would be free at the latest, in microseconds: 0 when none is held. */
  readonly freeUs: number;
}

/** When each slot is free again, in microseconds since the Unix epoch, and its holder, in turn. */
export type LeaseState = readonly (number | string)[];

const TEN_YEARS_MS = 315_360_000_000;
const MAX_SLOTS = 1000;
const MAX_HOLDER_LENGTH = 64;

/**
 * The step of concurrency limits: takes one of so many slots, until it is released or its time is over.
 *
 * Envelope: at no time do more than `slots` holders hold one whose time is not over. Who works longer than `ttlMs` must renew, or is not counted
 * any more. A store keeps two values for each slot that is held.
 *
 * @example
 * ```ts
 * import { lease, release } from 'sallyport/limiter';
 * import { memoryStore } from 'sallyport/store';
 *
 * const [store, place] = [memoryStore(), { space: 'exports', key: 'ada' }];
 * const take = { ...place, step: lease, args: { holder: 'job-1', slots: 2, ttlMs: 30_000 } };
 * if ((await store.run([[take]])).groups[0]?.ok) {
 *   await store.run([[{ ...place, step: release, args: { holder: 'job-1' } }]]);
 * }
 * ```
 */
export const lease: Step<LeaseState, LeaseArgs, LeaseResult> = /* @__PURE__ */ Object.freeze({
  name: 'lease',
  kind: 'value',
  apply(state: LeaseState | undefined, args: LeaseArgs, nowUs: number): StepOutcome<LeaseState, LeaseResult> {
    const { holder, slots, ttlMs } = checkArgs(args);
    const others = othersThan(holder, state, nowUs);
    const endUs = nowUs + ttlMs * 1000;
    const next = [...others, endUs, holder];
    return {
      ok: others.length / 2 < slots,
      state: next,
      ttlMs: Math.ceil((latest(next) - nowUs) / 1000),
      result: tell(others, nowUs),
    };
  },
  twin: {
    lua: /* @__PURE__ */ afterOthers(`local slots, ends = integer(args[2]), now + integer(args[3]) * 1000
kept[#kept + 1] = spell(ends) .. ' ' .. args[1]
return held < slots, table.concat(kept, ' '), ceil((max(last, ends) - now) / 1000), { held, held > 0 and first - now or 0 }`),
    encode(args: LeaseArgs): readonly string[] {
      const { holder, slots, ttlMs } = checkArgs(args);
      return [holder, String(slots), String(ttlMs)];
    },
    decode: decodeLease,
  },
});

/** The step that gives a slot back before its time. A holder that holds none gives nothing back. */
export const release: Step<LeaseState, ReleaseArgs, LeaseResult> = /* @__PURE__ */ Object.freeze({
  name: 'release',
  kind: 'value',
  apply(state: LeaseState | undefined, { holder }: ReleaseArgs, nowUs: number): StepOutcome<LeaseState, LeaseResult> {
    const others = othersThan(checkHolder(holder), state, nowUs);
    return {
      ok: true,
      state: others.length === 0 ? undefined : others,
      ttlMs: Math.max(1, Math.ceil((latest(others) - nowUs) / 1000)),
      result: tell(others, nowUs),
    };
  },
  twin: {
    lua: /* @__PURE__ */ afterOthers(
      `return true, held > 0 and table.concat(kept, ' '), max(1, ceil((last - now) / 1000)),
  { held, held > 0 and first - now or 0 }`,
    ),
    encode: ({ holder }: ReleaseArgs): readonly string[] => [checkHolder(holder)],
    decode: decodeLease,
  },
});

/** Writes what both do first: find who else holds a slot. What nobody wrote is no list of nobody. */
function afterOthers(lua: string): string {
  return `if state and (state == '' or string.gsub(state, '%d+ %S+ ?', '') ~= '') then error('no leases') end
local kept, held, first, last = {}, 0, 0, now
for free, holder in string.gmatch(state or '', '(%d+) (%S+)') do
  local at = integer(free)
  if at > now and holder ~= args[1] then
    kept[#kept + 1], held = free .. ' ' .. holder, held + 1
    if first == 0 or at < first then first = at end
    if at > last then last = at end
  end
end
${lua}`;
}

function othersThan(holder: string, state: LeaseState | undefined, nowUs: number): LeaseState {
  const others: (number | string)[] = [];
  for (let index = 0; state !== undefined && index < state.length; index += 2) {
    const [end = 0, name = ''] = [state[index], state[index + 1]];
    if (typeof end === 'number' && end > nowUs && name !== holder) others.push(end, name);
  }
  return others;
}

function ends(state: LeaseState): readonly number[] {
  return state.filter((value) => typeof value === 'number');
}

function latest(state: LeaseState): number {
  return ends(state).reduce((most, end) => Math.max(most, end), 0);
}

function tell(others: LeaseState, nowUs: number): LeaseResult {
  const first = ends(others).reduce((least, end) => Math.min(least, end), Infinity);
  return { held: others.length / 2, freeUs: first === Infinity ? 0 : first - nowUs };
}

function checkArgs({ holder, slots, ttlMs }: LeaseArgs): LeaseArgs {
  return {
    holder: checkHolder(holder),
    slots: numberOption('lease', 'slots', slots, { min: 1, max: MAX_SLOTS, integer: true }),
    ttlMs: Math.ceil(numberOption('lease', 'ttlMs', ttlMs, { above: 0, max: TEN_YEARS_MS })),
  };
}

/** Refuses what could not be told from its neighbours in the text of a store. */
function checkHolder(holder: unknown): string {
  if (typeof holder === 'string' && holder.length > 0 && holder.length <= MAX_HOLDER_LENGTH && isPlain(holder)) {
    return holder;
  }
  throw new TypeError(`Cannot lease: holder must be 1 to ${MAX_HOLDER_LENGTH} of A-Z a-z 0-9 . _ : -`);
}

function isPlain(text: string): boolean {
  return /^[A-Za-z0-9._:-]*$/.test(text);
}

function decodeLease([held, freeUs]: readonly unknown[]): LeaseResult | undefined {
  return isCount(held) && isCount(freeUs) ? { held, freeUs } : undefined;
}
