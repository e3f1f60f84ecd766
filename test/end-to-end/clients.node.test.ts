import {
  allowInsecureRequests,
  type AuthorizationServer,
  protectedResourceRequest,
  validateJwtAccessToken,
  WWWAuthenticateChallengeError,
} from 'oauth4webapi';
import { Client } from 'undici';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Example, freePort, readTokens, startExample } from './example.ts';

// Clients that nobody here wrote, against the example as it is served.
const INSECURE = { [allowInsecureRequests]: true };
const ORDER = JSON.stringify({ item: 'tea', quantity: 1 });

let example: Example;
let tokens: Readonly<Record<string, string>>;
beforeAll(async () => {
  example = await startExample(process.execPath, ['--import', 'tsx', 'examples/orders/node.ts'], await freePort());
  tokens = readTokens(example.guide);
}, 60_000);
afterAll(() => example.stop());

const tokenOf = (name: string): string => tokens[name] ?? '';

describe('oauth4webapi', () => {
  const ask = (token: string, method: string, path: string, body?: string): Promise<Response> =>
    protectedResourceRequest(
      token,
      method,
      new URL(path, example.origin),
      new Headers(body === undefined ? {} : { 'content-type': 'application/json' }),
      body,
      INSECURE,
    );

  async function challengesOf(answer: Promise<Response>): Promise<readonly unknown[]> {
    const error: unknown = await answer.then(() => undefined, (reason: unknown) => reason);
    if (!(error instanceof WWWAuthenticateChallengeError)) throw error;
    return [error.status, ...error.cause];
  }

  test('reads and writes with tokens of the example', async () => {
    expect((await ask(tokenOf('READER'), 'GET', '/orders')).status).toBe(200);
    const created = await ask(tokenOf('WRITER'), 'POST', '/orders', ORDER);
    expect(created.status).toBe(201);
    expect(await created.json()).toMatchObject({ owner: 'bob', item: 'tea' });
  });

  // RFC 6750 section 3, as an independent parser of RFC 9110 section 11.6.1 reads it.
  test('understands the challenge to a token that is no longer good', async () => {
    expect(await challengesOf(ask(tokenOf('EXPIRED'), 'GET', '/orders'))).toEqual([
      401,
      { scheme: 'bearer', parameters: { error: 'invalid_token' } },
    ]);
  });

  test('understands which scope is missing', async () => {
    expect(await challengesOf(ask(tokenOf('READER'), 'POST', '/orders', ORDER))).toEqual([
      403,
      { scheme: 'bearer', parameters: { error: 'insufficient_scope', scope: 'orders:write' } },
    ]);
  });

  test('takes the same tokens for good as a resource server, by the same key set', async () => {
    const issuer: AuthorizationServer = {
      issuer: example.origin,
      jwks_uri: `${example.origin}/.well-known/jwks.json`,
    };
    const validate = (token: string): Promise<unknown> =>
      validateJwtAccessToken(
        issuer,
        new Request(`${example.origin}/orders`, { headers: { authorization: `Bearer ${token}` } }),
        `${example.origin}/orders`,
        INSECURE,
      );
    await expect(validate(tokenOf('EXPIRED'))).rejects.toThrow();
    expect(await validate(tokenOf('READER'))).toMatchObject({ sub: 'alice', scope: 'orders:read' });
  });
});

describe('undici', () => {
  test('gets every answer of a pipelined connection, refusals of unread bodies among them', async () => {
    const client = new Client(example.origin, { pipelining: 8 });
    const headers = { 'authorization': `Bearer ${tokenOf('READER')}`, 'content-type': 'application/json' };
    const asked = Array.from({ length: 40 }, async (_, index) => {
      const isPost = index % 4 === 3;
      const { statusCode, body } = await client.request({
        path: '/orders',
        method: isPost ? 'POST' : 'GET',
        headers,
        ...(isPost ? { body: ORDER.padEnd(900) } : {}),
      });
      await body.dump();
      return [isPost, statusCode];
    });
    for (const [isPost, status] of await Promise.all(asked)) expect(status).toBe(isPost ? 403 : 200);
    await client.close();
  });

  test('is told 413 while it still sends', async () => {
    const client = new Client(example.origin);
    const { statusCode, body } = await client.request({
      path: '/orders',
      method: 'POST',
      headers: { 'authorization': `Bearer ${tokenOf('WRITER')}`, 'content-type': 'application/json' },
      body: 'x'.repeat(200_000),
    });
    await body.dump();
    expect(statusCode).toBe(413);
    await client.destroy();
  });
});
