import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { compileLimit, type LimitOptions } from '../limiter/limit.ts';
import { isStore, readStandIn, type StoreFailureMode } from '../limiter/stand-in.ts';
import { type CustomLimit, type LimitsOptions, namesOf } from './limits-options.ts';
import { type LimitsWiring, openLimits } from './open-limits.ts';

/** What {@linkcode createLimits} makes. Frozen. */
export interface Limits<in C = unknown> {
  /** As given, frozen: for `lintPolicy` and `describePolicy`. */
  readonly options: LimitsOptions<C>;
  /** The name of each limit, by which a policy's `mode` speaks of it. */
  readonly names: readonly string[];
  /** Makes the same with another's groups in the place of those that it names: what `extend` of a policy does. */
  readonly with: <C2>(overrides: Limits<C2>) => Limits<C & C2>;
  /** For `secure()`. */
  readonly '~open': (wiring: never) => object;
}

const ACTION = 'create limits';
const KNOWN = [
  'client',
  'route',
  'beforeAuthentication',
  'principal',
  'afterBody',
  'whenStoreFails',
  'timeoutMs',
  'localDenyCache',
];

/**
 * Creates the limits of a policy. Those that stand together go to the store in one call, and all of them admit, or nothing is counted.
 *
 * Where they are counted is the policy's `store`. The limiter comes with this function: a policy without limits does not carry it. `extend` of a policy
 * replaces the groups that it names and keeps the others.
 *
 * @param options limits by whose budget they take from. Write out what functions among them read, one type for all (`({ body }: { body: Login }) => body.email`): the policy
 *   then checks that there is such a thing
 * @returns what a policy's `limits` takes
 * @throws {TypeError} for an unknown option, one that is undefined, no limits at all, or two of one name; RangeError for a number out of bounds
 *
 * @example
 * ```ts
 * import { createLimits, secure } from 'sallyport';
 * import { memoryStore } from 'sallyport/store';
 *
 * const limits = createLimits({ client: [{ name: 'client', limit: 1, windowSeconds: 60 }] });
 * const handler = secure({ methods: ['GET'], auth: 'public', store: memoryStore(), limits }, () => Response.json({}));
 * await handler(new Request('https://api.test/'), { peerAddress: '192.0.2.1' });
 * console.log((await handler(new Request('https://api.test/'), { peerAddress: '192.0.2.1' })).status); // 429
 * ```
 */
export function createLimits<C = unknown>(options: LimitsOptions<C>): Limits<NoInfer<C>> {
  refuseUnknownOptions(ACTION, options, KNOWN);
  for (const [name, value] of Object.entries(options)) {
    // A misspelt `config.limit` would silently take a limit away.
    if (value === undefined) throw new TypeError(`Cannot ${ACTION}: ${name} is undefined. Leave it out instead.`);
  }
  const { client, route, principal, beforeAuthentication, afterBody, whenStoreFails, ...rest } = options;
  const { timeoutMs, localDenyCache } = rest;
  if (timeoutMs !== undefined) numberOption(ACTION, 'timeoutMs', timeoutMs, { min: 1, max: 2 ** 31 - 1 });
  if (localDenyCache !== undefined && typeof localDenyCache?.find !== 'function') {
    throw new TypeError(`Cannot ${ACTION}: localDenyCache must come from createDenyCache.`);
  }
  const copy: LimitsOptions<C> = Object.freeze({
    ...rest,
    ...(whenStoreFails !== undefined && { whenStoreFails: copyFailureMode(whenStoreFails) }),
    ...(client !== undefined && { client: copyLimits(client) }),
    ...(route !== undefined && { route: copyLimits(route) }),
    ...(principal !== undefined && { principal: copyLimits(principal) }),
    ...(beforeAuthentication !== undefined && { beforeAuthentication: copyCustom(beforeAuthentication) }),
    ...(afterBody !== undefined && { afterBody: copyCustom(afterBody) }),
  });
  const names = namesOf(copy);
  if (names.length === 0) throw new TypeError(`Cannot ${ACTION}: name at least one limit.`);
  // Clients could not tell two of one name apart in RateLimit.
  if (new Set(names).size < names.length) throw new TypeError(`Cannot ${ACTION}: two limits have one name.`);
  return Object.freeze({
    options: copy,
    names: Object.freeze(names),
    with: <C2>(overrides: Limits<C2>) => createLimits<C & C2>({ ...copy, ...overrides.options }),
    // What is read of a context is what the types of the policy say that it has.
    '~open': (wiring: LimitsWiring) => openLimits(copy as LimitsOptions<never>, wiring),
  });
}

/** A store is what it is; the share of an instance is data. */
function copyFailureMode(mode: StoreFailureMode): StoreFailureMode {
  readStandIn(ACTION, mode);
  return typeof mode === 'string' || isStore(mode) ? mode : Object.freeze({ ...mode });
}

/** Copies limits, each of which is proved to be one. */
function copyLimits(limits: readonly LimitOptions[]): readonly LimitOptions[] {
  if (!Array.isArray(limits)) throw new TypeError(`Cannot ${ACTION}: limits must be lists.`);
  return Object.freeze(limits.map((limit) => {
    compileLimit(limit);
    return Object.freeze({ ...limit });
  }));
}

function copyCustom<C>(list: readonly CustomLimit<C>[]): readonly CustomLimit<C>[] {
  if (!Array.isArray(list)) throw new TypeError(`Cannot ${ACTION}: limits must be lists.`);
  return Object.freeze(list.map((custom) => {
    refuseUnknownOptions(ACTION, custom, ['limits', 'key', 'cost']);
    functionOption(ACTION, 'key', custom.key);
    if (custom.cost !== undefined) functionOption(ACTION, 'cost', custom.cost);
    return Object.freeze({ ...custom, limits: copyLimits(custom.limits) });
  }));
}
