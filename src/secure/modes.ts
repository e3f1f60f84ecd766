import { type Clock, systemClock } from '../core/clock.ts';
import { refuseUnknownOptions } from '../core/option.ts';
import type { WouldDeny } from './context.ts';
import type { Exchange, Stage } from './exchange.ts';
import type { IsLoose, PolicyModes, ReportMode, StageMode } from './mode.ts';
import type { StageName } from './order.ts';
import { compileReport, endOf, isOver, noteOf, reportingStage, type ReportOptions } from './stages/report.ts';

type ModeField = Exclude<keyof PolicyModes, 'limits'>;

/** The field by which the mode of a stage is named; the others have none. */
const FIELD_OF: Readonly<Partial<Record<StageName, ModeField>>> = {
  hosts: 'hosts',
  https: 'https',
  deny: 'deny',
  authenticate: 'auth',
  crossSite: 'csrf',
  scopes: 'scopes',
  roles: 'roles',
  methodsByRole: 'methodsByRole',
  params: 'params',
  query: 'query',
  bodySchema: 'body',
  authorize: 'authorize',
  precondition: 'precondition',
  response: 'response',
};
/** What decides who may do something. */
const ACCESS: readonly string[] = ['auth', 'scopes', 'roles', 'methodsByRole', 'authorize', 'csrf'];

/** A stage that does not always enforce, and what was said of it. */
export interface NotEnforced {
  readonly stage: StageName;
  readonly limit: string | undefined;
  readonly mode: Exclude<StageMode, 'enforce'>;
}

/** The modes of one policy, opened. */
export interface OpenModes {
  /** Makes a stage what the mode of its field says; a TypeError where there is a mode and no stage. */
  readonly give: (stage: StageName, run: Stage | undefined) => Stage | undefined;
  /** Whether a limit always enforces. */
  readonly enforcesLimit: (limit: string) => boolean;
  /** Makes a stage of a limit what the mode of the limit says. */
  readonly giveLimit: (stage: StageName, limit: string, run: Stage) => Stage | undefined;
  /** How the response's schema is meant: undefined where it always enforces. */
  readonly response: 'off' | ReportOptions | undefined;
  /** Every stage that does not always enforce. */
  readonly notEnforced: readonly NotEnforced[];
}

/** What a policy opens its modes with. */
export interface ModesWiring {
  readonly action: string;
  readonly clock: Clock;
  /** Every limit that the policy has. */
  readonly limits: readonly string[];
  /** Whether the policy has a schema of responses, which is no stage of the others' kind. */
  readonly hasResponse: boolean;
  /** Told of each check that would have refused. */
  readonly tell: (exchange: Exchange, denial: WouldDeny) => void;
}

/** What {@linkcode createModes} makes. Frozen. */
export interface Modes<M extends PolicyModes = PolicyModes> {
  /** As given, frozen: for `lintPolicy` and `describePolicy`. */
  readonly options: M;
  /** Types only: modes that report must not pass for modes that do not, whose context promises more. */
  readonly '~loose'?: { readonly [Field in keyof PolicyModes]: IsLoose<M, Field> };
  /** For `secure()`. */
  readonly '~open': (wiring: never) => object;
}

const ACTION = 'create modes';

/**
 * Creates the modes of a policy: which of its checks only report, until when and why, and which are off. What is not named enforces, and a policy without
 * modes does not carry their code.
 *
 * A check in report mode decides, tells `onEvent` and `context.wouldDeny` what it would have refused, and lets through; it weakens no other. Nobody becomes
 * somebody by it: a principal that is not proved is missing. What decides who may do something is never off, and never in report mode without an end
 * and a reason. Every policy says when it is made what it does not enforce.
 *
 * @param modes by the policy's field, and of limits by their names
 * @returns what a policy's `mode` takes; the types of its context say what may be missing
 * @throws {TypeError} for an unknown field, a mode that is none, a day that is none, access control without an end and a reason
 * @throws {RangeError} for a share that is none
 *
 * @example
 * ```ts
 * import { createModes, secure } from 'sallyport';
 * import { object } from 'sallyport/schema';
 *
 * const mode = createModes({ body: { mode: 'report', until: '2099-01-31', reason: 'a new schema' } });
 * const handler = secure(
 *   { methods: ['POST'], auth: 'public', body: object({}), mode, onEvent: (event) => console.log(event.outcome) },
 *   (_request, { body, wouldDeny }) => Response.json([body, wouldDeny]),
 * );
 * const headers = { 'content-type': 'application/json' };
 * console.log((await handler(new Request('https://api.test/', { method: 'POST', body: '{"a":1}', headers }))).status); // 200
 * ```
 */
export function createModes<const M extends PolicyModes>(modes: M): Modes<M> {
  const given: PolicyModes = modes;
  refuseUnknownOptions(ACTION, given, [...Object.values(FIELD_OF), 'limits']);
  const { limits = {}, ...fields } = given;
  const copy: PolicyModes = Object.freeze(
    Object.assign(copyModes(fields), { limits: Object.freeze(copyModes(limits)) }),
  );
  for (const field of ACCESS) {
    const mode: unknown = Reflect.get(copy, field);
    if (typeof mode === 'string' && mode !== 'enforce') {
      throw new TypeError(`Cannot ${ACTION}: that of ${field} must be { mode: 'report', until, reason }.`);
    }
  }
  // The same modes with the same types.
  return Object.freeze({ options: copy as M, '~open': (wiring: ModesWiring) => openModes(copy, wiring) });
}

function copyModes<T extends object>(modes: T): T {
  // Without a prototype: a limit may be called `constructor`.
  const copy: Record<string, unknown> = Object.create(null);
  for (const [name, mode] of Object.entries(modes)) {
    if (mode !== 'enforce' && mode !== 'off') compileReport(ACTION, mode, systemClock);
    copy[name] = typeof mode === 'string' ? mode : deepFreeze(mode);
  }
  return copy as T;
}

function deepFreeze(mode: ReportMode): ReportMode {
  return Object.freeze({ ...mode, ...(mode.enforce && { enforce: Object.freeze({ ...mode.enforce }) }) });
}

function openModes(modes: PolicyModes, { action, clock, limits, hasResponse, tell }: ModesWiring): OpenModes {
  const notEnforced: NotEnforced[] = [];
  const refuseMissing = (field: string): never => {
    throw new TypeError(`Cannot ${action}: there is a mode of ${field}, which the policy does not have.`);
  };

  /** What is over when the policy is made is not even announced. */
  function standing(mode: StageMode = 'enforce'): StageMode {
    return typeof mode === 'object' && isOver(endOf(action, mode), clock) ? 'enforce' : mode;
  }

  function compile(
    stage: StageName,
    mode: Exclude<StageMode, 'enforce'>,
    limit: string | undefined,
  ): ReportOptions | undefined {
    notEnforced.push(Object.freeze({ stage, limit, mode }));
    if (mode === 'off') return undefined;
    return { enforces: compileReport(action, mode, clock), note: noteOf(stage, limit, tell) };
  }

  function giveMode(stage: StageName, mode: StageMode, run: Stage, limit?: string): Stage | undefined {
    if (mode === 'enforce') return run;
    const options = compile(stage, mode, limit);
    return options && reportingStage(run, options);
  }

  const strange = Object.keys(modes.limits ?? {}).find((name) => !limits.includes(name));
  if (strange !== undefined) {
    throw new TypeError(`Cannot ${action}: there is a mode of the limit ${strange}, and no such limit.`);
  }
  if (!hasResponse && (modes.response ?? 'enforce') !== 'enforce') refuseMissing('response');
  const response = standing(modes.response);
  return {
    give(stage: StageName, run: Stage | undefined): Stage | undefined {
      const field = FIELD_OF[stage];
      const mode = field === undefined ? 'enforce' : modes[field] ?? 'enforce';
      if (run !== undefined) return giveMode(stage, standing(mode), run);
      // That of responses is made elsewhere.
      if (mode !== 'enforce' && field !== undefined && stage !== 'response') refuseMissing(field);
      return undefined;
    },
    enforcesLimit: (limit) => standing(modes.limits?.[limit]) === 'enforce',
    giveLimit: (stage, limit, run) => giveMode(stage, standing(modes.limits?.[limit]), run, limit),
    response: response === 'enforce' ? undefined : compile('response', response, undefined) ?? 'off',
    notEnforced,
  };
}
