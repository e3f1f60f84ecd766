import { describe, expect, expectTypeOf, test } from 'vitest';
import fc from 'fast-check';
import type { StandardSchema } from '../../src/core/standard-schema.ts';
import { array, file, type FormLimits, int, object, optional, readForm, string } from '../../src/schema/index.ts';

const order = object({ sku: string(), quantity: optional(int()) });

function post(body: BodyInit | null, type?: string): Request {
  const headers = type === undefined ? undefined : { 'content-type': type };
  return new Request('https://api.test/', { method: 'POST', body, ...(headers === undefined ? {} : { headers }) });
}

const URL_ENCODED = 'application/x-www-form-urlencoded';

async function codeOf(
  request: Request,
  schema: StandardSchema<unknown, unknown> = order,
  limits?: FormLimits,
): Promise<unknown> {
  try {
    await readForm(request, schema, limits);
    return 'accepted';
  } catch (error) {
    return Reflect.get(Object(error), 'code') ?? error;
  }
}

function formOf(...pairs: readonly (readonly [string, string | File])[]): FormData {
  const form = new FormData();
  for (const [name, item] of pairs) form.append(name, item);
  return form;
}

describe('readForm() application/x-www-form-urlencoded', () => {
  test('readForm() reads fields as parseText() does', async () => {
    const value = await readForm(post(new URLSearchParams({ sku: 'a b&c', quantity: '2' })), order);
    expectTypeOf(value).toEqualTypeOf<{ sku: string; quantity?: number }>();
    expect(value).toStrictEqual({ sku: 'a b&c', quantity: 2 });
  });

  test('readForm() refuses with the issues of parseText()', async () => {
    await expect(readForm(post('sku=a&sku=b', URL_ENCODED), order)).rejects.toMatchObject({
      code: 'body_invalid',
      status: 400,
      issues: [{ code: 'repeated', path: ['sku'] }],
    });
    await expect(readForm(post('sku=a&quantity=1e3', URL_ENCODED), order)).rejects.toMatchObject({
      issues: [{ code: 'not_integer', path: ['quantity'] }],
    });
  });

  // Hostile list 43: decoded once, and not at all where it is malformed.
  test.each([
    ['sku=%2F%2b+%2541', '/+ %41'],
    ['sku=%00', '\u0000'],
    ['sku=%C3%A9', '\u00e9'],
    ['sku=\u00e9', '\u00e9'],
    ['sku=a=b', 'a=b'],
    ['&&sku=a&', 'a'],
  ])('readForm() decodes %s once', async (body, sku) => {
    expect(await readForm(post(body, URL_ENCODED), order)).toEqual({ sku });
  });

  test.each(['sku=%', 'sku=%z', 'sku=%zz', 'sku=100%', 'sku=%ff', 'sku=%C3', 'sku=%C3&x=%A9', 'sku=%ED%A0%80', '%=a'])(
    'readForm() refuses the malformed escape in %s',
    async (body) => {
      await expect(readForm(post(body, URL_ENCODED), order)).rejects.toMatchObject({
        code: 'body_invalid',
        issues: [{ code: 'form_malformed', path: [] }],
      });
    },
  );

  test('readForm() refuses bytes that are no UTF-8', async () => {
    expect(await codeOf(post(new Uint8Array([0x61, 0x3d, 0xff]), URL_ENCODED))).toBe('utf8_malformed');
  });

  // new URLSearchParams('?sku=a') has a sku; a form with that body has a "?sku".
  test('readForm() takes a question mark for part of the name', async () => {
    expect(await codeOf(post('?sku=a', URL_ENCODED))).toBe('body_invalid');
    expect(await readForm(post('?sku=a', URL_ENCODED), object({ '?sku': string() }))).toEqual({ '?sku': 'a' });
  });

  test.each(['__proto__=x&sku=a', 'sku=a&quantity[a]=1', 'sku=a&a.b=1', 'sku=a&constructor=1'])(
    'readForm() takes the names of %s literally',
    async (body) => {
      await expect(readForm(post(body, URL_ENCODED), order)).rejects.toMatchObject({
        issues: [{ code: 'unknown_key' }],
      });
    },
  );

  test('readForm() counts fields before any is made', async () => {
    const body = (count: number): string => Array.from({ length: count }, () => 'a=1').join('&');
    const schema = object({ a: array(int()) });
    expect(await codeOf(post(body(100), URL_ENCODED), schema)).toBe('accepted');
    expect(await codeOf(post(body(101), URL_ENCODED), schema)).toBe('body_too_large');
    expect(await codeOf(post(body(2), URL_ENCODED), schema, { maxFields: 2 })).toBe('accepted');
    expect(await codeOf(post(body(3), URL_ENCODED), schema, { maxFields: 2 })).toBe('body_too_large');
    expect(await codeOf(post('a=1', URL_ENCODED), schema, { maxFields: 0 })).toBe('body_too_large');
  });
});

describe('readForm() multipart/form-data', () => {
  const upload = object({ title: string(), avatar: file({ maxBytes: 10, types: 'image/png' }) });
  const png = (name = 'me.png', content = 'abc'): File => new File([content], name, { type: 'image/png' });

  test('readForm() reads fields and files that the platform has written', async () => {
    const value = await readForm(post(formOf(['title', 'me'], ['avatar', png()])), upload);
    expectTypeOf(value).toEqualTypeOf<{ title: string; avatar: File }>();
    expect([value.title, value.avatar.name, value.avatar.type, await value.avatar.text()]).toEqual([
      'me',
      'me.png',
      'image/png',
      'abc',
    ]);
  });

  // Hostile list 45.
  test.each([
    ['a file for a string', formOf(['title', png()], ['avatar', png()]), 'not_string title'],
    ['a string for a file', formOf(['title', 'me'], ['avatar', 'me.png']), 'not_file avatar'],
    ['a file that is too large', formOf(['title', 'me'], ['avatar', png('a', 'x'.repeat(11))]), 'too_large avatar'],
    ['a repeated file', formOf(['title', 'me'], ['avatar', png()], ['avatar', png()]), 'repeated avatar'],
    ['a path', formOf(['title', 'me'], ['avatar', png('../me.png')]), 'name_not_safe avatar'],
    [
      'another type',
      formOf(['title', 'me'], ['avatar', new File(['a'], 'a', { type: 'text/html' })]),
      'type_not_allowed avatar',
    ],
    ['a file nobody asked for', formOf(['title', 'me'], ['avatar', png()], ['shell', png('x.php')]), 'unknown_key '],
  ])('readForm() refuses %s', async (_name, form, issue) => {
    const error: unknown = await readForm(post(form), upload).catch((caught: unknown) => caught);
    const issues: unknown = Reflect.get(Object(error), 'issues');
    expect(Array.isArray(issues) && issues.map(({ code, path }) => `${code} ${path}`)).toEqual([issue]);
  });

  test('readForm() counts fields and files apart', async () => {
    const schema = object({ t: array(string()), f: array(file()) });
    const form = (fields: number, files: number): FormData =>
      formOf(
        ...Array.from({ length: fields }, (): [string, string] => ['t', 'x']),
        ...Array.from({ length: files }, (): [string, File] => ['f', png()]),
      );
    expect(await codeOf(post(form(100, 10)), schema)).toBe('accepted');
    expect(await codeOf(post(form(101, 1)), schema)).toBe('body_too_large');
    expect(await codeOf(post(form(1, 11)), schema)).toBe('body_too_large');
    expect(await codeOf(post(form(1, 1)), schema, { maxFiles: 0 })).toBe('body_too_large');
  });

  test('readForm() stops at the byte', async () => {
    expect(await codeOf(post(formOf(['title', 'x'.repeat(70_000)])), upload)).toBe('body_too_large');
    expect(await codeOf(post(formOf(['title', 'x'.repeat(300)])), upload, { maxBytes: 200 })).toBe('body_too_large');
  });

  test('readForm() refuses a body that is no multipart', async () => {
    const type = 'multipart/form-data; boundary=XbX';
    expect(await codeOf(post('title=me', type), upload)).toBe('body_invalid');
    expect(await codeOf(post('--other\r\n\r\n', type), upload)).toBe('body_invalid');
  });

  // Whatever the platform writes of a form must be read as it was put in.
  test('readForm() reads what the platform writes', async () => {
    const seen: StandardSchema = { '~standard': { version: 1, vendor: 'x', validate: (value) => ({ value }) } };
    // Line ends are made alike by who writes, and lone surrogates cannot be written.
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).map((value) =>
      value.replace(/[\r\n]/g, '').toWellFormed()
    );
    const pairs = fc.uniqueArray(fc.tuple(text.filter((name) => !/[\p{Cc}"\\]/u.test(name)), text), {
      selector: ([name]) => name,
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(fc.asyncProperty(pairs, async (fields) => {
      const value = await readForm(post(formOf(...fields)), seen);
      expect(Object.entries(Object(value)).sort()).toEqual([...fields].sort());
    }));
  });
});

describe('readForm()', () => {
  test.each([
    undefined,
    'text/plain',
    'application/json',
    'application/x-www-form-urlencodedx',
    `${URL_ENCODED}; charset=utf-16`,
    `${URL_ENCODED}, ${URL_ENCODED}`,
    'multipart/form-data',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary="a\\"b"',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
    'multipart/mixed; boundary=x',
    'multipart/form-data; boundary=x; charset=utf-7',
    // Two readers, two boundaries (RFC 2231 section 3 for the one with a star, which mail's parsers put together).
    'multipart/form-data; boundary=x; boundary=y',
    'multipart/form-data; boundary=x; Boundary="y"',
    'multipart/form-data; boundary=x; boundary =y',
    'multipart/form-data; boundary=x; boundary*0=y',
    "multipart/form-data; boundary=x; boundary*=utf-8''y",
    'multipart/form-data; boundary=x; charset=utf-8; charset=utf-7',
    `${URL_ENCODED}; charset=utf-8; charset=utf-16`,
  ])('readForm() refuses the media type %j', async (type) => {
    expect(await codeOf(post(new TextEncoder().encode('sku=a'), type))).toBe('media_type_unsupported');
  });

  // Hostile list 47.
  test('readForm() refuses an empty body', async () => {
    expect(await codeOf(post('', URL_ENCODED), object({}))).toBe('body_invalid');
    expect(await codeOf(post(null, 'multipart/form-data; boundary=x'), object({}))).toBe('body_invalid');
  });

  test('readForm() refuses a content coding', async () => {
    const headers = { 'content-type': URL_ENCODED, 'content-encoding': 'gzip' };
    const request = new Request('https://api.test/', { method: 'POST', body: 'sku=a', headers });
    expect(await codeOf(request)).toBe('content_encoding_unsupported');
  });

  test('readForm() gives a foreign schema strings and files, and keeps its words', async () => {
    const foreign: StandardSchema<unknown, unknown> = {
      '~standard': {
        version: 1,
        vendor: 'x',
        validate: async (value) =>
          Reflect.get(Object(value), 'n') === '1' ? { value } : { issues: [{ message: 's3cret', path: ['n'] }] },
      },
    };
    expect(await readForm(post('n=1&t=a&t=b', URL_ENCODED), foreign)).toEqual(
      Object.assign(Object.create(null), { n: '1', t: ['a', 'b'] }),
    );
    await expect(readForm(post('n=2', URL_ENCODED), foreign)).rejects.toMatchObject({
      code: 'body_invalid',
      issues: [{ code: 'invalid', path: ['n'], message: 'is not valid' }],
    });
  });

  test.each([
    [{ maxField: 5 }, TypeError],
    [{ maxFields: NaN }, RangeError],
    [{ maxFiles: -1 }, RangeError],
    [{ maxBytes: 1.5 }, RangeError],
  ])('readForm() throws on the limits %j', async (limits, error) => {
    await expect(Reflect.apply(readForm, undefined, [post('sku=a', URL_ENCODED), order, limits])).rejects
      .toBeInstanceOf(error);
  });

  test('readForm() throws on what is no schema', async () => {
    await expect(Reflect.apply(readForm, undefined, [post('sku=a', URL_ENCODED), {}])).rejects.toBeInstanceOf(
      TypeError,
    );
  });
});
