import { describe, expect, test, vi } from 'vitest';
import { secure } from '../../src/secure/secure.ts';
import { codeOf, get, ok, open } from './fixtures.ts';

/** A request as runtimes make one that pass the request target on as it came. */
function withUrl(url: string): Request {
  return Object.defineProperty(get(), 'url', { value: url });
}

describe('secure(): the URL', () => {
  // Some runtimes pass a bare path where Host is malformed, or no URL at all: anybody could fill the log with errors of the server.
  test.each(['/a', '', 'http://[::1/a', 'http://a.test, b.test/a'])(
    'is refused, and nothing reported, where it is none: %j',
    async (url) => {
      const onError = vi.fn();
      const response = await secure({ ...open, onError }, ok)(withUrl(url));
      expect([response.status, response.headers.get('x-content-type-options')]).toEqual([400, 'nosniff']);
      expect(response.headers.get('x-request-id')).not.toBeNull();
      expect(await codeOf(response)).toBe('request_malformed');
      expect(onError).not.toHaveBeenCalled();
    },
  );

  // A router in front has seen the path as it is written; `authorize` and the handler would see the one that the parser makes of it.
  test.each([
    'http://a.test/x/../admin',
    'http://a.test/x/.%2E',
    'http://a.test/./admin?a',
    'http://a.test/%2e',
    'http://a.test/x\\..\\admin',
  ])('is refused where its path is read in two ways: %s', async (url) => {
    expect(await codeOf(await secure(open, ok)(withUrl(url)))).toBe('request_malformed');
  });

  test.each([
    'http://A.test:80/a',
    'http://a.test/{"}?a=\\../b#/../',
    'http://a.test/.../.a/%c3%a4',
    'http://a.test?/../',
  ])(
    'is served where it is only written in another way: %s',
    async (url) => {
      expect((await secure(open, ok)(withUrl(url))).status).toBe(200);
    },
  );
});
