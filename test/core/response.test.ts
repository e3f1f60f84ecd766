import { describe, expect, test } from 'vitest';
import { editHeaders } from '../../src/core/response.ts';

describe('editHeaders()', () => {
  test('editHeaders() edits in place where it can', () => {
    const response = new Response('x');
    expect(editHeaders(response, (headers) => headers.set('a', '1'))).toBe(response);
    expect(response.headers.get('a')).toBe('1');
  });

  test('editHeaders() edits a redirect, whose headers are immutable on most platforms', () => {
    const response = editHeaders(Response.redirect('https://example.com/'), (headers) => headers.set('a', '1'));
    expect([response.status, response.headers.get('a'), response.headers.get('location')]).toEqual([
      302,
      '1',
      'https://example.com/',
    ]);
  });

  test('editHeaders() gives back a network error as it is', () => {
    const response = Response.error();
    expect(editHeaders(response, (headers) => headers.set('a', '1'))).toBe(response);
  });

  // A rebuilt response would hide the mistake, and send the edit's first half.
  test('editHeaders() passes on what is no TypeError', () => {
    const response = new Response('x');
    expect(() =>
      editHeaders(response, () => {
        throw new RangeError('ours');
      })
    ).toThrow(RangeError);
  });

  test('editHeaders() passes on a TypeError that rebuilding does not cure', () => {
    const response = new Response('x');
    expect(() => editHeaders(response, (headers) => headers.set('a b', '1'))).toThrow(TypeError);
  });
});
