import { Ratelimit } from '@upstash/ratelimit';
import type { Redis } from 'ioredis';
import { createHash } from 'node:crypto';
import { RedisStore as RateLimitRedis } from 'rate-limit-redis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import { createLimiter, type LimitAlgorithm } from 'sallyport/limiter';
import { redisStore } from 'sallyport/store';
import type { Contender } from './harness.ts';

/** One decision, or what stands in for one. */
export interface Way {
  readonly name: string;
  readonly kind: Contender['kind'];
  readonly decide: (key: string) => Promise<unknown>;
}

/** How decisions are made for comparison. */
export interface WayOptions {
  readonly limit: number;
  readonly windowSeconds: number;
  /** What all keys begin with. Default: the library's own. */
  readonly prefix?: string;
}

/** A way on a connection. */
export type MakeWay = (client: Redis, options: WayOptions) => Way;

/** What the core of @upstash/ratelimit asks its client for. */
type UpstashClient = ConstructorParameters<typeof Ratelimit>[0]['redis'];

/** Ours, with that many limits. */
export function ours(
  name: string,
  limits: readonly string[],
  algorithm?: LimitAlgorithm,
): MakeWay {
  return (client, { prefix, ...numbers }) => {
    const store = redisStore((args) => client.call(...args), prefix === undefined ? {} : { prefix });
    const chosen = algorithm === undefined ? {} : { algorithm };
    const limiter = createLimiter({ store, limits: limits.map((limit) => ({ name: limit, ...numbers, ...chosen })) });
    return { name, kind: 'ours', decide: async (key) => await limiter.consume(key) };
  };
}

/** The rivals, each with a fixed window where its name does not say otherwise. */
export const RIVAL_WAYS: Readonly<Record<string, MakeWay>> = {
  flexible: (client, { limit, windowSeconds, prefix }) => {
    const names = prefix === undefined ? {} : { keyPrefix: prefix };
    const limiter = new RateLimiterRedis({ storeClient: client, points: limit, duration: windowSeconds, ...names });
    return { name: 'rate-limiter-flexible', kind: 'rival', decide: async (key) => await limiter.consume(key) };
  },
  express: (client, { windowSeconds, prefix }) => {
    const store = new RateLimitRedis({
      sendCommand: async (command, ...words) => toReply(await client.call(command, ...words)),
      ...(prefix === undefined ? {} : { prefix: `${prefix}:` }),
    });
    // Of all that express-rate-limit hands over it reads this alone.
    Reflect.apply(store.init, store, [{ windowMs: windowSeconds * 1000 }]);
    return { name: 'rate-limit-redis, its store alone', kind: 'rival', decide: (key) => store.increment(key) };
  },
  upstashFixed: upstash('fixedWindow', ({ limit, windowSeconds }) => {
    return Ratelimit.fixedWindow(limit, `${windowSeconds} s`);
  }),
  upstashSliding: upstash('slidingWindow', ({ limit, windowSeconds }) => {
    return Ratelimit.slidingWindow(limit, `${windowSeconds} s`);
  }),
  upstashBucket: upstash('tokenBucket', ({ limit, windowSeconds }) => {
    return Ratelimit.tokenBucket(limit, `${windowSeconds} s`, limit);
  }),
};

function upstash(
  name: string,
  algorithm: (options: WayOptions) => ConstructorParameters<typeof Ratelimit>[0]['limiter'],
): MakeWay {
  return (client, options) => {
    const { prefix } = options;
    const limiter = new Ratelimit({
      redis: overIoredis(client),
      limiter: algorithm(options),
      // Nobody is denied here; it would only remember denials.
      ephemeralCache: false,
      ...(prefix === undefined ? {} : { prefix }),
    });
    const decide = async (key: string): Promise<unknown> => await limiter.limit(key);
    return { name: `@upstash/ratelimit ${name}, over ioredis`, kind: 'rival', decide };
  };
}

/**
 * Its own client speaks HTTP to a service; here its scripts run on the server of all the others. They begin with a line for that service, which
 * other servers refuse, so they are known here by another digest than there.
 */
function overIoredis(client: Redis): UpstashClient {
  const known = new Map<string, string>();
  const run = async (sha: string, keys: readonly string[], args: readonly unknown[]): Promise<unknown> =>
    await client.evalsha(sha, keys.length, ...keys, ...args.map(String));
  const adapter = {
    async evalsha(hash: string, keys: readonly string[], args: readonly unknown[]): Promise<unknown> {
      const sha = known.get(hash);
      // What the server would say; the script itself is then handed to eval.
      if (sha === undefined) throw new Error('NOSCRIPT');
      return await run(sha, keys, args);
    },
    async eval(script: string, keys: readonly string[], args: readonly unknown[]): Promise<unknown> {
      const sha = String(await client.script('LOAD', script.replace(/^#!.*/, '')));
      known.set(createHash('sha1').update(script).digest('hex'), sha);
      return await run(sha, keys, args);
    },
  };
  // Its type asks for two commands more, which belong to what is switched off, and for type parameters of every reply.
  return adapter as unknown as UpstashClient;
}

function toReply(reply: unknown): string | number | (string | number)[] {
  if (typeof reply === 'string' || typeof reply === 'number') return reply;
  return Array.isArray(reply) ? reply.map((one) => typeof one === 'number' ? one : String(one)) : '';
}
