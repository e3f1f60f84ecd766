import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import type { Redis } from 'ioredis';
import { describe } from 'vitest';
import { connectOnce, pause } from './redis-client.ts';

/** A Redis server of a test's own, on 127.0.0.1, which keeps nothing on disk. */
export interface RedisServer {
  readonly port: number;
  /** Starts it, empty, on the same port, and resolves when it answers. */
  readonly start: () => Promise<void>;
  /** Kills it as a crash would: `kill -9`. */
  readonly kill: () => Promise<void>;
  /** Stops it between two instructions, with its connections open, and lets it go on. */
  readonly freeze: () => void;
  readonly thaw: () => void;
  /** A client that sends each command once or not at all, connected. */
  readonly connect: () => Promise<Redis>;
  /** Kills it, and every client that `connect` made. */
  readonly close: () => Promise<void>;
}

const BINARY = [
  process.env['REDIS_SERVER_PATH'],
  '/usr/bin/redis-server',
  '/usr/local/bin/redis-server',
  '/opt/homebrew/bin/redis-server',
].find((path) => path !== undefined && existsSync(path));
const IN_CI = process.env['CI'] !== undefined && process.env['CI'] !== '';
const START_MS = 15_000;
/** Kills the server when this process is gone, whatever became of it: then its standard input ends. */
const KEEPER = '"$@" > /dev/null 2>&1 & echo $!; read -r _; kill -9 $!; wait $!';

if (BINARY === undefined && !IN_CI) {
  console.warn('SKIPPED: test/store/redis* needs a Redis server, and there is none (Debian package redis-server).');
}

/** As `describe`, for what needs a server. In CI a server that is not there is a failure, and not a reason to skip. */
export const describeRedis: (name: string, suite: () => void) => void = describe.skipIf(BINARY === undefined && !IN_CI);

/** Starts a server on a free port, with more options where a test needs them. */
export async function startRedis(...more: readonly string[]): Promise<RedisServer> {
  if (BINARY === undefined) throw new Error('redis-server is missing: install the Debian package redis-server.');
  const [binary, port, dir] = [BINARY, await freePort(), mkdtempSync(join(tmpdir(), 'sallyport-redis-'))];
  const clients: Redis[] = [];
  let keeper: ChildProcess | undefined;
  let pid = 0;

  async function start(): Promise<void> {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--appendonly', 'no'];
    keeper = spawn('/bin/sh', ['-c', KEEPER, 'sh', binary, ...options, ...more], { stdio: ['pipe', 'pipe', 'ignore'] });
    const [printed] = keeper.stdout === null ? [] : await once(keeper.stdout, 'data');
    pid = Number(String(printed));
    const started = performance.now();
    // Another's server on this port would answer too.
    while (!(await ask(port, 'INFO server')).includes(`process_id:${pid}\r`)) {
      if (performance.now() - started > START_MS) throw new Error(`redis-server does not answer on port ${port}.`);
      await pause(10);
    }
  }

  async function kill(): Promise<void> {
    if (keeper === undefined || keeper.exitCode !== null) return;
    const gone = once(keeper, 'exit');
    keeper.stdin?.end();
    await gone;
  }

  await start();
  return {
    port,
    start,
    kill,
    freeze: () => void process.kill(pid, 'SIGSTOP'),
    thaw: () => void process.kill(pid, 'SIGCONT'),
    async connect() {
      const client = await connectOnce(port);
      clients.push(client);
      return client;
    },
    async close() {
      for (const client of clients) client.disconnect();
      await kill();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** What a server answers to one line, or nothing. */
function ask(port: number, line: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(`${line}\r\n`));
    socket.once('data', (chunk) => {
      socket.destroy();
      resolve(String(chunk));
    });
    socket.once('error', () => resolve(''));
    socket.once('close', () => resolve(''));
  });
}

/** A free port below those that systems give to outgoing connections, so that it is still free for a second start. */
async function freePort(): Promise<number> {
  for (;;) {
    const port = 10_000 + Math.floor(Math.random() * 20_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once('error', () => resolve(false));
      probe.listen(port, '127.0.0.1', () => probe.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}
