import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toProblem } from '../../src/core/problem.ts';
import { createHeaderPolicy } from '../../src/headers/policy.ts';
import { Refusal, type RefusalCode } from '../../src/core/refusal.ts';

async function bodyOf(response: Response): Promise<unknown> {
  return JSON.parse(await response.text());
}

describe('toProblem', () => {
  it('toProblem() answers type, title, status and code, and nothing else', async () => {
    const response = toProblem(new Refusal('not_found'));
    expect(response.status).toBe(404);
    expect(await bodyOf(response)).toStrictEqual({
      type: 'about:blank',
      title: 'Not Found',
      status: 404,
      code: 'not_found',
    });
  });

  // RFC 9457 section 3: exactly this media type, without a charset.
  it('toProblem() sends application/problem+json, no-store and nosniff', () => {
    const { headers } = toProblem(new Refusal('not_found'));
    expect(headers.get('content-type')).toBe('application/problem+json');
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('toProblem() adds the request id and the issues where there are some', async () => {
    const issues = [{ code: 'required', path: ['items', 0, 'sku'], message: 'is required' }];
    const response = toProblem(new Refusal('body_invalid', { issues }), { requestId: 'r-1' });
    expect(await bodyOf(response)).toMatchObject({ requestId: 'r-1', issues });
  });

  // RFC 9457 sections 3.1.1 and 3.2: a type of one's own, and members beside the standard ones, which they must not replace.
  it('toProblem() lets the problem of a refusal name the type and add members, and override nothing else', async () => {
    const problem = {
      type: 'https://example.test/quota',
      quota: 5,
      title: 'All is well',
      status: 200,
      code: 'x',
      requestId: 'forged',
      issues: 'forged',
    };
    expect(await bodyOf(toProblem(new Refusal('rate_limited', { problem })))).toStrictEqual({
      type: 'https://example.test/quota',
      quota: 5,
      title: 'Too Many Requests',
      status: 429,
      code: 'rate_limited',
    });
  });

  // JSON.stringify asks it what to write in the place of all that it was passed.
  it.each([[() => ({ status: 200, code: 'fine' })], ['text'], [{ code: 'fine' }]])(
    'toProblem() lets a toJSON in the problem of a refusal write no body of its own: %o',
    async (toJSON) => {
      const response = toProblem(new Refusal('rate_limited', { problem: { quota: 5, toJSON } }));
      expect(await bodyOf(response)).toStrictEqual({
        type: 'about:blank',
        quota: 5,
        title: 'Too Many Requests',
        status: 429,
        code: 'rate_limited',
      });
    },
  );

  it('toProblem() sends the headers of the refusal', () => {
    const refusal = new Refusal('rate_limited', { headers: { 'Retry-After': '3', 'www-authenticate': 'Bearer' } });
    const { headers } = toProblem(refusal);
    expect(headers.get('retry-after')).toBe('3');
    expect(headers.get('www-authenticate')).toBe('Bearer');
  });

  // Errors quote paths, SQL, tokens: what is for the log must have no way out.
  it('toProblem() never sends message, cause or stack', async () => {
    const codes: readonly RefusalCode[] = [
      'internal_error',
      'store_unavailable',
      'body_invalid',
      'jwt_expired',
      'not_found',
    ];
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...codes), fc.uuid(), async (code, secret) => {
        const refusal = new Refusal(code, { message: `m ${secret}`, cause: new Error(`c ${secret}`) });
        const response = toProblem(refusal, { requestId: 'r-1' });
        const sent = JSON.stringify([...response.headers]) + await response.text();
        expect(sent).not.toContain(secret);
        expect(sent).not.toContain('stack');
      }),
      { numRuns: 50 },
    );
  });

  // A cause with a cycle or a toJSON trap must not turn a 503 into a crash.
  it('toProblem() does not touch a hostile cause', async () => {
    const cause: Record<string, unknown> = {
      toJSON: () => {
        throw new Error('trap');
      },
    };
    cause['self'] = cause;
    expect(await bodyOf(toProblem(new Refusal('store_unavailable', { cause })))).toMatchObject({ status: 503 });
  });

  // RFC 8259 section 8.1: half a surrogate pair in a client's key must not reach the wire as it is.
  it('toProblem() sends a path with a lone surrogate as well-formed text', async () => {
    const refusal = new Refusal('body_invalid', { issues: [{ code: 'x', path: ['\ud800'], message: 'x' }] });
    expect((await toProblem(refusal).text()).includes('\\ud800')).toBe(true);
  });

  // `catch (error) { return toProblem(error as Refusal) }`: without a status, an error would be a success.
  it.each([new Error('secret'), { status: 200, code: 'not_found' }, null, undefined, 'not_found'])(
    'toProblem() throws for %o',
    (value) => {
      expect(() => toProblem(value as never)).toThrow(TypeError);
    },
  );

  it('toProblem() sends the headers of the API preset, also where no secure() adds them', () => {
    const { headers } = toProblem(new Refusal('not_found'));
    const preset = createHeaderPolicy().list('api', { secure: false });
    expect([...headers].filter(([name]) => name !== 'content-type')).toEqual([...preset].sort());
  });
});
