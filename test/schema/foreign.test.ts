import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import type { StandardSchema } from '../../src/core/standard-schema.ts';
import { parseText, readForm, readJson } from '../../src/schema/index.ts';
import { broken, invalidOrders, orders, refusing, textOrders, validOrder } from '../vectors/foreign-schemas.ts';

function post(body: string, type = 'application/json'): Request {
  return new Request('https://api.test/', { method: 'POST', body, headers: { 'content-type': type } });
}

/** The output, or whatever was thrown. */
async function read(body: string, schema: StandardSchema<unknown, unknown>): Promise<unknown> {
  return await readJson(post(body), schema).catch((error: unknown) => error);
}

describe('readJson() foreign schemas', () => {
  test.each(orders)('readJson() resolves with the output of $name', async ({ schema }) => {
    expect(await read(validOrder, schema)).toEqual({ sku: 'pen', quantity: 2 });
  });

  // Hostile list 48: valibot and arktype repeat what came, zod repeats literals.
  test.each(orders)('readJson() refuses with the places of $name and none of its words', async ({ schema }) => {
    for (const { body, path } of invalidOrders) {
      const error = await read(body, schema);
      expect(error).toMatchObject({
        code: 'body_invalid',
        issues: [{ code: 'invalid', path, message: 'is not valid' }],
      });
      expect(JSON.stringify(error)).not.toContain('hunter2');
    }
  });

  test.each(orders)('readJson() refuses an undeclared key through $name', async ({ schema }) => {
    expect(await read('{"sku":"pen","quantity":2,"isAdmin":true}', schema)).toMatchObject({ code: 'body_invalid' });
    expect(await read('{"sku":"pen","quantity":2,"__proto__":{"isAdmin":true}}', schema)).toMatchObject({
      code: 'json_forbidden_key',
    });
  });

  test('readJson() bounds the issues of a validator that lists every one', async () => {
    const body = JSON.stringify(Array.from({ length: 5000 }, () => 'x'));
    expect(await read(body, z.array(z.int()))).toMatchObject({ code: 'body_invalid', issues: { length: 8 } });
  });

  // Other validators end in a RangeError at this depth.
  test('readJson() keeps depth from a validator that recurses', async () => {
    const tree: z.ZodType = z.lazy(() => z.array(tree));
    expect(await read('['.repeat(3000) + ']'.repeat(3000), tree)).toMatchObject({ code: 'json_too_deep' });
  });
});

// Hostile list 52.
describe('readJson() validators that answer strangely', () => {
  test.each(refusing)('readJson() takes $name for a refusal', async ({ schema }) => {
    const error = await read(validOrder, schema);
    expect(error).toMatchObject({ name: 'Refusal', code: 'body_invalid' });
    expect(JSON.stringify(error)).not.toContain('hunter2');
    expect(JSON.stringify(error).length).toBeLessThan(2000);
  });

  test.each(broken)('readJson() never takes $name for valid, and blames no client', async ({ schema }) => {
    const error = await read(validOrder, schema);
    expect(error).toBeInstanceOf(Error);
    expect(Reflect.get(Object(error), 'code')).toBe(undefined);
  });
});

describe('parseText() and readForm() foreign schemas', () => {
  test.each(textOrders)('parseText() lets $name coerce by itself', async ({ schema }) => {
    const query = new URLSearchParams('sku=pen&quantity=2');
    expect(await parseText(schema, query)).toEqual({ ok: true, value: { sku: 'pen', quantity: 2 } });
    const form = post(String(query), 'application/x-www-form-urlencoded');
    expect(await readForm(form, schema)).toEqual({ sku: 'pen', quantity: 2 });
  });

  test.each(textOrders)('parseText() keeps the words of $name', async ({ schema }) => {
    const result = await parseText(schema, new URLSearchParams('sku=pen&quantity=hunter2'));
    expect(result).toEqual({ ok: false, issues: [{ code: 'invalid', path: ['quantity'], message: 'is not valid' }] });
  });

  test.each(textOrders)(
    'parseText() gives $name a list where a name is repeated, and no inherited names',
    async ({ schema }) => {
      expect(await parseText(schema, new URLSearchParams('sku=pen&sku=ink&quantity=2'))).toMatchObject({ ok: false });
      expect(await parseText(schema, new URLSearchParams('sku=pen&quantity=2&__proto__=x'))).toMatchObject({
        ok: false,
      });
    },
  );

  test.each(refusing)('parseText() takes $name for a refusal', async ({ schema }) => {
    const result = await parseText(schema, { a: '1' });
    expect(result.ok).toBe(false);
    expect(JSON.stringify(result)).not.toContain('hunter2');
  });

  test.each(broken)('parseText() never takes $name for valid', async ({ schema }) => {
    await expect((async () => await parseText(schema, { a: '1' }))()).rejects.toBeInstanceOf(Error);
  });
});
