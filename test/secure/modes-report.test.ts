import { describe, expect, test } from 'vitest';
import { createRoles } from '../../src/access/role.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import { createIpList } from '../../src/net/cidr.ts';
import { createHostCheck } from '../../src/net/host-check.ts';
import { createHttpsCheck } from '../../src/net/https-check.ts';
import { createIfMatch } from '../../src/net/if-match.ts';
import { fromText } from '../../src/schema/from-text.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import type { Context } from '../../src/secure/context.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { as, bearer, codeOf, get, open, PEER, post, quiet } from './fixtures.ts';
import { ear, NEXT_DAY_MS, ON_LAST_DAY_MS, outcomes, REPORT } from './watched.ts';

const { auth } = bearer();
const reading = { methods: ['GET'], auth };
const loading = { ...reading, resource: () => ({ version: 7 }), authorize: () => true };
const count = object({ n: int() });
const failing = (): never => {
  throw new Error('a defect of what is on trial');
};
const schemaThat = (validate: (value: unknown) => unknown): object => ({
  '~standard': { version: 1, vendor: 'x', validate },
});
const alice = (): Request => get('/?n=one', as('reader'));

/** Of each field a policy, a request that it refuses, where, and why. */
const FIELDS:
  readonly (readonly [field: string, object, () => Request, stage: string, status: number, code: string])[] = [
    ['auth', reading, () => get(), 'authenticate', 401, 'credentials_missing'],
    ['auth', reading, () => get('/', as('forged')), 'authenticate', 401, 'jwt_signature_invalid'],
    ['auth', reading, () => get('/?access_token=reader'), 'authenticate', 400, 'credentials_malformed'],
    ['scopes', { ...reading, scopes: ['orders:write'] }, alice, 'scopes', 403, 'insufficient_scope'],
    ['roles', { ...reading, roles: () => false }, alice, 'roles', 403, 'forbidden'],
    ['roles', { ...reading, roles: failing }, alice, 'roles', 500, 'internal_error'],
    ['roles', { ...reading, roles: async () => failing() }, alice, 'roles', 500, 'internal_error'],
    [
      'methodsByRole',
      { ...reading, methodsByRole: createRoles({ clerk: { permissions: ['a'], methods: ['GET'] } }) },
      alice,
      'methodsByRole',
      403,
      'forbidden',
    ],
    ['authorize', { ...loading, authorize: () => false }, alice, 'authorize', 403, 'forbidden'],
    ['authorize', { ...loading, authorize: failing }, alice, 'authorize', 500, 'internal_error'],
    [
      'authorize',
      { ...loading, authorize: () => false, notFoundInsteadOfForbidden: true },
      alice,
      'authorize',
      404,
      'not_found',
    ],
    [
      'csrf',
      { methods: ['POST'], auth: { ...auth, ambient: true }, csrf: createCrossOriginCheck(), body: count },
      () => post('{"n":1}', { ...as('reader'), 'sec-fetch-site': 'cross-site' }),
      'crossSite',
      403,
      'cross_site_request',
    ],
    ['hosts', { ...open, hosts: createHostCheck({ hosts: ['other.test'] }) }, get, 'hosts', 421, 'host_not_allowed'],
    [
      'https',
      { ...open, https: createHttpsCheck() },
      () => new Request('http://api.test/'),
      'https',
      403,
      'https_required',
    ],
    ['deny', { ...open, deny: createIpList(['192.0.2.0/24']) }, get, 'deny', 403, 'forbidden'],
    ['params', { ...open, params: fromText(count) }, get, 'params', 400, 'params_invalid'],
    ['query', { ...open, query: fromText(count) }, alice, 'query', 400, 'query_invalid'],
    ['query', { ...open, query: fromText(count) }, () => get('/?n=%ff'), 'query', 400, 'query_invalid'],
    ['query', { ...open, query: schemaThat(failing) }, alice, 'query', 500, 'internal_error'],
    [
      'body',
      { ...open, methods: ['POST'], body: count },
      () => post('{"n":"one"}'),
      'bodySchema',
      400,
      'body_invalid',
    ],
    [
      'body',
      { ...open, methods: ['POST'], body: schemaThat(() => 'nonsense') },
      () => post('{"n":1}'),
      'bodySchema',
      500,
      'internal_error',
    ],
    [
      'precondition',
      { ...loading, precondition: createIfMatch({ versionOf: () => '7', required: true }) },
      () => get('/', { ...as('reader'), 'if-match': '"6"' }),
      'precondition',
      412,
      'precondition_failed',
    ],
    ['response', { ...open, response: object({}) }, get, 'response', 500, 'internal_error'],
  ];
const PLATFORM = { ...PEER, params: { n: 'one' } };

/** Runs a policy of any types once, and tells what its handler saw. */
async function run(
  policy: object,
  request: Request,
  modes: object | undefined,
  nowMs: number = ON_LAST_DAY_MS,
): Promise<{
  readonly response: Response;
  readonly context: Context | undefined;
  readonly heard: readonly string[];
}> {
  const { events, onEvent } = ear();
  let context: Context | undefined;
  const mode = modes === undefined ? {} : { mode: createModes(modes) };
  const handler = secure({ ...quiet, ...policy, ...mode, onEvent, clock: () => nowMs } as never, (_request, seen) => {
    context = seen as Context;
    return Response.json({ ok: true });
  });
  const response = await handler(request, PLATFORM);
  return { response, context, heard: outcomes(events.filter(({ outcome }) => outcome !== 'not_enforced')) };
}

describe.each(FIELDS)('secure(): the mode of %s', (field, policy, request, stage, status, code) => {
  test(`enforces by itself: ${status} ${code}`, async () => {
    const { response, context, heard } = await run(policy, request(), undefined);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
    expect(context === undefined).toBe(stage !== 'response');
    expect(heard).toEqual([`${status >= 500 ? 'failed' : 'denied'} ${stage} ${code}`]);
  });

  test(`in report mode lets through, and says so: ${code}`, async () => {
    const { response, context, heard } = await run(policy, request(), { [field]: REPORT });
    expect([response.status, await response.json()]).toEqual([200, { ok: true }]);
    // What the handler is told of is what was decided before it.
    expect(context?.wouldDeny).toEqual(stage === 'response' ? [] : [{ stage, code }]);
    expect(heard).toEqual([
      `would_deny ${stage} ${code}`,
      // The filter of responses is where the way ends.
      field === 'response' || 'response' in policy ? 'allowed response' : 'allowed handler',
    ]);
  });

  test('enforces when that is over, for a clock that is broken, and for a share of all', async () => {
    const all = { ...REPORT, enforce: { sample: 1, by: 'client' } };
    for (const [mode, now] of [[REPORT, NEXT_DAY_MS], [REPORT, NaN], [all, ON_LAST_DAY_MS]] as const) {
      const { response, heard } = await run(policy, request(), { [field]: mode }, now);
      expect(response.status).toBe(status);
      expect(heard).toEqual([`${status >= 500 ? 'failed' : 'denied'} ${stage} ${code}`]);
    }
  });
});

const REFUSED_ONCE = new Map(FIELDS.map((row) => [row[0], row]));
const ACCESS: readonly string[] = ['auth', 'scopes', 'roles', 'methodsByRole', 'authorize', 'csrf'];

describe.each([...REFUSED_ONCE.values()].filter(([field]) => !ACCESS.includes(field)))(
  'secure(): %s that is off',
  (field, policy, request) => {
    test('is not there, and nobody is told of what it would have said', async () => {
      const { response, context, heard } = await run(policy, request(), { [field]: 'off' });
      expect(response.status).toBe(200);
      expect(context?.wouldDeny).toEqual([]);
      expect(heard).toEqual(['allowed handler']);
    });
  },
);

test('every field that has a mode is in the table', () => {
  const known = /Known: (.*), limits\./.exec(String(catching(() => createModes({ nonsense: 1 } as never))))?.[1];
  expect([...REFUSED_ONCE.keys()].sort()).toEqual(known?.split(', ').sort());
});

function catching(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
