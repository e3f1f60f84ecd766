import { withDeadline } from '../core/deadline.ts';
import { functionOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import { createKeyNames } from './key-name.ts';
import { createScriptBook, encodeGroups, type RedisScript, type ScriptCall } from './redis-script.ts';
import type { Group } from './step.ts';
import type { GroupAnswer, Store, StoreAnswer } from './store.ts';

/** Sends one command, its name first, and resolves with the reply: a line of your client's. */
export type RedisSend = (args: [command: string, ...words: string[]]) => Promise<unknown>;

/** Options of {@linkcode redisStore}. */
export interface RedisStoreOptions {
  /** What all keys begin with: 1 to 64 of `A-Z a-z 0-9 . _ : -`. Default: `sp`. */
  readonly prefix?: string;
  /** After how many milliseconds a call is given up; what the server does with it then counts for nothing. Default: 1,000. */
  readonly timeoutMs?: number;
  /** How many groups one call of the script may run: the server does nothing else meanwhile. 1 to 1,024. Default: 256. */
  readonly maxBatch?: number;
}

type Calls = readonly ScriptCall[];
type Reply = GroupAnswer | Refusal;

/** Groups that wait to be sent, and who waits for them. */
interface Job {
  readonly groups: readonly Calls[];
  readonly resolve: (answer: StoreAnswer) => void;
  readonly reject: (error: unknown) => void;
}

const ACTION = 'create Redis store';
const SENSELESS = 'The server gave a senseless answer.';
const MAX_TIMER_MS = 2 ** 31 - 1;

/**
 * Makes a store on a Redis server, for any client: all groups that are asked for in one turn go there in one call of one script, which runs
 * under the server's clock. It needs Redis 5 or newer.
 *
 * It opens no connection and repeats no command but one that the server has told it does not know. Switch off your client's offline queue and its
 * retries: a command that is sent late or twice counts late or twice. When the server fails, `run` rejects with `store_unavailable`.
 *
 * Keys of up to 64 plain characters stand there as they are, others as their SHA-256. All keys of one subject share a hash tag. On a cluster a call may
 * name one subject alone, so use `maxBatch: 1` there.
 *
 * @param send sends one command: `(args) => redis.call(...args)` of ioredis, `(args) => client.sendCommand(args)` of node-redis
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
  const { prefix = 'sp', timeoutMs = 1000, maxBatch = 256 } = options;
  const names = createKeyNames(ACTION, prefix);
  numberOption(ACTION, 'timeoutMs', timeoutMs, { min: 1, max: MAX_TIMER_MS });
  numberOption(ACTION, 'maxBatch', maxBatch, { min: 1, max: 1024, integer: true });
  const book = createScriptBook();
  let waiting: Job[] = [];
  let waitingGroups = 0;
  /** The script that the server is known to have. */
  let loaded: string | undefined;
  /** Settles when all that came before is sent: some names take longer to compute than others. */
  let order: Promise<unknown> = Promise.resolve();

  async function run(groups: readonly Group[]): Promise<StoreAnswer> {
    // Before anything is queued: who passes arguments that make no sense is told so, and nobody else.
    const calls = groups.map((group) => group.map(book.write));
    if (calls.length <= maxBatch) return queue(calls);
    const parts: Promise<StoreAnswer>[] = [];
    for (let start = 0; start < calls.length; start += maxBatch) {
      parts.push(queue(calls.slice(start, start + maxBatch)));
    }
    const answers = await Promise.all(parts);
    return { nowMs: Math.max(...answers.map(({ nowMs }) => nowMs)), groups: answers.flatMap((part) => part.groups) };
  }

  function queue(groups: readonly Calls[]): Promise<StoreAnswer> {
    return new Promise((resolve, reject) => {
      if (waitingGroups + groups.length > maxBatch) flush();
      // All that comes in this turn goes together.
      if (waiting.length === 0) queueMicrotask(flush);
      waiting.push({ groups, resolve, reject });
      waitingGroups += groups.length;
    });
  }

  function flush(): void {
    const jobs = waiting;
    waiting = [];
    waitingGroups = 0;
    if (jobs.length > 0) void answer(jobs);
  }

  async function answer(jobs: readonly Job[]): Promise<void> {
    let isLate = false;
    function late(): Error {
      isLate = true;
      return new Error('The server did not answer in time.');
    }
    try {
      const groups = jobs.flatMap((job) => job.groups);
      const { nowMs, replies } = await withDeadline(ask(groups, () => isLate), timeoutMs, late);
      let start = 0;
      for (const { groups: { length }, resolve, reject } of jobs) {
        const mine = replies.slice(start, start += length);
        const failure = mine.find((reply) => reply instanceof Refusal);
        if (failure === undefined) resolve({ nowMs, groups: mine.filter(isAnswer) });
        else reject(failure);
      }
    } catch (cause) {
      const refusal = refuse(cause);
      for (const { reject } of jobs) reject(refusal);
    }
  }

  async function ask(
    groups: readonly Calls[],
    isLate: () => boolean,
  ): Promise<{ nowMs: number; replies: readonly Reply[] }> {
    const ready = Promise.all([book.read(), names.prepare(groups.flat()), order]);
    order = ready.catch(() => undefined);
    const [script, nameOf] = await ready;
    // Names can take long where the platform is busy. Who was told that it is too late must not be charged after all.
    if (isLate()) throw new Error('It is too late to send.');
    return readReply(await evaluate(script, encodeGroups(groups, nameOf), isLate), groups);
  }

  async function evaluate(
    { source, sha }: RedisScript,
    words: readonly string[],
    isLate: () => boolean,
  ): Promise<unknown> {
    if (loaded === sha) {
      try {
        return await send(['EVALSHA', sha, ...words]);
      } catch (error) {
        // The one answer that says that nothing was done. Whatever else went wrong, it may have been. Who was told that it is too late has gone on:
        // nothing more is sent for them.
        if (!saysNoScript(error) || isLate()) throw error;
      }
    }
    const reply = await send(['EVAL', source, ...words]);
    loaded = sha;
    return reply;
  }

  return Object.freeze({ run });
}

function readReply(reply: unknown, asked: readonly Calls[]): { nowMs: number; replies: readonly Reply[] } {
  const [seconds, microseconds, ...groups] = Array.isArray(reply) ? reply.map(readInteger) : [];
  const isTime = Number.isSafeInteger(seconds) && Number.isSafeInteger(microseconds);
  if (!isTime || groups.length !== asked.length) throw new Error(SENSELESS);
  const nowMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
  return { nowMs, replies: asked.map((calls, index) => readGroup(groups[index], calls)) };
}

function readGroup(reply: unknown, asked: Calls): Reply {
  const [verdict, ...rest] = Array.isArray(reply) ? reply.map(readInteger) : [];
  if (verdict === -1) return refuse(new Error(String(rest[0])));
  const results = asked.map(({ spec }, index) => {
    const result: unknown = rest[index];
    return Array.isArray(result) ? spec.decode(result.map(readInteger)) : undefined;
  });
  const isSane = (verdict === 0 || verdict === 1) && rest.length === asked.length && !results.includes(undefined);
  return isSane ? { ok: verdict === 1, results } : refuse(new Error(SENSELESS));
}

/** Some clients answer whole numbers as bigint. */
function readInteger(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

function isAnswer(reply: Reply): reply is GroupAnswer {
  return !(reply instanceof Refusal);
}

function refuse(cause: unknown): Refusal {
  return isRefusal(cause) ? cause : new Refusal('store_unavailable', { cause });
}

function saysNoScript(error: unknown): boolean {
  return typeof error === 'object' && error !== null && String(Reflect.get(error, 'message')).startsWith('NOSCRIPT');
}
