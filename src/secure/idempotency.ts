import type { MaybePromise } from '../core/clock.ts';
import { METHODS } from '../core/method.ts';
import { booleanOption, functionOption, numberOption, refuseUnknownOptions, stringListOption } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { randomToken } from '../crypto/random.ts';
import { claim } from '../store/claim.ts';
import type { Store } from '../store/store.ts';
import { isBodiless } from './bodiless.ts';
import { digestRequest, type IdempotencyScope, parseIdempotencyKey, placeOf } from './idempotency-key.ts';
import { formatRecord, parseRecord, replay } from './idempotency-record.ts';
import { createIdempotencyRun, type IdempotencyStart } from './idempotency-run.ts';
import { idempotencyStage } from './stages/idempotency.ts';
import { createKeyedStore } from './idempotency-store.ts';

/** Options of {@linkcode createIdempotency}. */
export interface IdempotencyOptions {
  /** Where keys and responses are remembered: whoever reads it reads the responses. How many a caller may have there is for limits to say. */
  readonly store: Store;
  /** How long a response is sent again, in seconds: above 0, at most ten years. Default: 86,400, a day. */
  readonly ttlSeconds?: number;
  /** How long an unfinished request holds its key, in seconds: more than any handler takes, at most a day. Default: 60. */
  readonly pendingSeconds?: number;
  /** The most bytes of a response's body and kept headers, at most 2^24. Default: 32,768, for which every store of `sallyport/store` has room. */
  readonly maxBytes?: number;
  /** Whether a request without a key is refused; otherwise it runs, each time it is sent. Default: true. */
  readonly required?: boolean;
  /** The methods that have keys; those of others are ignored. Default: POST and PATCH, which alone are not idempotent by themselves. */
  readonly methods?: readonly ('POST' | 'PUT' | 'PATCH' | 'DELETE')[];
}

/** Makes sure that what has one key happens once. */
export interface Idempotency {
  /** The methods that have keys. */
  readonly methods: readonly string[];
  /** Whether there must be a key. */
  readonly required: boolean;
  /** How long a response is sent again, in seconds. */
  readonly ttlSeconds: number;
  /** How long an unfinished request holds its key, in seconds. */
  readonly pendingSeconds: number;
  /** Looks at the header alone, before a body is read: idempotency_key_missing, idempotency_key_invalid, or undefined. */
  readonly checkKey: (request: Request) => Refusal | undefined;
  /** Claims the key; undefined for a request that needs none. Last before the handler: what is refused before never takes a key. */
  readonly begin: (request: Request, scope: IdempotencyScope) => MaybePromise<IdempotencyStart | undefined>;
  /** For `secure()`. */
  readonly '~open': (policyId: string) => object;
}

const ACTION = 'create idempotency';
const OPTIONS = ['store', 'ttlSeconds', 'pendingSeconds', 'maxBytes', 'required', 'methods'];
const TEN_YEARS = 315_360_000;
const DAY = 86_400;
/** How soon to ask again for the response of a request that still runs. */
const RETRY_AFTER_SECONDS = '1';

/**
 * Creates what makes retries safe: of all requests of one caller with one `Idempotency-Key` the handler runs for the first; the others get its
 * response, 409 while it runs, or 422 where they ask for something else.
 *
 * What the handler answers below 500 is the result, but for 408, 425 and 429. After those, 5xx, and what was thrown the key is free again: the handler
 * must have undone what it did. After a stream, a response too large to keep, or one that the policy's `response` holds back, retries get
 * 409: it ran. Of headers those that describe the content are kept. It is no transaction: a crash holds the key for `pendingSeconds`. Callers without a principal share keys by client, so let keys be long.
 *
 * @param options the store, and what differs from the defaults; what is wrong with them is a TypeError or a RangeError
 * @returns for `idempotency` of a policy, or to call yourself; what is named here its `begin` throws or rejects with
 * @throws {Refusal} idempotency_key_missing, idempotency_key_invalid, idempotency_conflict, idempotency_mismatch, store_unavailable
 * @see draft-ietf-httpapi-idempotency-key-header-07
 *
 * @example
 * ```ts
 * import { createIdempotency } from 'sallyport';
 * import { memoryStore } from 'sallyport/store';
 *
 * const idempotency = createIdempotency({ store: memoryStore() });
 * const request = new Request('https://api.test/', { method: 'POST', headers: { 'idempotency-key': '"8e03978e"' } });
 * const scope = { principal: 'alice', client: '', policy: 'orders', path: '/', fingerprint: () => '{"item":1}' };
 * const start = await idempotency.begin(request, scope);
 * if (start?.first) await start.complete(Response.json({ id: 1 }, { status: 201 }));
 * const again = await idempotency.begin(request, scope);
 * console.log(again?.first === false && again.replay.status); // 201
 * ```
 */
export function createIdempotency(options: IdempotencyOptions): Idempotency {
  refuseUnknownOptions(ACTION, options, OPTIONS);
  const { store, ttlSeconds = DAY, pendingSeconds = 60, maxBytes = 32_768, required = true } = options;
  if (typeof store !== 'object' || store === null) throw new TypeError(`Cannot ${ACTION}: store must be a store.`);
  functionOption(ACTION, 'store.run', store.run);
  numberOption(ACTION, 'ttlSeconds', ttlSeconds, { above: 0, max: TEN_YEARS });
  numberOption(ACTION, 'pendingSeconds', pendingSeconds, { above: 0, max: DAY });
  numberOption(ACTION, 'maxBytes', maxBytes, { min: 0, max: 2 ** 24, integer: true });
  booleanOption(ACTION, 'required', required);
  const methods = stringListOption(ACTION, 'methods', options.methods ?? ['POST', 'PATCH']);
  for (const method of methods) {
    if (METHODS.includes(method) && !isBodiless(method)) continue;
    throw new TypeError(`Cannot ${ACTION}: methods must be of POST, PUT, PATCH and DELETE; the others change nothing.`);
  }
  const ask = createKeyedStore(store);
  const [ttlMs, pendingMs] = [ttlSeconds * 1000, pendingSeconds * 1000];

  function readKey({ method, headers }: Request): string | Refusal | undefined {
    if (!methods.includes(method)) return undefined;
    const text = headers.get('idempotency-key');
    if (text === null) return required ? new Refusal('idempotency_key_missing') : undefined;
    return parseIdempotencyKey(text) ?? new Refusal('idempotency_key_invalid');
  }

  async function start(key: string, method: string, scope: IdempotencyScope): Promise<IdempotencyStart> {
    const content = await scope.fingerprint();
    if (typeof content !== 'string' && !(content instanceof Uint8Array)) {
      throw new TypeError('Cannot begin idempotent request: fingerprint must make a string or bytes.');
    }
    const [place, fingerprint] = await Promise.all([placeOf(key, scope), digestRequest(method, scope.path, content)]);
    const running = formatRecord({ state: 'running', fingerprint, token: randomToken(16) });
    const { result } = await ask(claim, place, { value: running, ttlMs: pendingMs });
    const standing: unknown = typeof result === 'object' && result !== null ? Reflect.get(result, 'value') : undefined;
    // Ours also where the answer to the claim was lost on its way, and it was asked twice.
    if (standing === running) return createIdempotencyRun({ ask, place, fingerprint, running, ttlMs, maxBytes });
    const record = typeof standing === 'string' ? parseRecord(standing) : undefined;
    if (record === undefined) {
      throw new Refusal('store_unavailable', { message: 'What stands under an idempotency key is no record.' });
    }
    if (record.fingerprint !== fingerprint) throw new Refusal('idempotency_mismatch');
    if (record.state === 'running') {
      throw new Refusal('idempotency_conflict', { headers: { 'retry-after': RETRY_AFTER_SECONDS } });
    }
    if (record.state === 'kept') return Object.freeze({ first: false, replay: replay(record.response) });
    // Without Retry-After: time does not change it.
    throw new Refusal('idempotency_conflict', {
      message: 'The first response was not kept.',
      problem: { detail: 'A request with this key was answered. Its response cannot be sent again.' },
    });
  }

  function begin(request: Request, scope: IdempotencyScope): MaybePromise<IdempotencyStart | undefined> {
    const key = readKey(request);
    if (typeof key === 'object') throw key;
    if (key === undefined) return undefined;
    checkScope(scope);
    return start(key, request.method, scope);
  }

  return Object.freeze({
    methods,
    required,
    ttlSeconds,
    pendingSeconds,
    checkKey(request: Request): Refusal | undefined {
      const key = readKey(request);
      return typeof key === 'object' ? key : undefined;
    },
    begin,
    '~open': (policyId: string) => idempotencyStage(begin, policyId),
  });
}

/** What somebody forgot to pass would be one text for all callers. */
function checkScope({ principal, client, policy, path, fingerprint }: IdempotencyScope): void {
  for (const part of [principal ?? '', client, policy, path]) {
    if (typeof part !== 'string') throw new TypeError('Cannot begin idempotent request: the scope is made of strings.');
  }
  functionOption('begin idempotent request', 'fingerprint', fingerprint);
}
