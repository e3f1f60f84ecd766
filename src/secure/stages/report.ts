import type { Clock } from '../../core/clock.ts';
import { numberOption, refuseUnknownOptions, stringOption } from '../../core/option.ts';
import { isRefusal, Refusal } from '../../core/refusal.ts';
import { clientKey, principalKey } from '../../limiter/key.ts';
import type { WouldDeny } from '../context.ts';
import type { Exchange, Stage } from '../exchange.ts';
import type { ReportMode } from '../mode.ts';
import type { StageName } from '../order.ts';

const DAY_MS = 86_400_000;

/** Tells whether a stage is enforced for a request. */
export type Enforces = (exchange: Exchange) => boolean;

/** How a stage in report mode is made. */
export interface ReportOptions {
  readonly enforces: Enforces;
  /** Remembers, and tells, that it would have refused. */
  readonly note: (exchange: Exchange, error: unknown) => undefined;
}

/**
 * Makes a stage that decides, says what it would have refused, and lets through. What throws there would have been a 500, and lets through
 * too: what is on trial must not break what is not.
 */
export function reportingStage(run: Stage, { enforces, note }: ReportOptions): Stage {
  return (exchange: Exchange) => {
    if (enforces(exchange)) return run(exchange);
    // It works on a copy: what it finds out after its time, when others have gone on without, is nobody's.
    const trial = { ...exchange };
    const accept = (response: Response | undefined): undefined => {
      Object.assign(exchange, trial);
      // Only https answers with a response: a redirect.
      return response === undefined ? undefined : note(exchange, new Refusal('https_required'));
    };
    const pass = (error: unknown): undefined => {
      Object.assign(exchange, trial);
      return note(exchange, error);
    };
    try {
      const passed = run(trial);
      return passed instanceof Promise ? passed.then(accept, pass) : accept(passed);
    } catch (error) {
      return pass(error);
    }
  };
}

/** Makes what remembers, and tells, that a stage would have refused. */
export function noteOf(
  stage: StageName,
  limit: string | undefined,
  tell: (exchange: Exchange, denial: WouldDeny) => void,
): ReportOptions['note'] {
  return (exchange, error) => {
    const code = isRefusal(error) ? error.code : 'internal_error';
    const denial = Object.freeze({ stage, code, limit });
    exchange.wouldDeny = Object.freeze([...exchange.wouldDeny, denial]);
    exchange.limit = undefined;
    // A limit that refused nobody is not what the client is told of.
    exchange.decisions = Object.freeze(exchange.decisions.filter(({ allowed }) => allowed));
    tell(exchange, denial);
    return undefined;
  };
}

/**
 * Checks a report mode.
 *
 * @throws {TypeError} for an unknown option, a day that is none, no reason
 * @throws {RangeError} for a share that is none
 */
export function compileReport(action: string, mode: 'report' | ReportMode, clock: Clock): Enforces {
  if (mode === 'report') return () => false;
  refuseUnknownOptions(action, mode, ['mode', 'until', 'reason', 'enforce']);
  // What is written out is a report, or a mistake: nobody may lose a check by a slip.
  if (mode.mode !== 'report') throw new TypeError(`Cannot ${action}: mode must be 'report' where it has an end.`);
  const endMs = endOf(action, mode);
  stringOption(action, 'reason', mode.reason);
  const { enforce } = mode;
  if (enforce === undefined) return () => isOver(endMs, clock);
  refuseUnknownOptions(action, enforce, ['sample', 'by']);
  const sample = numberOption(action, 'sample', enforce.sample, { above: 0, max: 1 });
  const { by } = enforce;
  if (by !== 'client' && by !== 'principal') throw new TypeError(`Cannot ${action}: by must be client or principal.`);
  return (exchange: Exchange) => isOver(endMs, clock) || shareOf(idOf(exchange, by)) < sample;
}

/** When a report mode ends, in milliseconds since the Unix epoch. */
export function endOf(action: string, mode: ReportMode): number {
  return parseDay(action, mode.until) + DAY_MS;
}

/** Whether that is over; for a clock that is broken it is. */
export function isOver(endMs: number, clock: Clock): boolean {
  return !(clock() < endMs);
}

function parseDay(action: string, day: unknown): number {
  const time = typeof day === 'string' && /^\d{4}-\d\d-\d\d$/.test(day) ? Date.parse(day) : NaN;
  // Of a 31st of February some engines make the 3rd of March.
  if (!(time > 0) || new Date(time).toISOString().slice(0, 10) !== day) {
    throw new TypeError(`Cannot ${action}: until must be a day, such as 2027-01-31.`);
  }
  return time;
}

function idOf({ principal, client }: Exchange, by: 'client' | 'principal'): string {
  // As limits name them: a client with a /64 of addresses cannot choose its side.
  return by === 'principal' && principal ? principalKey(principal.id, principal.issuer) : clientKey(client.address);
}

/** FNV-1a: where on the line from 0 to 1 a text stands, on every instance the same. It decides on no more than who tries a rule first. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  // Its last characters alone would hardly move the highest bits.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}
