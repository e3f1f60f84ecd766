import type { Clock } from '../core/clock.ts';
import { createConsume } from '../limiter/consume.ts';
import { clientKey, principalKey } from '../limiter/key.ts';
import type { LimitOptions } from '../limiter/limit.ts';
import { createOutageGuard } from '../limiter/outage.ts';
import { readLimiterSettings } from '../limiter/settings.ts';
import { askUndenied } from '../limiter/undenied.ts';
import type { Store } from '../store/store.ts';
import type { Exchange, Made, Stage } from './exchange.ts';
import type { OpenModes } from './modes.ts';
import type { StageName } from './order.ts';
import type { CustomLimit, LimitsOptions } from './limits-options.ts';
import { limitStage, type LimitStageOptions } from './stages/limit.ts';
import { toContext } from './view.ts';

/** What a policy makes its limits with. */
export interface LimitsWiring {
  readonly action: string;
  readonly id: string | undefined;
  readonly store: Store | undefined;
  readonly isPublic: boolean;
  readonly clock: Clock;
  readonly modes: OpenModes | undefined;
  readonly tell: (exchange: Exchange, stage: StageName, outcome: 'degraded' | 'recovered') => void;
}

/** What one stage counts: limits, and who takes how much of them. */
interface Budget {
  readonly limits: readonly LimitOptions[];
  readonly keyOf: LimitStageOptions['keyOf'];
  readonly costOf?: LimitStageOptions['costOf'];
}

/**
 * Makes the stages of a policy's limits.
 *
 * @throws {TypeError} for limits without a store, of a route without an id, of principals where there are none
 */
export function openLimits(limits: LimitsOptions<never>, wiring: LimitsWiring): Made {
  const { action, id, store, isPublic, clock, modes, tell } = wiring;
  const wrong = (why: string): TypeError => new TypeError(`Cannot ${action}: ${why}.`);
  if (store === undefined) throw wrong('limits need a store, such as memoryStore()');
  const { client = [], route = [], principal = [], beforeAuthentication = [], afterBody = [] } = limits;
  if (principal.length > 0 && isPublic) throw wrong('limits by principal need auth');
  if (route.length > 0 && id === undefined) throw wrong('limits of a route need the id of the policy');
  const { whenStoreFails = 'closed', timeoutMs = whenStoreFails === 'closed' ? 1000 : 100, localDenyCache } = limits;

  function count(stage: StageName, { limits, keyOf, costOf }: Budget): Stage {
    const settings = readLimiterSettings({ store: wiring.store as Store, limits, whenStoreFails, timeoutMs, clock });
    // In one call with the client's: all of them admit, or nothing is counted.
    const compiled = settings.limitsOf('').map((limit) =>
      route.some(({ name }) => name === limit.name) ? { ...limit, sharedKey: `r:${id}` } : limit
    );
    const guard = createOutageGuard(settings);
    // By address alone are keys so many, and so quickly made, that denials are worth remembering.
    const ask = stage === 'clientLimits' && localDenyCache ? askUndenied(localDenyCache, clock, guard).ask : guard;
    const consume = createConsume(() => compiled, ask);
    return limitStage({ consume, keyOf, costOf, tell: (exchange, outcome) => tell(exchange, stage, outcome) });
  }

  /** What only reports counts by itself: its denial must not keep the others from being counted. */
  function open(stage: StageName, budgets: readonly Budget[]): Stage | undefined {
    const stages: (Stage | undefined)[] = [];
    for (const budget of budgets) {
      const enforced = budget.limits.filter(({ name }) => modes?.enforcesLimit(name) ?? true);
      if (enforced.length > 0) stages.push(count(stage, { ...budget, limits: enforced }));
      for (const limit of budget.limits) {
        if (enforced.includes(limit)) continue;
        stages.push(modes?.giveLimit(stage, limit.name, count(stage, { ...budget, limits: [limit] })));
      }
    }
    return inTurn(stages.filter((one) => one !== undefined));
  }

  return {
    clientLimits: open('clientLimits', [
      { limits: [...client, ...route], keyOf: addressKey },
      ...beforeAuthentication.map((one) => toBudget(one)),
    ]),
    principalLimits: open('principalLimits', [{ limits: principal, keyOf: whoseKey }]),
    inputLimits: open('inputLimits', afterBody.map((one) => toBudget(one))),
  };
}

const addressKey = ({ client }: Exchange): string => clientKey(client.address);

/** Without a principal, where authentication only reports, whoever sends it: all of them must not share one budget. */
function whoseKey(exchange: Exchange): string {
  const { principal } = exchange;
  return principal === undefined ? `a:${addressKey(exchange)}` : principalKey(principal.id, principal.issuer);
}

function toBudget({ limits, key, cost }: CustomLimit<never>): Budget {
  // The stages before have filled the exchange with what the policy's own types say.
  const see = (exchange: Exchange): never => toContext(exchange) as never;
  return {
    limits,
    keyOf: (exchange) => `u:${requireText(key(see(exchange), exchange.request))}`,
    costOf: cost && ((exchange) => cost(see(exchange), exchange.request)),
  };
}

/** A budget of `undefined` would be everybody's. */
function requireText(key: unknown): string {
  if (typeof key !== 'string') throw new TypeError('The key of a limit must be a string.');
  return key;
}

function inTurn(stages: readonly Stage[]): Stage | undefined {
  if (stages.length < 2) return stages[0];
  return async (exchange: Exchange) => {
    for (const stage of stages) await stage(exchange);
    return undefined;
  };
}
