import type { LimitsOptions } from './limits-options.ts';
import type { PolicyModes, StageMode } from './mode.ts';
import type { SomePolicy } from './policy.ts';
import type { Authenticators } from './stages/authenticate.ts';

/** What does not always enforce, under its path in the policy: `mode.body`, `mode.limits.client`. */
export interface NamedMode {
  readonly path: string;
  readonly mode: Exclude<StageMode, 'enforce'>;
  /** Whether it is about who may do something. */
  readonly isAccess: boolean;
  /** Whether it is asked before anybody can be known. */
  readonly isEarly: boolean;
}

/** What the rules ask of a policy. */
export interface PolicyFacts {
  readonly policy: SomePolicy;
  readonly authenticators: Authenticators;
  readonly isPublic: boolean;
  readonly isAmbient: boolean;
  /** Whether it has a method that changes something. */
  readonly isMutating: boolean;
  readonly limits: LimitsOptions<never>;
  /** Whether anything is counted before anybody is authenticated. */
  readonly hasEarlyLimits: boolean;
  readonly modes: readonly NamedMode[];
  readonly nowMs: number;
}

const ACCESS: readonly string[] = ['auth', 'scopes', 'roles', 'methodsByRole', 'authorize', 'csrf'];
const EARLY: readonly string[] = ['hosts', 'https', 'deny', 'auth'];
const MUTATING: readonly string[] = ['POST', 'PUT', 'PATCH', 'DELETE'];
const DAY_MS = 86_400_000;

/** Looks once at what several rules ask for. */
export function factsOf(policy: SomePolicy, authenticators: Authenticators, nowMs: number): PolicyFacts {
  const limits = policy.limits?.options ?? {};
  const { client = [], route = [], beforeAuthentication = [] } = limits;
  const early = [client, route, ...beforeAuthentication.map((one) => one.limits)].flat().map(({ name }) => name);
  return {
    policy,
    authenticators,
    isPublic: authenticators.length === 0,
    isAmbient: authenticators.some((one) => one.ambient),
    isMutating: policy.methods.some((method) => MUTATING.includes(method)),
    limits,
    hasEarlyLimits: early.length > 0,
    modes: policy.mode === undefined ? [] : modesOf(policy.mode.options, early),
    nowMs,
  };
}

function modesOf({ limits = {}, ...fields }: PolicyModes, earlyLimits: readonly string[]): NamedMode[] {
  const found: NamedMode[] = [];
  for (const [field, mode] of Object.entries(fields)) {
    if (mode === 'enforce') continue;
    found.push({ path: `mode.${field}`, mode, isAccess: ACCESS.includes(field), isEarly: EARLY.includes(field) });
  }
  for (const [name, mode] of Object.entries(limits)) {
    if (mode === 'enforce') continue;
    found.push({ path: `mode.limits.${name}`, mode, isAccess: false, isEarly: earlyLimits.includes(name) });
  }
  return found;
}

/** When a report mode begins to enforce, in milliseconds; never where it says nothing of that. */
export function endOf(mode: NamedMode['mode']): number {
  // Proved to be a day when the mode was made; its last moment belongs to it.
  return typeof mode === 'string' ? Infinity : Date.parse(mode.until) + DAY_MS;
}
