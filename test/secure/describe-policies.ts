import fc from 'fast-check';
import { createRoles } from '../../src/access/role.ts';
import { createCors } from '../../src/cross-origin/cors.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import { createIpList } from '../../src/net/cidr.ts';
import { createHostCheck } from '../../src/net/host-check.ts';
import { createHttpsCheck } from '../../src/net/https-check.ts';
import { createIfMatch } from '../../src/net/if-match.ts';
import { createFormReader } from '../../src/schema/form-reader.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { object } from '../../src/schema/object.ts';
import type { Schema } from '../../src/schema/schema.ts';
import { string } from '../../src/schema/string.ts';
import type { AnyPolicy } from '../../src/secure/any-policy.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { createLimits } from '../../src/secure/limits.ts';
import type { PolicyModes, StageMode } from '../../src/secure/mode.ts';
import { createModes } from '../../src/secure/modes.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { bearer } from './fixtures.ts';

export const shape: Schema<{ readonly name: string }> = object({ name: string() });
const store = memoryStore();
const limit = (name: string) => [{ name, limit: 10, windowSeconds: 60 }];
const custom = (name: string) => [{ limits: limit(name), key: () => 'k' }];
const roles = createRoles({ admin: { permissions: ['notes:write'], methods: ['POST'] } });

/** Fields that stand by themselves. */
const FIELDS = {
  hosts: createHostCheck({ hosts: ['api.test'] }),
  https: createHttpsCheck({}),
  deny: createIpList(['198.51.100.0/24']),
  cors: createCors({
    origins: ['https://a.test'],
    headers: ['authorization', 'content-type', 'idempotency-key', 'if-match'],
  }),
  csrf: createCrossOriginCheck(),
  params: fromText(shape),
  query: fromText(shape),
  response: shape,
  authorize: () => true,
  idempotency: createIdempotency({ store }),
} satisfies Partial<AnyPolicy>;
/** Those that need somebody. */
const WHOSE = {
  scopes: ['notes:write'],
  roles: roles.permissionRule('notes:write'),
  methodsByRole: roles,
} satisfies Partial<AnyPolicy>;
const GROUPS = {
  client: limit('client'),
  route: limit('route'),
  beforeAuthentication: custom('head'),
  afterBody: custom('account'),
};
const BODIES: readonly Partial<AnyPolicy>[] = [
  {},
  { body: shape },
  { form: createFormReader(shape) },
  { dangerouslyAllowUnvalidatedBody: true },
];
const LOAD = { resource: () => ({ version: 1 }), authorize: () => true };
const REPORT = { mode: 'report', until: '2099-01-31', reason: 'new' } as const;
const ACCESS_MODES: readonly StageMode[] = ['enforce', REPORT, { ...REPORT, enforce: { sample: 0.5, by: 'client' } }];
const MODES: readonly StageMode[] = [...ACCESS_MODES, 'off', 'report'];
const WITH_ACCESS_MODES: readonly string[] = ['auth', 'scopes', 'roles', 'methodsByRole', 'authorize', 'csrf'];
const WITH_MODES: readonly string[] = ['hosts', 'https', 'deny', 'params', 'query', 'body', 'precondition', 'response'];

/** Any policy that `secure()` takes, with a mode for each of its checks. */
export const anyPolicy: fc.Arbitrary<AnyPolicy> = fc.record({
  isPublic: fc.boolean(),
  fields: fc.subarray(Object.entries(FIELDS)),
  whose: fc.subarray(Object.entries(WHOSE)),
  body: fc.constantFrom(...BODIES),
  load: fc.constantFrom({}, LOAD, { ...LOAD, precondition: createIfMatch({ versionOf: () => '1' }) }),
  groups: fc.subarray(Object.entries(GROUPS)),
  byPrincipal: fc.boolean(),
  modes: fc.option(fc.array(fc.nat(), { minLength: 24, maxLength: 24 }), { nil: undefined }),
}).map(({ isPublic, fields, whose, body, load, groups, byPrincipal, modes }) => {
  const limits = {
    ...Object.fromEntries(groups),
    ...(byPrincipal && !isPublic ? { principal: limit('principal') } : {}),
  };
  const policy = {
    id: 'any',
    methods: ['POST'] as const,
    auth: isPublic ? ('public' as const) : bearer().auth,
    // Of a body that nobody reads there is nothing to compare a repetition with.
    ...Object.fromEntries(fields.filter(([name]) => name !== 'idempotency' || !body.dangerouslyAllowUnvalidatedBody)),
    ...(isPublic ? {} : Object.fromEntries(whose)),
    ...body,
    ...load,
    ...(Object.keys(limits).length > 0 ? { store, limits: createLimits(limits) } : {}),
  };
  return modes === undefined ? policy : { ...policy, mode: createModes(chooseModes(policy, modes)) };
});

function chooseModes(policy: AnyPolicy, numbers: readonly number[]): PolicyModes {
  let index = 0;
  const choose = (list: readonly StageMode[]): StageMode | undefined => list[(numbers[index++] ?? 0) % list.length];
  const modes: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(policy)) {
    if (name === 'auth' && value === 'public') continue;
    if (WITH_ACCESS_MODES.includes(name)) modes[name] = choose(ACCESS_MODES);
    if (WITH_MODES.includes(name)) modes[name] = choose(MODES);
  }
  const { client, route, beforeAuthentication, principal, afterBody } = policy.limits?.options ?? {};
  const lists = [client, route, principal, ...[beforeAuthentication, afterBody].map((group) => group?.[0]?.limits)];
  const names = lists.flatMap((list) => list?.map(({ name }) => name) ?? []);
  return { ...modes, limits: Object.fromEntries(names.map((name) => [name, choose(MODES) ?? 'enforce'])) };
}
