import { describe, expectTypeOf, test } from 'vitest';
import { fromText } from '../../src/schema/from-text.ts';
import { int } from '../../src/schema/number.ts';
import { object } from '../../src/schema/object.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import { createLimits } from '../../src/secure/limits.ts';
import type { PolicyModes } from '../../src/secure/mode.ts';
import { createModes } from '../../src/secure/modes.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { bearer, ok } from './fixtures.ts';
import { REPORT } from './watched.ts';

const { auth } = bearer();
const count = object({ n: int() });
type Count = { n: number };
const onEvent = (): void => undefined;
const whole = {
  methods: ['POST'],
  auth,
  body: count,
  params: fromText(count),
  query: fromText(count),
  onEvent,
} as const;

describe('the types of a context', () => {
  test('are those of what was proved where everything enforces', () => {
    secure(whole, (_request, { principal, claims, body, params, query }) => {
      expectTypeOf(principal.id).toEqualTypeOf<string>();
      expectTypeOf(claims).toEqualTypeOf<object>();
      expectTypeOf(body).toEqualTypeOf<Count>();
      expectTypeOf(params).toEqualTypeOf<Count>();
      expectTypeOf(query).toEqualTypeOf<Count>();
      return ok();
    });
    const mode = createModes({ body: 'enforce', auth: 'enforce', scopes: REPORT, limits: {} });
    secure({ ...whole, scopes: ['a'], mode }, (_request, { principal, body }) => {
      expectTypeOf(principal.id).toEqualTypeOf<string>();
      expectTypeOf(body).toEqualTypeOf<Count>();
      return ok();
    });
  });

  test('have perhaps no principal where authentication only reports', () => {
    secure({
      ...whole,
      mode: createModes({ auth: REPORT }),
      resource: ({ principal }) => {
        expectTypeOf(principal).extract<undefined>().toEqualTypeOf<undefined>();
        return { owner: principal?.id };
      },
      authorize: ({ principal, resource }) => principal !== undefined && resource.owner === principal.id,
      roles: ({ principal }) => {
        expectTypeOf(principal).extract<undefined>().toEqualTypeOf<undefined>();
        return true;
      },
    }, (_request, context) => {
      // @ts-expect-error There may be none.
      void (() => context.principal.id);
      expectTypeOf(context.body).toEqualTypeOf<Count>();
      return ok();
    });
  });

  test('know nothing of an input whose schema only reports, or is off', () => {
    secure({ ...whole, mode: createModes({ body: REPORT, params: 'report', query: 'off' }) }, (_request, context) => {
      expectTypeOf(context.body).toEqualTypeOf<unknown>();
      expectTypeOf(context.params).toEqualTypeOf<unknown>();
      expectTypeOf(context.query).toEqualTypeOf<unknown>();
      expectTypeOf(context.principal.id).toEqualTypeOf<string>();
      return ok();
    });
  });

  test('of a field without a schema stay undefined', () => {
    secure({ methods: ['GET'], auth: 'public', mode: createModes({ limits: {} }) }, (_request, { body, principal }) => {
      expectTypeOf(body).toEqualTypeOf<undefined>();
      expectTypeOf(principal).toEqualTypeOf<undefined>();
      return ok();
    });
  });

  test('promise nothing where the modes are read from somewhere, and no type tells them', () => {
    const read: PolicyModes = { body: 'report', auth: REPORT };
    secure({ ...whole, mode: createModes(read) }, (_request, context) => {
      expectTypeOf(context.body).toEqualTypeOf<unknown>();
      // @ts-expect-error There may be none.
      void (() => context.principal.id);
      return ok();
    });
    const perhaps: { readonly body?: 'enforce' } = {};
    secure({ ...whole, mode: createModes(perhaps) }, (_request, { body }) => {
      expectTypeOf(body).toEqualTypeOf<Count>();
      return ok();
    });
  });

  test('follow the modes of what extends a policy', () => {
    const base = definePolicy({ ...whole, mode: createModes({ body: 'report' }) });
    secure(base, (_request, { body }) => {
      expectTypeOf(body).toEqualTypeOf<unknown>();
      return ok();
    });
    secure(base.extend({ id: 'a' }), (_request, { body }) => {
      expectTypeOf(body).toEqualTypeOf<unknown>();
      return ok();
    });
    secure(base.extend({ mode: createModes({}) }), (_request, { body }) => {
      expectTypeOf(body).toEqualTypeOf<Count>();
      return ok();
    });
  });

  test('are what limits may read: what only reports cannot be relied on', () => {
    const afterBody = [{
      limits: [{ name: 'n', limit: 1, windowSeconds: 1 }],
      key: ({ body }: { body: Count }) => `${body.n}`,
    }];
    const limits = createLimits({ afterBody });
    const store = memoryStore();
    secure({ ...whole, store, limits }, ok);
    // @ts-expect-error The body may be anything.
    secure({ ...whole, store, limits, mode: createModes({ body: 'report' }) }, ok);
  });
});

describe('the types of modes', () => {
  test('let nobody switch access control off, or forget an end', () => {
    // @ts-expect-error Never off.
    expectTypeOf(() => createModes({ auth: 'off' })).toBeFunction();
    // @ts-expect-error Never without an end and a reason.
    expectTypeOf(() => createModes({ authorize: 'report' })).toBeFunction();
    // @ts-expect-error Never without a reason.
    expectTypeOf(() => createModes({ scopes: { mode: 'report', until: '2027-01-31' } })).toBeFunction();
    // @ts-expect-error There is no such field.
    expectTypeOf(() => createModes({ bodySchema: 'report' })).toBeFunction();
  });
});
