import type { MaybePromise } from '../core/clock.ts';
import { lateError, withDeadline } from '../core/deadline.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import { createKeyNames } from './key-name.ts';
import { type Answers, type Calls, readReply, refuse } from './redis-reply.ts';
import {
  createScriptBook,
  type RedisScript,
  type RedisScripts,
  type ScriptCall,
  writeCommand,
} from './redis-script.ts';
import type { Group } from './step.ts';
import type { GroupAnswer, Store, StoreAnswer } from './store.ts';

/** Sends one command, its name first, and resolves with the reply: a line of your client's. */
export type RedisSend = (args: [command: string, ...words: string[]]) => Promise<unknown>;

/** Options of {@linkcode redisStore}. */
export interface RedisStoreOptions {
  /** What all keys begin with: 1 to 64 of `A-Z a-z 0-9 . _ : -`. Default: `sp`. */
  readonly prefix?: string;
  /** After how many milliseconds a call of the script is given up; what the server does with it then counts for nothing. Default: 1,000. */
  readonly timeoutMs?: number;
  /** How many steps one call of the script may run, where they are several groups': the server does nothing else meanwhile. 1 to 1,024. Default: 128. */
  readonly maxBatch?: number;
}

/** Groups that wait to be sent, and who waits for them. */
interface Job {
  readonly groups: readonly Calls[];
  readonly resolve: (answer: StoreAnswer) => void;
  readonly reject: (error: unknown) => void;
}

const ACTION = 'create Redis store';
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Makes a store on a Redis server, for any client: all groups that are asked for in one turn go there in one call of one script, up to `maxBatch` steps, which
 * runs under the server's clock. It needs Redis 5 or newer.
 *
 * It opens no connection and repeats no command but one that the server has told it does not know. Switch off your client's offline queue and retries:
 * a command that is sent late or twice counts so. Let the server evict nothing (`maxmemory-policy noeviction`): what it forgets is given away. When it
 * fails, `run` rejects with `store_unavailable`. On a cluster a call may name one subject alone, so use `maxBatch: 1` there. Keys of up to 64 plain
 * characters stand as they are, others as their SHA-256.
 *
 * @param send sends one command: `(args) => redis.call(...args)` of ioredis, `(args) => client.sendCommand(args)` of node-redis, and
 * `(args) => cluster.sendCommand(args[3], false, args)` of its cluster: the fourth word is the first key
 * @param options the prefix and bounds
 * @returns a store
 * @throws {TypeError} for an unknown option, or one of the wrong kind
 * @throws {RangeError} for a number out of bounds
 *
 * @example
 * ```ts
 * import { type RedisSend, redisStore, type Store } from 'sallyport/store';
 *
 * // connect((args) => redis.call(...args))
 * export function connect(send: RedisSend): Store {
 *   return redisStore(send, { prefix: 'shop' });
 * }
 * ```
 */
export function redisStore(send: RedisSend, options: RedisStoreOptions = {}): Store {
  refuseUnknownOptions(ACTION, options, ['prefix', 'timeoutMs', 'maxBatch']);
  functionOption(ACTION, 'send', send);
  const { prefix = 'sp', timeoutMs = 1000, maxBatch = 128 } = options;
  const names = createKeyNames(ACTION, prefix);
  numberOption(ACTION, 'timeoutMs', timeoutMs, { min: 1, max: MAX_TIMER_MS });
  numberOption(ACTION, 'maxBatch', maxBatch, { min: 1, max: 1024, integer: true });
  const book = createScriptBook();
  let waiting: Job[] = [];
  let waitingSteps = 0;
  /** The scripts that the server is known to have. */
  const loaded = new Set<string>();
  /** How many calls wait for a name or a script, which take their time; and what settles when the last of them is sent. */
  let unready = 0;
  let order: Promise<unknown> = Promise.resolve();

  function run(groups: readonly Group[]): Promise<StoreAnswer> {
    try {
      // Before anything is queued: who passes arguments that make no sense is told so, and nobody else.
      const calls = groups.map((group) => group.map(book.write));
      return calls.length === 1 || weigh(calls) <= maxBatch ? queue(calls) : queueInParts(calls);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** One part after another: they run in order, also where a server has forgotten one of the scripts. */
  async function queueInParts(calls: readonly Calls[]): Promise<StoreAnswer> {
    const answers: GroupAnswer[] = [];
    let latestMs = 0;
    for (let start = 0; start < calls.length;) {
      let end = start;
      for (let weight = 0; end < calls.length; end++) {
        weight += weigh(calls.slice(end, end + 1));
        if (weight > maxBatch && end > start) break;
      }
      const { nowMs, groups } = await queue(calls.slice(start, end));
      latestMs = nowMs;
      answers.push(...groups);
      start = end;
    }
    return { nowMs: latestMs, groups: answers };
  }

  function queue(groups: readonly Calls[]): Promise<StoreAnswer> {
    return new Promise((resolve, reject) => {
      const weight = weigh(groups);
      if (waitingSteps + weight > maxBatch) flush();
      // All that comes in this turn goes together.
      if (waiting.length === 0) queueMicrotask(flush);
      waiting.push({ groups, resolve, reject });
      waitingSteps += weight;
    });
  }

  function flush(): void {
    const jobs = waiting;
    waiting = [];
    waitingSteps = 0;
    if (jobs.length > 0) void answer(jobs);
  }

  async function answer(jobs: readonly Job[]): Promise<void> {
    let isLate = false;
    function late(): Error {
      isLate = true;
      return lateError('The server did not answer in time.');
    }
    try {
      const groups = jobs.flatMap((job) => job.groups);
      const { nowMs, replies } = await withDeadline(ask(groups, () => isLate), timeoutMs, late);
      let next = 0;
      for (const { groups, resolve, reject } of jobs) {
        const mine: GroupAnswer[] = [];
        let failure: Refusal | undefined;
        for (const end = next + groups.length; next < end; next++) {
          const reply = replies[next];
          if (reply instanceof Refusal) failure ??= reply;
          else if (reply !== undefined) mine.push(reply);
        }
        if (failure === undefined) resolve({ nowMs, groups: mine });
        else reject(failure);
      }
    } catch (cause) {
      const refusal = refuse(cause);
      for (const { reject } of jobs) reject(refusal);
    }
  }

  function ask(groups: readonly Calls[], isLate: () => boolean): Promise<Answers> {
    const [scripts, nameOf] = [book.read(), names.prepare(groups.flat())];
    if (unready > 0 || scripts instanceof Promise || nameOf instanceof Promise) {
      return askLater(scripts, nameOf, groups, isLate);
    }
    return askNow(scripts, nameOf, groups, isLate);
  }

  /** Sends when all that came before is sent. */
  async function askLater(
    coming: MaybePromise<RedisScripts>,
    comingNames: MaybePromise<(call: ScriptCall) => string>,
    groups: readonly Calls[],
    isLate: () => boolean,
  ): Promise<Answers> {
    unready++;
    const leave = (): void => void unready--;
    const ready = Promise.all([coming, comingNames, order]);
    order = ready.then(leave, leave);
    const [scripts, nameOf] = await ready;
    // Names can take long where the platform is busy. Who was told that it is too late must not be charged after all.
    if (isLate()) throw new Error('It is too late to send.');
    return askNow(scripts, nameOf, groups, isLate);
  }

  async function askNow(
    scripts: RedisScripts,
    nameOf: (call: ScriptCall) => string,
    groups: readonly Calls[],
    isLate: () => boolean,
  ): Promise<Answers> {
    const { script, words } = writeCommand(scripts, groups, nameOf);
    return readReply(await evaluate(script, words, isLate), groups);
  }

  async function evaluate(
    { source, sha }: RedisScript,
    words: readonly string[],
    isLate: () => boolean,
  ): Promise<unknown> {
    if (loaded.has(sha)) {
      try {
        return await send(['EVALSHA', sha, ...words]);
      } catch (error) {
        // The one answer that says that nothing was done. Whatever else went wrong, it may have been. Who was told that it is too late has gone on:
        // nothing more is sent for them.
        if (!saysNoScript(error) || isLate()) throw error;
      }
    }
    const reply = await send(['EVAL', source, ...words]);
    loaded.add(sha);
    return reply;
  }

  return Object.freeze({ run });
}

/** How many steps groups have; one that has none still takes a place. */
function weigh(groups: readonly Calls[]): number {
  return groups.reduce((steps, { length }) => steps + Math.max(1, length), 0);
}

function saysNoScript(error: unknown): boolean {
  return typeof error === 'object' && error !== null && String(Reflect.get(error, 'message')).startsWith('NOSCRIPT');
}
