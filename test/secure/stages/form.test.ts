import { describe, expect, test, vi } from 'vitest';
import { createFormReader } from '../../../src/schema/form-reader.ts';
import { int } from '../../../src/schema/number.ts';
import { object } from '../../../src/schema/object.ts';
import { string } from '../../../src/schema/string.ts';
import { secure } from '../../../src/secure/secure.ts';
import { as, bearer, codeOf, open, ORIGIN, post, quiet } from '../fixtures.ts';

const schema = object({ sku: string(), quantity: int({ min: 1 }) });
const form = createFormReader(schema, { maxBytes: 200 });
const policy = { ...open, methods: ['POST'] as const, form };
const handler = secure(policy, (_request, { body }) => Response.json(body));
const URLENCODED = 'application/x-www-form-urlencoded';
const send = (body: BodyInit, headers: Readonly<Record<string, string>> = {}): Request =>
  new Request(ORIGIN, { method: 'POST', body, headers });

describe('formStage()', () => {
  test('gives the handler what the form reader makes of a form', async () => {
    expect(await (await handler(send(new URLSearchParams({ sku: 'pen', quantity: '2' })))).json()).toEqual({
      sku: 'pen',
      quantity: 2,
    });
  });

  test('reads a form in parts', async () => {
    const parts = '--b\r\ncontent-disposition: form-data; name="sku"\r\n\r\npen\r\n' +
      '--b\r\ncontent-disposition: form-data; name="quantity"\r\n\r\n2\r\n--b--\r\n';
    const response = await handler(send(parts, { 'content-type': 'multipart/form-data; boundary=b' }));
    expect([response.status, await response.json()]).toEqual([200, { sku: 'pen', quantity: 2 }]);
  });

  test.each([
    ['JSON', post('{"sku":"pen","quantity":2}'), 415, 'media_type_unsupported'],
    ['plain text', send('sku=pen&quantity=2'), 415, 'media_type_unsupported'],
    ['two types', send('sku=pen', { 'content-type': `${URLENCODED}, ${URLENCODED}` }), 415, 'media_type_unsupported'],
    ['no form at all', new Request(ORIGIN, { method: 'POST' }), 415, 'media_type_unsupported'],
    ['a field too much', send(new URLSearchParams('sku=a&quantity=1&admin=1')), 400, 'body_invalid'],
    ['a field twice', send(new URLSearchParams('sku=a&sku=b&quantity=1')), 400, 'body_invalid'],
    ['a field that does not fit', send(new URLSearchParams('sku=a&quantity=0')), 400, 'body_invalid'],
    ['the name of a prototype', send(new URLSearchParams('sku=a&quantity=1&__proto__=x')), 400, 'body_invalid'],
    ['one that is too long', send(new URLSearchParams({ sku: 'a'.repeat(300), quantity: '1' })), 413, 'body_too_large'],
    [
      'a compressed one',
      send('x', { 'content-type': URLENCODED, 'content-encoding': 'gzip' }),
      415,
      'content_encoding_unsupported',
    ],
  ])('refuses %s', async (_what, request, status, code) => {
    const response = await handler(request);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
  });

  // Hostile list 43: any page can send a form without a preflight.
  test('reads no form where only JSON is declared', async () => {
    const response = await secure({ ...open, methods: ['POST'], body: schema }, () => new Response())(
      send(new URLSearchParams('sku=a&quantity=1')),
    );
    expect(response.status).toBe(415);
  });

  test('reads not a byte for who may not send it', async () => {
    const { auth } = bearer();
    const read = vi.fn(async () => await Promise.resolve({ sku: 'a', quantity: 1 }));
    const guarded = secure(
      { ...policy, auth, scopes: ['orders:write'], form: { check: () => undefined, read } },
      () => new Response(),
    );
    expect((await guarded(send(new URLSearchParams('sku=a'), as('reader')))).status).toBe(403);
    expect(read).not.toHaveBeenCalled();
    expect((await guarded(send(new URLSearchParams('sku=a'), as('writer')))).status).toBe(200);
  });

  test('answers 500 where a reader fails, or the body was read before', async () => {
    const broken = secure({
      ...policy,
      ...quiet,
      form: { check: () => undefined, read: () => Promise.reject(new Error('secret')) },
    }, () => new Response());
    expect((await broken(send('a=b'))).status).toBe(500);
    const request = send('sku=a&quantity=1', { 'content-type': URLENCODED });
    await request.text();
    expect((await secure({ ...policy, ...quiet }, () => new Response())(request)).status).toBe(500);
  });

  const WRONG: readonly (readonly [string, object])[] = [
    ['beside a JSON body', { body: schema }],
    ['beside a body that is not validated', { dangerouslyAllowUnvalidatedBody: true }],
    ['for GET', { methods: ['GET', 'POST'] }],
    ['made of a schema', { form: schema }],
    ['with bounds of JSON', { bodyLimits: { maxBytes: 1 } }],
  ];
  test.each(WRONG)('is not declared %s', (_what, fields) => {
    expect(() => secure({ ...policy, ...fields } as never, () => new Response())).toThrow(TypeError);
  });
});
