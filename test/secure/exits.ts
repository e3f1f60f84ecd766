import { HANDLER_EXITS } from './exits-of-handlers.ts';
import { STAGE_EXITS } from './exits-of-stages.ts';
import type { Exit } from './exit-world.ts';

/** Every way out of a policy, each from a request and a policy that would be served but for one thing. */
export const EXITS: readonly Exit[] = [...STAGE_EXITS, ...HANDLER_EXITS];
