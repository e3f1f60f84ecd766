import type { MaybePromise } from '../core/clock.ts';
import { functionOption } from '../core/option.ts';
import type { Refusal } from '../core/refusal.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import { createHeaderPolicy } from '../headers/policy.ts';
import type { Precondition } from '../net/if-match.ts';
import type { FormReader } from '../schema/form-reader.ts';
import { type CompiledPolicy, compilePolicy } from './compile.ts';
import type { Auth } from './context.ts';
import type { Limits } from './limits.ts';
import type { PolicyModes } from './mode.ts';
import type { Modes } from './modes.ts';
import type { Policy, SomePolicy } from './policy.ts';
import { createRunner } from './run-handler.ts';

/** Any policy, whatever the types that its fields found for each other: one that is looked at, and never run. */
export interface AnyPolicy extends
  Omit<
    Policy<
      Auth,
      StandardSchema | undefined,
      unknown,
      StandardSchema | undefined,
      StandardSchema | undefined,
      FormReader<unknown> | undefined,
      PolicyModes
    >,
    // Their functions are called with what other fields say.
    'limits' | 'roles' | 'methodsByRole' | 'resource' | 'authorize' | 'precondition' | 'mode'
  > {
  /** As a policy's. */
  readonly limits?: Limits<never>;
  /** As a policy's. */
  readonly roles?: (context: never) => MaybePromise<boolean>;
  /** As a policy's. */
  readonly methodsByRole?: { readonly checkMethod: (principal: never, method: string) => Refusal | undefined };
  /** As a policy's. */
  readonly resource?: (context: never) => unknown;
  /** As a policy's. */
  readonly authorize?: (context: never) => MaybePromise<boolean>;
  /** As a policy's. */
  readonly precondition?: Precondition<never>;
  /** As a policy's. */
  readonly mode?: Omit<Modes, '~loose'>;
}

/** A policy that `secure()` would take, and what it would make of it. */
export interface SoundPolicy {
  readonly policy: SomePolicy;
  readonly compiled: CompiledPolicy;
}

/**
 * Checks a policy as `secure()` does and makes its stages, which nobody runs. Nothing is announced.
 *
 * @throws {TypeError} as `secure()`
 * @throws {RangeError} as `secure()`
 */
export function readAnyPolicy(given: AnyPolicy): SoundPolicy {
  // What its functions are called with is of no interest where nothing calls them.
  const policy = given as SomePolicy;
  const { onError = ignore, onEvent = ignore, clock = zero, headers, timeouts } = policy;
  functionOption('secure', 'onError', onError);
  functionOption('secure', 'clock', clock);
  functionOption('secure', 'onEvent', onEvent);
  const compiled = compilePolicy(policy, clock, ignore);
  createHeaderPolicy(headers);
  createRunner({ handler: unreachable, handlerMs: timeouts?.handlerMs, filter: undefined, report: ignore });
  return { policy, compiled };
}

function ignore(): void {}

function zero(): number {
  return 0;
}

function unreachable(): never {
  throw new TypeError('A policy that is looked at runs no handler.');
}
