// Not portable: a server must be there to fetch from.
import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createCors } from '../../src/cross-origin/cors.ts';
import { unknown } from '../../src/schema/unknown.ts';
import { createIdempotency } from '../../src/secure/idempotency.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { as, bearer, ORIGIN } from './fixtures.ts';

let server: Server;
let url = '';

beforeAll(async () => {
  server = createServer((_request, response) => {
    response.setHeader('set-cookie', ['a=1', 'b=2']);
    response.setHeader('server', 'secret');
    response.setHeader('x-powered-by', 'secret');
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('content-type', 'application/json');
    response.end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

// Hostile list 26: the headers of what was fetched are immutable, and whoever edits them in place answers 500 or sends them as they came.
describe('secure(): a response that was fetched', () => {
  const cors = createCors({ origins: ['https://app.test'], headers: ['authorization', 'idempotency-key'] });
  const base = { auth: bearer().auth, cors };
  const idempotency = createIdempotency({ store: memoryStore() });

  test.each(
    [
      ['by itself', { ...base, methods: ['GET'] }, 'GET'],
      ['for HEAD', { ...base, methods: ['GET'] }, 'HEAD'],
      ['through a schema', { ...base, methods: ['GET'], response: unknown() }, 'GET'],
      ['with an end', { ...base, methods: ['GET'], timeouts: { handlerMs: 5000 } }, 'GET'],
      ['with a key', { ...base, id: 'p', methods: ['POST'], idempotency }, 'POST'],
    ] as const,
  )('is hardened, and has all its cookies: %s', async (_what, policy, method) => {
    const fetched = await fetch(url);
    expect(() => fetched.headers.set('x-note', '1')).toThrow(TypeError);
    const headers = { ...as('reader'), 'origin': 'https://app.test', 'idempotency-key': 'k' };
    const response = await secure(policy, () => fetched)(new Request(ORIGIN, { method, headers }));
    expect(response.status).toBe(200);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
    expect([response.headers.has('server'), response.headers.has('x-powered-by')]).toEqual([false, false]);
    expect(response.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(response.headers.get('vary')).toBe('origin');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(response.headers.get('x-request-id')).not.toBe(null);
    expect(await response.text()).toBe(method === 'HEAD' ? '' : '{"ok":true}');
  });
});
