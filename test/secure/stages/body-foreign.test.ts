import { describe, expect, test } from 'vitest';
import type { StandardSchema } from '../../../src/core/standard-schema.ts';
import { createModes } from '../../../src/secure/modes.ts';
import { secure } from '../../../src/secure/secure.ts';
import { broken, invalidOrders, orders, refusing, validOrder } from '../../vectors/foreign-schemas.ts';
import { codeOf, open, post, quiet } from '../fixtures.ts';

/** Guarded by a schema; tells whether the handler was reached. */
function guard(body: StandardSchema<unknown, unknown>): {
  readonly send: (text: string) => Promise<Response>;
  readonly reached: () => boolean;
} {
  let reached = false;
  const fetch = secure({ ...open, ...quiet, methods: ['POST'], body }, (_request, context) => {
    reached = true;
    return Response.json(context.body);
  });
  return { send: async (text) => await fetch(post(text)), reached: () => reached };
}

describe('bodyStage() foreign schemas', () => {
  test('that answer late change nothing, where they only report', async () => {
    let settle = (): void => undefined;
    const validate = (): Promise<{ value: unknown }> =>
      new Promise((resolve) => settle = () => resolve({ value: 'late' }));
    const handler = secure({
      ...open,
      methods: ['POST'],
      body: { '~standard': { version: 1, vendor: 'other', validate } },
      mode: createModes({ body: 'report' }),
      timeouts: { stageMs: 5 },
      onEvent: () => undefined,
      authorize: async () => {
        settle();
        return await new Promise<boolean>((resolve) => setTimeout(() => resolve(true), 5));
      },
    }, (_request, { body }) => Response.json(body));
    expect(await (await handler(post('"as it came"'))).json()).toBe('as it came');
  });

  test.each(orders)('gives the handler the output of $name', async ({ schema }) => {
    const response = await guard(schema).send(validOrder);
    expect([response.status, await response.json()]).toEqual([200, { sku: 'pen', quantity: 2 }]);
  });

  test.each(orders)('tells the places of $name, and none of its words', async ({ schema }) => {
    for (const { body, path } of invalidOrders) {
      const { send, reached } = guard(schema);
      const response = await send(body);
      const text = await response.text();
      expect(JSON.parse(text)).toMatchObject({
        status: 400,
        code: 'body_invalid',
        issues: [{ code: 'invalid', path }],
      });
      expect(text).not.toContain('hunter2');
      expect(reached()).toBe(false);
    }
  });

  // Hostile list 52: anything but a value alone is a failure.
  test.each(refusing)('takes $name for a refusal', async ({ schema }) => {
    const { send, reached } = guard(schema);
    const response = await send(validOrder);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status: 400, code: 'body_invalid' });
    expect(text).not.toContain('hunter2');
    expect(text.length).toBeLessThan(2000);
    expect(reached()).toBe(false);
  });

  test.each(broken)('answers 500 for $name, and never calls the handler', async ({ schema }) => {
    const { send, reached } = guard(schema);
    const response = await send(validOrder);
    expect([response.status, await codeOf(response)]).toEqual([500, 'internal_error']);
    expect(reached()).toBe(false);
  });
});
