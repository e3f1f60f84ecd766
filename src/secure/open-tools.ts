import type { Made, Stage } from './exchange.ts';
import type { Idempotency } from './idempotency.ts';
import type { Limits } from './limits.ts';
import type { Modes, ModesWiring, OpenModes } from './modes.ts';
import type { LimitsWiring } from './open-limits.ts';

// Tools bring their own stages, so that a policy without them carries none of it. How they do is between them and `secure()`: their types say nothing of it,
// and here is where it is said.

/** The stages of limits. */
export function openLimitsOf(limits: Limits<never>, wiring: LimitsWiring): Made {
  return limits['~open'](wiring as never) as Made;
}

/** The modes of stages. */
export function openModesOf(modes: Modes, wiring: ModesWiring): OpenModes {
  return modes['~open'](wiring as never) as OpenModes;
}

/** The stage of idempotency keys. */
export function openIdempotencyOf(idempotency: Idempotency, policyId: string): Stage {
  return idempotency['~open'](policyId) as Stage;
}
