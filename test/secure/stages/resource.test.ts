import { describe, expect, test, vi } from 'vitest';
import { secure } from '../../../src/secure/secure.ts';
import { as, bearer, codeOf, get, ok, open, quiet } from '../fixtures.ts';

describe('secure(): resource and authorize', () => {
  const { auth } = bearer();
  const orders = new Map([['/1', { owner: 'alice' }], ['/2', { owner: 'bob' }]]);
  const policy = {
    ...open,
    auth,
    resource: ({ url }: { readonly url: URL }) => orders.get(url.pathname),
    ...quiet,
  };

  test('answers 404 for what does not exist, without asking authorize', async () => {
    const authorize = vi.fn(() => true);
    const response = await secure({ ...policy, authorize }, ok)(get('/3', as('reader')));
    expect([response.status, authorize.mock.calls.length]).toEqual([404, 0]);
  });

  test("answers 403 for what is another's, or 404 with the same body when that is to be hidden", async () => {
    const authorize = (
      { principal, resource }: {
        readonly principal: { readonly id: string };
        readonly resource: { readonly owner: string };
      },
    ): boolean => principal.id === resource.owner;
    const shown = await secure({ ...policy, authorize }, ok)(get('/2', as('reader')));
    const hidden = secure({ ...policy, authorize, notFoundInsteadOfForbidden: true }, ok);
    expect([shown.status, await codeOf(shown)]).toEqual([403, 'forbidden']);
    const [forbidden, missing] = [await hidden(get('/2', as('reader'))), await hidden(get('/3', as('reader')))];
    const withoutId = async (response: Response): Promise<object> => ({ ...(await response.json()), requestId: '' });
    expect(await withoutId(forbidden)).toEqual(await withoutId(missing));
  });

  // A forgotten await is a promise, and a promise is truthy.
  const NOT_TRUE: readonly (readonly [string, () => unknown])[] = [
    ['undefined', () => undefined],
    ['1', () => 1],
    ['"yes"', () => 'yes'],
    ['an object', () => ({})],
    ['a promise of undefined', () => Promise.resolve()],
    ['a function', () => () => true],
    ['a boxed true', () => Object(true)],
  ];
  test.each(NOT_TRUE)('denies when authorize returns %s', async (_what, authorize) => {
    const response = await secure({ ...policy, authorize: authorize as () => boolean }, ok)(get('/1', as('reader')));
    expect(response.status).toBe(403);
  });

  test.each(['resource', 'authorize'])('answers 500 and runs no handler when %s throws', async (name) => {
    const handler = vi.fn(ok);
    const broken = (): never => {
      throw new Error('secret');
    };
    const response = await secure({ ...policy, authorize: () => true, [name]: broken }, handler)(
      get('/1', as('reader')),
    );
    expect([response.status, handler.mock.calls.length]).toEqual([500, 0]);
    expect(await response.text()).not.toContain('secret');
  });

  test('runs authorize without a resource, for what depends on the request alone', async () => {
    const handler = secure({ ...open, auth, authorize: ({ principal }) => principal.id === 'alice' }, ok);
    expect([(await handler(get('/', as('reader')))).status, (await handler(get('/', as('writer')))).status]).toEqual([
      200,
      403,
    ]);
  });
});
