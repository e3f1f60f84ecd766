import { Refusal } from '../../src/core/refusal.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import type { PolicyEvent } from '../../src/secure/event.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure, type SecuredHandler } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';

/** What becomes of a request, by its number. */
const ENDS = [200, 200, 200, 200, 401, 403, 404, 500, 503, 499] as const;
export type End = (typeof ENDS)[number];

/** A seeded generator of numbers below 1, so that what once failed fails again (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Everything that a context says of whose it is. */
interface Seen {
  readonly principal: { readonly id: string; readonly claims: object };
  readonly claims: object;
  readonly params: { readonly id: string };
  readonly query: { readonly q: string };
  readonly body: { readonly n: number };
  readonly resource?: { readonly n: number };
  readonly url: URL;
  readonly requestId: string;
  readonly client: { readonly address: string | undefined };
  readonly limits: readonly object[];
}

/** Policies and handlers that many share, and what went wrong. */
export interface Crowd {
  /** Sends request number n, and resolves when its response was compared with what it should be. */
  readonly send: (n: number) => Promise<void>;
  readonly mistakes: string[];
  readonly events: PolicyEvent[];
}

export interface CrowdOptions {
  readonly seed: number;
  readonly endOf?: (n: number) => End;
  readonly handlerMs: number;
  /** The clock of the store. */
  readonly clock?: () => number;
  /** Is given every request, and every context that a function of the policy was given. */
  readonly keep?: (seen: object) => void;
}

/** One request in two ends well; the others in every other way. */
export function anyEnd(n: number): End {
  return n % 2 === 0 ? 200 : ENDS[(n >> 1) % ENDS.length] ?? 200;
}

/** Three handlers upon one base: the same authenticator, schemas, limits, store and keys. */
export function makeCrowd(options: CrowdOptions): Crowd {
  const { seed, endOf = anyEnd, handlerMs, clock = () => 0, keep = () => undefined } = options;
  const random = seeded(seed);
  const [mistakes, events]: [string[], PolicyEvent[]] = [[], []];
  const store = memoryStore({ clock });

  /** At once, in a later microtask, or in a later turn. */
  async function pause(): Promise<void> {
    const draw = random();
    if (draw < 0.2) return;
    if (draw < 0.5) return await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, Math.floor(draw * 8)));
  }

  function compare(stage: string, seen: Seen): number {
    const n = seen.body.n;
    keep(seen);
    const said = [
      seen.principal.id,
      Reflect.get(seen.claims, 'mark'),
      Reflect.get(seen.principal.claims, 'mark'),
      seen.params.id,
      seen.query.q,
      seen.url.searchParams.get('q'),
      seen.client.address,
      seen.resource?.n ?? n,
      seen.limits.length,
    ];
    const due = [`user-${n}`, n, n, `p${n}`, `q${n}`, `q${n}`, addressOf(n), n, 1];
    if (JSON.stringify(said) !== JSON.stringify(due)) mistakes.push(`${stage} of ${n}: ${JSON.stringify(said)}`);
    return n;
  }

  const auth = createBearerAuth({
    verify: async (token) => {
      await pause();
      const n = Number(token);
      if (endOf(n) === 401) throw new Refusal('jwt_signature_invalid');
      return { claims: Object.freeze({ sub: `user-${n}`, mark: n }) };
    },
  });
  const base = definePolicy({
    methods: ['POST'],
    auth,
    store,
    limits: createLimits({ principal: [{ name: 'principal', limit: 1, windowSeconds: 1 }] }),
    params: fromText(object({ id: string() })),
    query: fromText(object({ q: string() })),
    body: object({ n: int() }),
    resource: async (context) => {
      const n = compare('resource', context);
      await pause();
      return endOf(n) === 404 ? null : { n };
    },
    authorize: async (context) => {
      const n = compare('authorize', context);
      await pause();
      return compare('authorize', context) === n && endOf(n) !== 403;
    },
    // Everybody's key is the same: whose it is makes the difference.
    idempotency: createIdempotency({ store, ttlSeconds: 60 }),
    timeouts: { stageMs: 10_000, handlerMs },
    onEvent: (event) => void events.push(event),
    onError: () => undefined,
  });
  const handlers: readonly SecuredHandler[] = ['a', 'b', 'c'].map((id) =>
    secure(base.extend({ id }), async (request, context) => {
      const n = compare('handler', context);
      if (request.headers.get('authorization') !== `Bearer ${n}`) mistakes.push(`the request of ${n}`);
      const end = endOf(n);
      if (end === 503) await new Promise(() => undefined);
      if (end === 499) await gone(context.signal);
      await pause();
      if (end === 500) throw new Error(String(n));
      return Response.json({ n: compare('response', context), id, requestId: context.requestId });
    })
  );

  async function send(n: number): Promise<void> {
    const controller = new AbortController();
    const headers = { 'authorization': `Bearer ${n}`, 'content-type': 'application/json', 'idempotency-key': 'shared' };
    const request = new Request(`https://api.test/${n}?q=q${n}`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ n }),
      signal: controller.signal,
    });
    keep(request);
    await pause();
    const end = endOf(n);
    const answer = handlers[n % 3]?.(request, { peerAddress: addressOf(n), params: { id: `p${n}` } });
    if (end === 499) setTimeout(() => controller.abort(), random() * 20);
    const response = await answer;
    const sent: Record<string, unknown> = JSON.parse(await response?.text() ?? '');
    // Whoever goes while his body is read has sent half of one.
    const due = end !== 499 ? end : response?.status === 400 ? 400 : 500;
    const id = response?.headers.get('x-request-id');
    if (response?.status !== due || id !== sent['requestId']) mistakes.push(`${n}: ${response?.status}, not ${due}`);
    if (due === 200 && (sent['n'] !== n || sent['id'] !== 'abc'[n % 3])) {
      mistakes.push(`${n} got ${JSON.stringify(sent)}`);
    }
  }

  return { send, mistakes, events };
}

function addressOf(n: number): string {
  return `10.0.${n >> 8}.${n & 255}`;
}

/** Rejects when the client is gone. */
function gone(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const fail = (): void => reject(signal.reason);
    if (signal.aborted) fail();
    else signal.addEventListener('abort', fail, { once: true });
  });
}
