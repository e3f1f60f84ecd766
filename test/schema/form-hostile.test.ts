import { describe, expect, test } from 'vitest';
import { array, createFormReader, type FormReader, object, optional, string } from '../../src/schema/index.ts';

const form = createFormReader(object({ a: string(), list: optional(array(string(), { max: 3 })) }));
const strip = createFormReader(object({ a: string() }, { unknown: 'strip' }), { maxBytes: 2_000_000 });
const URL_ENCODED = 'application/x-www-form-urlencoded';
const MULTIPART = 'multipart/form-data; boundary=XbX';

type Pair = readonly [name: string, value: string];

function post(body: string, type: string): Request {
  return new Request('https://api.test/', { method: 'POST', body, headers: { 'content-type': type } });
}

/** The same fields in both kinds of form. */
function requests(pairs: readonly Pair[]): readonly Request[] {
  const parts = pairs.map(([name, value]) =>
    `--XbX\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  );
  return [
    post(String(new URLSearchParams(pairs.map(([name, value]) => [name, value]))), URL_ENCODED),
    post(`${parts.join('')}--XbX--\r\n`, MULTIPART),
  ];
}

/** What came out, or the code of the refusal and those of its issues. */
async function read(request: Request, reader: FormReader = form): Promise<unknown> {
  try {
    return await reader.read(request);
  } catch (error) {
    const { code, issues } = Object(error);
    const list: readonly { readonly code: string; readonly path: readonly string[] }[] = issues ?? [];
    return [code, ...list.map((issue) => `${issue.code} ${issue.path}`)].join();
  }
}

describe('createFormReader() hostile fields', () => {
  // Hostile list (secure) 42, where the query is a form.
  test.each<[string, readonly Pair[], string]>([
    ['a field twice', [['a', '1'], ['a', '2']], 'repeated a'],
    ['a field twice alike', [['a', '1'], ['a', '1']], 'repeated a'],
    ['brackets', [['a', '1'], ['a[]', '2']], 'unknown_key '],
    ['an index', [['a', '1'], ['a[0]', '2']], 'unknown_key '],
    ['__proto__', [['a', '1'], ['__proto__', 'x']], 'unknown_key '],
    ['__proto__ twice', [['a', '1'], ['__proto__', 'x'], ['__proto__', 'y']], 'unknown_key '],
    ['a path to __proto__', [['a', '1'], ['__proto__[isAdmin]', 'x']], 'unknown_key '],
    ['constructor', [['a', '1'], ['constructor', 'x']], 'unknown_key '],
    ['an empty name', [['a', '1'], ['', 'x']], 'unknown_key '],
    ['more than a list takes', [['a', '1'], ...Array<Pair>(4).fill(['list', 'x'])], 'too_many list'],
    // Hostile list (secure) 12: a method in a form is a field like any other.
    ['_method', [['a', '1'], ['_method', 'DELETE']], 'unknown_key '],
  ])('createFormReader() refuses %s', async (_name, pairs, issue) => {
    for (const request of requests(pairs)) expect(await read(request)).toBe(`body_invalid,${issue}`);
    expect(Reflect.get({}, 'isAdmin')).toBe(undefined);
  });

  test('createFormReader() reads a list for an array, and leaves __proto__ out where others are left out', async () => {
    for (const request of requests([['a', '1'], ['list', 'x'], ['list', 'y']])) {
      expect(await read(request)).toStrictEqual({ a: '1', list: ['x', 'y'] });
    }
    for (const request of requests([['a', '1'], ['__proto__', 'x'], ['toString', 'x']])) {
      const value = await read(request, strip);
      expect(value).toStrictEqual({ a: '1' });
      expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
    }
  });

  test.each<[string, readonly Pair[], string]>([
    ['a value', [['a', 'x'.repeat(1_000_000)]], 'body_invalid,too_long a'],
    ['a name', [['a', '1'], ['x'.repeat(1_000_000), '']], 'body_invalid'],
    ['fields', Array<Pair>(10_000).fill(['a', 'x'.repeat(90)]), 'body_too_large'],
  ])('createFormReader() refuses a megabyte of %s', async (_name, pairs, expected) => {
    const reader = createFormReader(object({ a: string() }), { maxBytes: 2_000_000 });
    for (const request of requests(pairs)) {
      const answer = String(await read(request, reader));
      expect([answer.startsWith(expected), answer.length < 100]).toEqual([true, true]);
    }
    for (const request of requests(pairs)) expect(await read(request)).toBe('body_too_large');
  });
});

describe('createFormReader() hostile types', () => {
  // Hostile list (secure) 39 and 43: what is not declared to be one of the two is none, whatever is in it; there is no third kind.
  test.each([
    '',
    ';',
    'text/plain',
    'application/json',
    'application/octet-stream',
    'application/x-www-form-urlencodedx',
    'application/x-www-form-urlencoded+x',
    'text/x-www-form-urlencoded',
    'x-www-form-urlencoded',
    '*/*',
    `${URL_ENCODED}\t;x`,
    `${URL_ENCODED};x`,
    `${URL_ENCODED} x`,
    `${URL_ENCODED}; charset=utf-7`,
    `${URL_ENCODED}; charset=utf-8; charset=utf-7`,
    `${URL_ENCODED}, ${URL_ENCODED}`,
    `${URL_ENCODED}, application/json`,
    `application/json, ${URL_ENCODED}`,
    `text/plain; x=${URL_ENCODED}`,
    `text/plain; x="; ${URL_ENCODED}"`,
    'multipart/form-data',
    'multipart/form-data;',
    'multipart/form-data; boundary',
    'multipart/form-data; boundary=',
    'multipart/form-data; boundary=""',
    'multipart/form-data; boundary="XbX ',
    'multipart/form-data; boundary="XbX "',
    'multipart/form-data; boundary=XbX; boundary=YbY',
    'multipart/form-data; boundary=XbX; boundary*0=YbY',
    `multipart/form-data; boundary=${'x'.repeat(71)}`,
    'multipart/mixed; boundary=XbX',
    'multipart/form-data-x; boundary=XbX',
    'multipart/form-data; x="boundary=XbX"',
    `multipart/form-data; boundary=XbX, ${URL_ENCODED}`,
  ])('createFormReader() refuses the type %j', async (type) => {
    for (const body of ['a=1', '--XbX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XbX--\r\n']) {
      const request = post(body, type);
      expect([form.check(request)?.code, form.check(request)?.status]).toEqual(['media_type_unsupported', 415]);
      expect(await read(request)).toBe('media_type_unsupported');
    }
  });

  test.each([
    ['a boundary', `multipart/form-data; boundary="${'x'.repeat(1_000_000)}"`],
    ['parameters', `${MULTIPART}${'; boundary=x'.repeat(80_000)}`],
    ['semicolons', `${URL_ENCODED}${';'.repeat(1_000_000)}`],
    ['quotes', `${URL_ENCODED}; x=${'"'.repeat(1_000_000)}`],
  ])('createFormReader() refuses a type with a megabyte of %s', async (_name, type) => {
    const request = post('a=1', type);
    expect([form.check(request)?.code, await read(request)]).toEqual(Array(2).fill('media_type_unsupported'));
  });

  test('createFormReader() refuses a body without a type, and two lines of one', async () => {
    const bytes = new TextEncoder().encode('a=1');
    const bare = new Request('https://api.test/', { method: 'POST', body: bytes });
    const headers = new Headers([['content-type', URL_ENCODED], ['content-type', 'application/json']]);
    const twice = new Request('https://api.test/', { method: 'POST', body: bytes, headers });
    expect([form.check(bare)?.code, form.check(twice)?.code]).toEqual(
      Array(2).fill('media_type_unsupported'),
    );
    expect([await read(bare), await read(twice)]).toEqual(Array(2).fill('media_type_unsupported'));
  });

  // Odd, and yet of one meaning for everybody (RFC 9110 sections 5.6.6 and 8.3.1).
  test.each([
    ['Application/X-WWW-Form-URLEncoded', 'a=1'],
    [`${URL_ENCODED} ;`, 'a=1'],
    [`${URL_ENCODED}; charset="UTF-8"`, 'a=1'],
    [
      'Multipart/Form-Data; Boundary="XbX"',
      '--XbX\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--XbX--\r\n',
    ],
  ])('createFormReader() takes the type %j', async (type, body) => {
    const request = post(body, type);
    expect([form.check(request), await read(request)]).toEqual([undefined, { a: '1' }]);
  });

  // What is declared decides, and not what the bytes look like.
  test('createFormReader() reads no form of one kind as the other', async () => {
    const [, multipart] = requests([['a', '1']]);
    const text = new TextDecoder().decode(await multipart?.arrayBuffer());
    expect(await read(post(text, URL_ENCODED))).toMatch(/^body_invalid/);
    expect(await read(post('a=1', MULTIPART))).toBe('body_invalid,form_malformed ');
  });
});
