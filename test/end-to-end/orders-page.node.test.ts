import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openOrdersSite, type OrdersSite } from '../browser/orders-site.ts';

describe('the routes of the page of examples/orders', () => {
  let site: OrdersSite;

  beforeAll(async () => {
    site = await openOrdersSite();
  });

  afterAll(() => site.close());

  /** What the page carries for its own requests. */
  async function readTokens(): Promise<Readonly<Record<string, string>>> {
    const html = await (await fetch(site.origin)).text();
    return JSON.parse(/<script type="application\/json" id="data">(.*?)<\/script>/.exec(html)?.[1] ?? '').tokens;
  }

  const askWay = async (id: string): Promise<Response> => await fetch(`${site.origin}/trail?id=${id}`);

  test('GET / is HTML that may load nothing, and whose policy knows no keyword that runs anything', async () => {
    const { status, headers } = await fetch(site.origin);
    expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("require-trusted-types-for 'script'; trusted-types 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers.get('x-frame-options')).toBe('DENY');
  });

  test('every page has tokens of its own', async () => {
    const [one, other] = [await readTokens(), await readTokens()];
    expect(Object.keys(one)).toEqual(['reader', 'writer', 'mallory', 'trudy', 'expired', 'forged', 'unsigned']);
    expect(one['reader']).not.toBe(other['reader']);
  });

  test('GET /trail tells the way of a request to whoever knows its id, and nothing of who sent it', async () => {
    const { writer = '' } = await readTokens();
    const { headers } = await fetch(`${site.origin}/orders/1`, { headers: { authorization: `Bearer ${writer}` } });
    const way = await askWay(headers.get('x-request-id') ?? '');
    const text = await way.text();
    expect(JSON.parse(text)).toMatchObject({ outcome: 'denied', code: 'not_found' });
    expect(text).not.toMatch(/bob|127\.0\.0\.1|orders\/1/);
  });

  test.each([
    ['of no request', '00000000-0000-4000-8000-000000000000', 404],
    ['that is none', 'x', 400],
    ['that is missing', '', 400],
    ['twice', '00000000-0000-4000-8000-000000000000&id=00000000-0000-4000-8000-000000000000', 400],
    ['beside something else', '00000000-0000-4000-8000-000000000000&all=1', 400],
  ])('GET /trail with an id %s is refused', async (_, id, status) => {
    expect((await askWay(id)).status).toBe(status);
  });

  // Asking for the way of a question must not push out the ways of others.
  test('neither the page nor its questions are remembered', async () => {
    for (const path of ['/', '/trail?id=x']) {
      const { headers } = await fetch(site.origin + path);
      expect((await askWay(headers.get('x-request-id') ?? '')).status).toBe(404);
    }
  });
});
