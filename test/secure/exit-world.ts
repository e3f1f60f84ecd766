import { createRoles } from '../../src/access/role.ts';
import { Refusal } from '../../src/core/refusal.ts';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import { createIpList } from '../../src/net/cidr.ts';
import { createHostCheck } from '../../src/net/host-check.ts';
import { createHttpsCheck } from '../../src/net/https-check.ts';
import { createIfMatch } from '../../src/net/if-match.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import type { PolicyEvent } from '../../src/secure/event.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { secure, type SecuredHandler } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Group } from '../../src/store/step.ts';
import type { Store } from '../../src/store/store.ts';
import { PEER } from './fixtures.ts';

/** Begins every text that must not leave: whatever holds it has leaked. */
export const CANARY = 'canary-';
/** The one page that CORS names. */
export const PAGE = 'https://app.test';

type Claims = Readonly<Record<string, unknown>>;
/** A principal with every right that the policy asks for, who tells more than he must. */
export const CLAIMS: Claims = {
  sub: 'alice',
  scope: 'orders:write',
  roles: ['clerk'],
  email: `${CANARY}claim`,
};

/** What an exit changes of a request that would be served. */
export interface Sent {
  readonly method?: string;
  readonly url?: string;
  /** Undefined takes one away. */
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly body?: BodyInit | null;
  readonly peer?: object;
  readonly signal?: AbortSignal;
}

/** What an exit changes of a policy that would serve it. */
export interface Rules {
  readonly verify?: (token: string) => unknown;
  readonly load?: () => unknown;
  readonly authorize?: () => unknown;
  readonly handler?: (request: Request) => unknown;
  readonly store?: Store;
  /** Fields in the place of others; undefined takes one away. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** One budget for each kind, of which the named one is for a single request. */
export function limitsOf(spent?: 'client' | 'principal' | 'input'): unknown {
  const budget = (name: string): { name: string; limit: number; windowSeconds: number }[] => [
    { name, limit: name === spent ? 1 : 1000, windowSeconds: 60 },
  ];
  return createLimits<{ readonly body: { readonly note: string } }>({
    client: budget('client'),
    principal: budget('principal'),
    afterBody: [{ limits: budget('input'), key: ({ body }) => body.note }],
  });
}

const roles = createRoles({
  clerk: { permissions: ['orders:write'], methods: ['POST', 'GET'] },
  reader: { permissions: ['orders:read'], methods: ['GET'] },
  caller: { permissions: ['orders:write'], methods: ['GET'] },
});

/** What was told to whom. */
export interface World {
  readonly handler: SecuredHandler;
  readonly events: PolicyEvent[];
  readonly reported: unknown[];
  /** Every key and argument that the store was asked with. */
  readonly stored: string[];
}

/** A policy with every stage that there is. */
export function makeWorld(rules: Rules = {}): World {
  const [events, reported, stored]: [PolicyEvent[], unknown[], string[]] = [[], [], []];
  const inner = rules.store ?? memoryStore();
  const store: Store = {
    run(groups: readonly Group[]) {
      for (const { key, args } of groups.flat()) stored.push(`${key} ${JSON.stringify(args)}`);
      return inner.run(groups);
    },
  };
  const { verify = () => CLAIMS, load = () => ({ version: '1', secret: `${CANARY}row` }), authorize = () => true } =
    rules;
  const policy: Record<string, unknown> = {
    id: 'orders',
    methods: ['POST'],
    resourceMethods: ['GET', 'POST'],
    hosts: createHostCheck({ hosts: ['api.test'] }),
    https: createHttpsCheck(),
    deny: createIpList(['203.0.113.0/24']),
    cors: createCors({ origins: [PAGE], headers: ['authorization', 'content-type', 'idempotency-key', 'if-match'] }),
    csrf: createCrossOriginCheck({ trustedOrigins: [PAGE] }),
    store,
    limits: limitsOf(),
    auth: createBearerAuth({ realm: 'api', verify: async (token) => ({ claims: await verify(token) as Claims }) }),
    scopes: ['orders:write'],
    roles: roles.permissionRule('orders:write'),
    methodsByRole: roles,
    params: fromText(object({ id: string({ max: 20 }) })),
    query: fromText(object({ q: string({ max: 20 }) })),
    body: object({ note: string({ max: 20 }) }),
    bodyLimits: { maxBytes: 200 },
    resource: load,
    authorize,
    precondition: createIfMatch({ versionOf: ({ version }: { readonly version: string }) => version, required: true }),
    idempotency: createIdempotency({ store }),
    response: object({ id: int() }, { unknown: 'strip' }),
    // Nobody is late here by accident.
    timeouts: { stageMs: 15_000, handlerMs: 15_000 },
    onEvent: (event: PolicyEvent) => void events.push(event),
    onError: (error: unknown, report: unknown) => void reported.push(error, report),
    ...rules.fields,
  };
  for (const [name, value] of Object.entries(policy)) if (value === undefined) delete policy[name];
  // As good as typed: the tests say which exit it takes.
  return { handler: secure(policy as never, (rules.handler ?? serve) as never), events, reported, stored };
}

/** A row as it comes from a database, and what a server in between would say of itself. */
export function serve(): Response {
  return Response.json({ id: 1, secret: `${CANARY}column` }, {
    headers: { 'server': `${CANARY}server`, 'x-powered-by': `${CANARY}powered` },
  });
}

/** An error that tells everything. */
export function leak(): never {
  throw new Error(`${CANARY}message`, { cause: new Error(`${CANARY}cause`) });
}

/** A refusal of the user's own making, which tells everything where no client looks. */
export function refuseLoudly(): never {
  throw new Refusal('forbidden', { message: `${CANARY}refusal`, cause: new Error(`${CANARY}cause`) });
}

/** Answers the request to all of whose parts a canary clings. */
export async function sendTo(world: World, sent: Sent = {}): Promise<Response> {
  const headers = new Headers();
  const all: Readonly<Record<string, string | undefined>> = {
    'origin': PAGE,
    'authorization': `Bearer ${CANARY}token`,
    'content-type': 'application/json',
    'idempotency-key': `"${CANARY}key"`,
    'if-match': '"1"',
    'cookie': `sid=${CANARY}cookie`,
    'user-agent': `${CANARY}agent`,
    'referer': `https://app.test/${CANARY}referer`,
    'accept': `text/${CANARY}accept`,
    'accept-language': `${CANARY}language`,
    'x-request-id': `${CANARY}request-id`,
    'x-forwarded-for': `${CANARY}forwarded`,
    'x-forwarded-host': `${CANARY}host`,
    'x-user-id': `${CANARY}user`,
    'x-note': `${CANARY}header`,
    'if-none-match': `"${CANARY}etag"`,
    'tracestate': `vendor=${CANARY}trace`,
    ...sent.headers,
  };
  for (const [name, value] of Object.entries(all)) if (value !== undefined) headers.set(name, value);
  const { method = 'POST', url = `https://api.test/orders/${CANARY}param?q=${CANARY}query`, signal } = sent;
  const body = sent.body === undefined ? `{"note":"${CANARY}body"}` : sent.body;
  const init = { method, headers, ...(body !== null && { body, duplex: 'half' }), ...(signal && { signal }) };
  return await world.handler(new Request(url, init), { ...PEER, params: { id: `${CANARY}param` }, ...sent.peer });
}

/** A way out of a policy: what differs from a request that is served, and what the client is told. */
export interface Exit {
  readonly name: string;
  readonly status: number;
  /** None where it is no problem document. */
  readonly code?: string;
  readonly sent?: Sent;
  readonly rules?: Rules;
  /** What comes before the request that is looked at. */
  readonly before?: (world: World) => unknown;
}
