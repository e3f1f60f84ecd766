import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import {
  createJwtVerifier,
  createRemoteKeySet,
  exportPublicJwk,
  generateJwtKeyPair,
  type JwtKeyPair,
  type RemoteKeySetOptions,
} from '../../src/jwt/index.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { secure } from '../../src/secure/secure.ts';
import { CLAIMS, expectations, forge, HEADER, NOW_SECONDS } from '../jwt/forge.ts';
import { as, codeOf, get, ok, PEER, quiet } from './fixtures.ts';
import { ear } from './watched.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** A real key server that can be made to do anything, and a policy that believes it. */
async function open(options: RemoteKeySetOptions = {}, stageMs: number = 10_000): Promise<{
  readonly pair: JwtKeyPair;
  readonly answer: (next: RequestListener) => void;
  readonly stop: () => Promise<void>;
  readonly fetches: () => number;
  readonly pass: (seconds: number) => void;
  /** The status and the code that a token is answered with, and whether it says when to come back. */
  readonly send: (token: string) => Promise<string>;
  readonly heard: () => readonly string[];
}> {
  const pair = await generateJwtKeyPair('ES256', { keyId: 'one' });
  const good = JSON.stringify({ keys: [await exportPublicJwk(pair.publicKey)] });
  let [fetches, now] = [0, NOW_SECONDS * 1000];
  let current: RequestListener = (_request, response) =>
    void response.writeHead(200, { 'content-type': 'application/json' }).end(good);
  const server = createServer((request, response) => {
    fetches++;
    current(request, response);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  const keys = createRemoteKeySet(`http://127.0.0.1:${port}/canary-jwks`, {
    dangerouslyAllowHttpLoopback: true,
    clock: () => now,
    timeoutMs: 1500,
    ...options,
  });
  const auth = createBearerAuth({ verify: createJwtVerifier({ ...expectations(), keys }) });
  const { events, onEvent } = ear();
  const handler = secure({ ...quiet, methods: ['GET'], auth, timeouts: { stageMs }, onEvent }, ok);
  return {
    pair,
    answer: (next) => void (current = next),
    stop: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    fetches: () => fetches,
    pass: (seconds) => void (now += seconds * 1000),
    async send(token) {
      const response = await handler(get('/', as(token)), PEER);
      if (response.ok) return '200';
      const { status, headers } = response;
      const text = await response.clone().text();
      expect(text).not.toMatch(/canary|127\.0\.0\.1|fetch failed|ECONN/);
      expect(headers.get('cache-control')).toBe('no-store');
      return `${status} ${await codeOf(response)}${headers.has('retry-after') ? ' later' : ''}`;
    },
    heard: () => events.map(({ outcome, stage, code }) => `${outcome} ${stage} ${code}`),
  };
}

const UNKNOWN = { ...HEADER, kid: 'two' };
const DOWN = '503 key_set_unavailable later';

/** What a key server may do in the place of answering. */
const FAULTS: readonly (readonly [string, RequestListener])[] = [
  ['answers 500', (_request, response) => void response.writeHead(500).end()],
  ['answers 404', (_request, response) => void response.writeHead(404).end('{"keys":[]}')],
  ['answers a page', (_request, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>')],
  ['answers half of it', (_request, response) => void response.writeHead(200).end('{"keys":[{"kty":"EC"')],
  ['answers no set', (_request, response) => void response.writeHead(200).end('{"keys":"none"}')],
  ['answers no keys', (_request, response) => void response.writeHead(200).end('[]')],
  ['answers what is no text', (_request, response) => void response.writeHead(200).end(Buffer.alloc(512, 0xff))],
  ['answers without an end', (_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => void response.write(' '.repeat(65_536)), 1);
    response.on('close', () => clearInterval(timer));
  }],
  ['redirects', (_request, response) => void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()],
  ['hangs up', (request) => void request.socket.destroy()],
  ['hangs', () => undefined],
  ['sends its head and hangs', (_request, response) => void response.writeHead(200).flushHeaders()],
];

// The failure matrix: cached keys serve on; what they do not decide is 503, and never 401, which would log everybody out.
describe.each(FAULTS)('secure(), whose key server %s,', (_what, fault) => {
  test('goes on with the keys that it has, and cannot tell of others', async () => {
    const { pair, answer, pass, send, heard, fetches } = await open();
    const [known, strange] = [await forge(pair.privateKey), await forge(pair.privateKey, CLAIMS, UNKNOWN)];
    expect(await send(known)).toBe('200');
    answer(fault);
    pass(31);
    expect(await send(strange)).toBe(DOWN);
    const before = fetches();
    // Neither another hundred of them.
    expect(new Set(await Promise.all(Array.from({ length: 100 }, () => send(strange))))).toEqual(new Set([DOWN]));
    expect(fetches()).toBe(before);
    // Also when they are no longer fresh.
    pass(700);
    expect([await send(known), await send(known)]).toEqual(['200', '200']);
    expect(new Set(heard())).toEqual(
      new Set(['allowed handler undefined', 'failed authenticate key_set_unavailable']),
    );
  });

  test('decides nothing where it never had any', async () => {
    const { pair, answer, send, fetches } = await open();
    answer(fault);
    const token = await forge(pair.privateKey);
    expect(new Set(await Promise.all(Array.from({ length: 20 }, () => send(token))))).toEqual(new Set([DOWN]));
    expect(fetches()).toBe(1);
  });
});

describe('secure(), whose key server is down,', () => {
  test('recovers by itself, when the server does', async () => {
    const { pair, answer, pass, send } = await open();
    const token = await forge(pair.privateKey);
    const good = JSON.stringify({ keys: [await exportPublicJwk(pair.publicKey)] });
    answer((_request, response) => void response.writeHead(503).end());
    expect(await send(token)).toBe(DOWN);
    answer((_request, response) => void response.writeHead(200).end(good));
    expect(await send(token)).toBe(DOWN);
    pass(30);
    expect(await send(token)).toBe('200');
  });

  test('because it is gone, refuses 503 when its keys are too old, and forgeries before that', async () => {
    const { pair, pass, send, stop } = await open();
    const stranger = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const [token, forged] = [await forge(pair.privateKey), await forge(stranger.privateKey)];
    expect(await send(token)).toBe('200');
    await stop();
    pass(700);
    expect([await send(token), await send(forged)]).toEqual(['200', '401 jwt_signature_invalid']);
    pass(3600);
    expect([await send(token), await send(forged)]).toEqual([DOWN, DOWN]);
  });

  test('and slower than a stage may be, is given up: 503, and no 401', async () => {
    const { pair, answer, send, heard } = await open({ timeoutMs: 60_000 }, 50);
    answer(() => undefined);
    expect(await send(await forge(pair.privateKey))).toBe('503 deadline_exceeded later');
    expect(heard()).toEqual(['failed authenticate deadline_exceeded']);
  });
});
