import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toProblem } from '../../src/core/problem.ts';
import { Refusal, type RefusalCode } from '../../src/core/refusal.ts';

const OURS: readonly RefusalCode[] = ['internal_error', 'store_unavailable', 'key_set_unavailable'];
const THEIRS: readonly RefusalCode[] = ['body_invalid', 'rate_limited', 'forbidden', 'not_found', 'jwt_expired'];

async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  return JSON.parse(await response.text());
}

describe('toProblem() of a 5xx', () => {
  // Hostile list E5: what is put into a problem in haste is an error's message, its SQL, its path.
  test.each(OURS)('%s holds the table and the request id, and nothing else', async (code) => {
    const problem = {
      type: 'https://example.test/down',
      detail: 'connect ECONNREFUSED 10.0.0.7:5432',
      stack: 'Error: at /srv/app.ts',
      instance: '/orders?token=secret',
      sql: 'select *',
    };
    const refusal = new Refusal(code, { problem, message: 'secret', cause: new Error('secret') });
    const body = await bodyOf(toProblem(refusal, { requestId: 'r-1' }));
    expect(body).toStrictEqual({
      type: 'about:blank',
      title: refusal.title,
      status: refusal.status,
      code,
      requestId: 'r-1',
    });
  });
});

describe('toProblem() of any refusal', () => {
  // Hostile list E5: as HTML, the keys of a client's own body in `issues` would be a page of his.
  test.each([
    ['content-type', 'text/html'],
    ['Content-Type', 'text/html; charset=utf-8'],
    ['content-security-policy', "script-src 'unsafe-inline'"],
    ['X-Content-Type-Options', 'sniff'],
    ['x-frame-options', 'ALLOWALL'],
    ['cache-control', 'public, max-age=9'],
  ])('keeps its own %s', (name, value) => {
    const plain = toProblem(new Refusal('forbidden')).headers;
    const { headers } = toProblem(new Refusal('forbidden', { headers: { [name]: value, 'retry-after': '3' } }));
    expect(headers.get(name)).toBe(plain.get(name));
    expect(headers.get('retry-after')).toBe('3');
    expect(headers.get('content-type')).toBe('application/problem+json');
  });

  // RFC 9457 section 3.2.
  test('no extension member says what the table says, whatever its name and value', async () => {
    const member = fc.oneof(
      fc.constantFrom('title', 'status', 'code', 'requestId', 'issues', '__proto__', 'toJSON'),
      fc.string(),
    );
    await fc.assert(fc.asyncProperty(
      fc.constantFrom(...THEIRS, ...OURS),
      fc.dictionary(member.filter((name) => name !== 'type'), fc.jsonValue()),
      async (code, problem) => {
        const refusal = new Refusal(code, { problem });
        const response = toProblem(refusal, { requestId: 'r-1' });
        const body = await bodyOf(response);
        expect([response.status, body['type'], body['title'], body['status'], body['code'], body['requestId']]).toEqual(
          [
            refusal.status,
            'about:blank',
            refusal.title,
            refusal.status,
            code,
            'r-1',
          ],
        );
        expect(Object.hasOwn(body, 'issues')).toBe(false);
        expect(Object.getPrototypeOf(body)).toBe(Object.prototype);
      },
    ));
  });

  // Hostile list E5: the instance would be the URL with what is secret in it; the request id is random.
  test('names no instance of its own', async () => {
    expect(Object.keys(await bodyOf(toProblem(new Refusal('not_found'), { requestId: 'r-1' })))).toEqual([
      'type',
      'title',
      'status',
      'code',
      'requestId',
    ]);
  });
});
