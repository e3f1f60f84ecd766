import { describe, expect, test } from 'vitest';
import type { StandardSchema } from '../../src/core/standard-schema.ts';
import { array, file, object, optional, parseText, type Schema, string } from '../../src/schema/index.ts';

/** What browsers send for a file field in which nobody chose one (HTML section 4.10.22.4). */
const NO_FILE: File = new File([], '', { type: 'application/octet-stream' });

describe('parseText() FormData', () => {
  const upload = (): FormData => {
    const form = new FormData();
    form.set('title', 'me');
    form.set('avatar', new File(['abc'], 'me.png', { type: 'image/png' }));
    return form;
  };

  test('parseText() reads files and fields', () => {
    const result = parseText(object({ title: string(), avatar: file({ types: 'image/png' }) }), upload());
    expect(result.ok && [result.value.title, result.value.avatar.name]).toEqual(['me', 'me.png']);
  });

  // Hostile list 45.
  test('parseText() takes no file for a string, and no string for a file', () => {
    expect(parseText(object({ title: file(), avatar: string() }), upload())).toMatchObject({
      issues: [{ code: 'not_file', path: ['title'] }, { code: 'not_string', path: ['avatar'] }],
    });
  });

  test('parseText() refuses a repeated file, and reads an array of them', () => {
    const form = upload();
    form.append('avatar', new File(['d'], 'you.png'));
    expect(parseText(object({ title: string(), avatar: file() }), form)).toMatchObject({
      issues: [{ code: 'repeated', path: ['avatar'] }],
    });
    const result = parseText(object({ title: string(), avatar: array(file()) }), form);
    expect(result.ok && result.value.avatar.map(({ name }) => name)).toEqual(['me.png', 'you.png']);
  });

  // HTML section 4.10.22.4: a file field in which nobody chose one.
  test('parseText() takes an empty file without a name for missing', () => {
    const pairs: [string, File][] = [['avatar', NO_FILE]];
    expect(parseText(object({ avatar: optional(file()) }), pairs)).toEqual({ ok: true, value: {} });
    expect(parseText(object({ avatar: file() }), pairs)).toMatchObject({ issues: [{ code: 'required' }] });
    expect(parseText(object({}), [...pairs, ...pairs])).toEqual({ ok: true, value: {} });
  });

  // Hostile list 41: whoever reads the first of a name would see something else.
  test.each<[string, readonly (string | File)[], Schema<unknown>, string]>([
    ['text', [NO_FILE, 'y'], string(), 'repeated a'],
    ['text', ['y', NO_FILE], optional(string()), 'repeated a'],
    ['a file', [NO_FILE, new File(['x'], 'x.png')], file(), 'repeated a'],
    ['texts of a list', ['y', NO_FILE], array(string()), 'not_string a/1'],
  ])('parseText() hides no empty file beside %s', (_name, items, schema, issue) => {
    const result = parseText(object({ a: schema }), items.map((item): [string, string | File] => ['a', item]));
    expect(result.ok ? result.value : result.issues.map(({ code, path }) => `${code} ${path.join('/')}`)).toEqual([
      issue,
    ]);
  });

  test('parseText() leaves out of a list of files the fields in which nobody chose one', () => {
    const pairs = [NO_FILE, new File(['x'], 'x.png'), NO_FILE].map((item): [string, File] => ['a', item]);
    const result = parseText(object({ a: array(file(), { max: 1 }) }), pairs);
    expect(result.ok && result.value.a.map(({ name }) => name)).toEqual(['x.png']);
  });

  test('parseText() counts empty files, too', () => {
    const pairs = Array.from({ length: 101 }, (_, index): [string, File] => [`a${index}`, NO_FILE]);
    expect(parseText(object({}), pairs)).toMatchObject({ issues: [{ code: 'too_many' }] });
  });

  test('parseText() gives a foreign schema a list wherever a name came repeatedly', () => {
    const seen: StandardSchema = { '~standard': { version: 1, vendor: 'x', validate: (value) => ({ value }) } };
    const used = new File(['x'], 'x.png');
    const pairs: [string, string | File][] = [['a', NO_FILE], ['a', 'y'], ['b', NO_FILE], ['c', used], ['c', NO_FILE]];
    expect(parseText(seen, pairs)).toEqual({
      ok: true,
      value: Object.assign(Object.create(null), { a: [NO_FILE, 'y'], c: [used] }),
    });
  });
});
