import type { LimitOptions } from '../limiter/limit.ts';
import type { CompiledPolicy } from './compile.ts';
import { type CustomLimit, type LimitsOptions, namesOf } from './limits-options.ts';
import type { StageMode } from './mode.ts';
import { type StageName, STAGES } from './order.ts';
import type { SomePolicy } from './policy.ts';
import type { LimitDescription, ModeDescription, StageDescription } from './policy-description.ts';

/** Describes what a policy was compiled to: the stages that run, and those that are off. */
export function describeStages({ limits, mode }: SomePolicy, compiled: CompiledPolicy): readonly StageDescription[] {
  const { stages, filter, notEnforced } = compiled;
  const limitModes = namesByStage(limits?.options ?? {});
  const found: StageDescription[] = [];
  for (const stage of STAGES) {
    const runs = stages.some(({ name }) => name === stage) || (stage === 'response' && filter !== undefined);
    const names = limitModes[stage];
    // The modes of limits are by their names, and several stand in one stage.
    const modes: readonly StageMode[] = names === undefined
      ? notEnforced.filter((one) => one.stage === stage).map((one) => one.mode)
      : names.map((name) => mode?.options.limits?.[name] ?? 'enforce');
    if (!runs && modes.length === 0) continue;
    const described = names === undefined ? describeMode(modes[0]) : describeMode(strictest(modes));
    found.push(Object.freeze({ stage, ...described }));
  }
  return Object.freeze(found);
}

/** Describes every limit of a policy, in the order in which they are asked. */
export function describeLimits({ limits, mode }: SomePolicy): readonly LimitDescription[] {
  const found: LimitDescription[] = [];
  const add = (group: LimitDescription['group'], list: readonly LimitOptions[] = []): void => {
    for (const { name, limit, windowSeconds, burst = null, algorithm } of list) {
      found.push(Object.freeze({
        name,
        group,
        limit,
        windowSeconds,
        burst,
        algorithm: algorithm === undefined ? 'gcra' : algorithm.step.name,
        ...describeMode(mode?.options.limits?.[name]),
      }));
    }
  };
  const { client, route, beforeAuthentication, principal, afterBody } = limits?.options ?? {};
  add('client', client);
  add('route', route);
  add('beforeAuthentication', limitsOf(beforeAuthentication));
  add('principal', principal);
  add('afterBody', limitsOf(afterBody));
  return Object.freeze(found);
}

function limitsOf(list: readonly CustomLimit<never>[] = []): readonly LimitOptions[] {
  return list.flatMap(({ limits }) => limits);
}

function namesByStage(options: LimitsOptions<never>): Readonly<Partial<Record<StageName, readonly string[]>>> {
  const { client = [], route = [], beforeAuthentication = [], principal = [], afterBody = [] } = options;
  const groups = {
    clientLimits: namesOf({ client, route, beforeAuthentication }),
    principalLimits: namesOf({ principal }),
    inputLimits: namesOf({ afterBody }),
  };
  // A stage without limits is none, and not one whose limits are all off.
  return Object.fromEntries(Object.entries(groups).filter(([, names]) => names.length > 0));
}

function strictest(modes: readonly StageMode[]): StageMode {
  if (modes.includes('enforce')) return 'enforce';
  const reports = modes.filter((mode) => mode !== 'off');
  // Several may report until several days: what they have in common is that they report.
  return reports.length > 1 ? 'report' : reports[0] ?? 'off';
}

function describeMode(mode: StageMode = 'enforce'): ModeDescription {
  if (typeof mode === 'string') return { mode, until: null, reason: null, enforce: null };
  const { until, reason, enforce } = mode;
  return {
    mode: 'report',
    until,
    reason,
    enforce: enforce === undefined ? null : Object.freeze({ sample: enforce.sample, by: enforce.by }),
  };
}
