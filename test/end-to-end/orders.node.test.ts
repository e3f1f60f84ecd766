import { once } from 'node:events';
import { createServer } from 'node:net';
import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkGuide } from './check.ts';
import { type Example, freePort, hasCurl, root, startExample } from './example.ts';

const TSX = ['--import', 'tsx', 'examples/orders/node.ts'];

describe('examples/orders on Node', () => {
  let example: Example;
  beforeAll(async () => {
    example = await startExample(process.execPath, TSX, await freePort());
  }, 60_000);
  afterAll(() => example.stop());

  test('answers every pasted line as the guide says', (context) => {
    if (!hasCurl()) {
      if (process.env['CI'] === 'true') throw new Error('curl is missing.');
      context.skip('curl is missing: the lines to paste were not tried.');
    }
    expect(checkGuide(example)).toBeGreaterThan(10);
  }, 60_000);

  test('serves its key set with a public key alone', async () => {
    const { keys } = await (await fetch(`${example.origin}/.well-known/jwks.json`)).json();
    expect(keys).toHaveLength(1);
    expect(keys[0]).not.toHaveProperty('d');
  });

  test('lets a page of an allowed origin read a refusal, and no other page', async () => {
    const read = async (origin: string): Promise<string | null> =>
      (await fetch(`${example.origin}/orders`, { headers: { origin } })).headers.get('access-control-allow-origin');
    expect([await read('https://shop.example'), await read('https://evil.example')]).toEqual([
      'https://shop.example',
      null,
    ]);
  });

  test('answers 404 for a path that does not exist', async () => {
    expect((await fetch(`${example.origin}/nothing`)).status).toBe(404);
  });
});

test('a busy port is a clear error', async () => {
  const port = await freePort();
  const busy = createServer().listen(port, '127.0.0.1');
  await once(busy, 'listening');
  const { status, stderr } = spawnSync(process.execPath, TSX, {
    cwd: root,
    env: { ...process.env, PORT: String(port) },
    encoding: 'utf8',
  });
  busy.close();
  expect(status).toBe(1);
  expect(stderr).toContain(`Cannot listen on 127.0.0.1:${port}`);
  expect(stderr).toContain('EADDRINUSE');
}, 60_000);
