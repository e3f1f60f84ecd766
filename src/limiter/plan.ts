import { compileLimit, type Limit, type LimitOptions } from './limit.ts';

/** Limits for every key, or a function that names the limits of a key: its plan. */
export type LimitPlans = readonly LimitOptions[] | ((key: string) => readonly LimitOptions[]);

const ACTION = 'create limiter';
const MAX_LIMITS = 16;

/** Compiles limits once: those of every key now, those of a plan when its list is met first. */
export function compilePlans(plans: LimitPlans): (key: string) => readonly Limit[] {
  if (typeof plans !== 'function') {
    const limits = compileLimits(plans);
    return () => limits;
  }
  const known = new WeakMap<readonly LimitOptions[], readonly Limit[]>();
  return (key) => {
    const options = plans(key);
    const before = typeof options === 'object' && options !== null ? known.get(options) : undefined;
    if (before !== undefined) return before;
    const limits = compileLimits(options);
    known.set(options, limits);
    return limits;
  };
}

function compileLimits(options: readonly LimitOptions[]): readonly Limit[] {
  if (!Array.isArray(options) || options.length === 0 || options.length > MAX_LIMITS) {
    throw new TypeError(`Cannot ${ACTION}: limits must name 1 to ${MAX_LIMITS} limits.`);
  }
  const limits = Object.freeze(options.map(compileLimit));
  if (new Set(limits.map((limit) => limit.name)).size < limits.length) {
    throw new TypeError(`Cannot ${ACTION}: two limits have one name.`);
  }
  return limits;
}
