import { describe, expect, test } from 'vitest';
import type { StandardSchema } from '../../../src/core/standard-schema.ts';
import { object } from '../../../src/schema/object.ts';
import { string } from '../../../src/schema/string.ts';
import { secure } from '../../../src/secure/secure.ts';
import { as, bearer, codeOf, open, ORIGIN, post, quiet } from '../fixtures.ts';

/** A request whose body counts how often it is asked for more. */
function streaming(
  chunks: readonly string[],
  headers: Readonly<Record<string, string>>,
): { readonly request: Request; readonly pulls: () => number } {
  let pulls = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller): void {
      const chunk = chunks[pulls++];
      if (chunk === undefined) controller.close();
      else controller.enqueue(new TextEncoder().encode(chunk));
    },
  }, { highWaterMark: 0 });
  const init: RequestInit & { duplex: 'half' } = {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'content-type': 'application/json', ...headers },
  };
  return { request: new Request(ORIGIN, init), pulls: () => pulls };
}

const echo = (_request: Request, { body }: { readonly body: unknown }): Response => Response.json(body);

describe('bodyStage()', () => {
  const { auth } = bearer();
  const policy = { methods: ['POST'] as const, auth, scopes: ['orders:write'], body: object({ name: string() }) };

  test('reads a body that comes in pieces, across a character', async () => {
    const { request } = streaming(['{"na', 'me":"\u00e9', '"}'], as('writer'));
    expect(await (await secure(policy, echo)(request)).json()).toEqual({ name: '\u00e9' });
  });

  // A gigabyte that its sender may not send must cost nothing.
  test('reads not a byte for a principal without the scope', async () => {
    const { request, pulls } = streaming(['{"name":"a"}'], as('reader'));
    expect((await secure(policy, echo)(request)).status).toBe(403);
    expect(pulls()).toBe(0);
  });

  // Deno gives every POST and DELETE a body, and HTTP/2 announces one in no header: only reading tells.
  test('takes an empty stream for no body where none is declared', async () => {
    const { request } = streaming([], as('writer'));
    expect((await secure({ methods: ['POST'], auth }, () => Response.json({ ok: true }))(request)).status).toBe(200);
  });

  test('refuses a body that nothing announced where none is declared, after its first piece', async () => {
    const { request, pulls } = streaming(Array.from({ length: 100 }, () => 'x'), as('writer'));
    const response = await secure({ methods: ['POST'], auth }, echo)(request);
    expect([response.status, await codeOf(response)]).toEqual([400, 'body_not_allowed']);
    expect(pulls()).toBeLessThan(3);
  });

  test('stops reading at the limit when no length was announced', async () => {
    const { request, pulls } = streaming(Array.from({ length: 100 }, () => 'x'.repeat(100)), as('writer'));
    const response = await secure({ ...policy, bodyLimits: { maxBytes: 250 } }, echo)(request);
    expect([response.status, await codeOf(response)]).toEqual([413, 'body_too_large']);
    expect(pulls()).toBeLessThan(10);
  });

  test('gives up on a body that never ends', async () => {
    const body = new ReadableStream<Uint8Array>({ pull: () => new Promise(() => undefined) }, { highWaterMark: 0 });
    const init: RequestInit & { duplex: 'half' } = {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { 'content-type': 'application/json', ...as('writer') },
    };
    const response = await secure({ ...policy, bodyLimits: { timeoutMs: 20 } }, echo)(new Request(ORIGIN, init));
    expect([response.status, await codeOf(response)]).toEqual([408, 'body_timeout']);
  });

  test('refuses a body nested deeper than the policy allows', async () => {
    const response = await secure({ ...policy, bodyLimits: { maxDepth: 2 } }, echo)(post('[[[1]]]', as('writer')));
    expect(await codeOf(response)).toBe('json_too_deep');
  });

  /** A schema of some other library: asynchronous, chatty, with keys as objects. */
  const foreign: StandardSchema<unknown, { readonly upper: string }> = {
    '~standard': {
      version: 1,
      vendor: 'other',
      validate: async (value) =>
        typeof value === 'string'
          ? { value: { upper: value.toUpperCase() } }
          : { issues: [{ message: `bad: ${JSON.stringify(value)}`, path: [{ key: 'a' }, 0] }] },
    },
  };

  test('takes any Standard Schema, and gives the handler its output', async () => {
    const response = await secure(
      { ...open, methods: ['POST'], body: foreign },
      (_request, { body }) => Response.json(body.upper),
    )(post('"hi"'));
    expect(await response.json()).toBe('HI');
  });

  test('tells where a foreign schema refused, and never its words: they may repeat the input', async () => {
    const response = await secure({ ...open, methods: ['POST'], body: foreign }, echo)(post('{"secret":"hunter2"}'));
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ status: 400, code: 'body_invalid', issues: [{ path: ['a', 0] }] });
    expect(text).not.toContain('hunter2');
  });

  test('answers 500 when a foreign schema throws: never valid', async () => {
    const broken: StandardSchema = {
      '~standard': {
        version: 1,
        vendor: 'other',
        validate: () => {
          throw new Error('secret');
        },
      },
    };
    const response = await secure({ ...open, ...quiet, methods: ['POST'], body: broken }, echo)(post('1'));
    expect([response.status, await codeOf(response)]).toEqual([500, 'internal_error']);
  });
});
