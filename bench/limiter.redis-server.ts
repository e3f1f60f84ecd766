import { Redis } from 'ioredis';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';

/** A server of this machine, and what reaches it. */
export interface Server {
  readonly connect: () => Redis;
  readonly stop: () => void;
}

/** Whether this machine has a server to start. */
export function hasServer(): boolean {
  return spawnSync('redis-server', ['--version']).status === 0;
}

/** Starts a server that keeps nothing, and resolves when it answers. */
export async function startServer(): Promise<Server> {
  const port = await freePort();
  const options = ['--save', '', '--appendonly', 'no', '--port', String(port), '--dir', tmpdir()];
  const child: ChildProcess = spawn('redis-server', options, { stdio: 'ignore' });
  const clients: Redis[] = [];
  const connect = (): Redis => {
    const client = new Redis({ port, host: '127.0.0.1' });
    clients.push(client);
    return client;
  };
  // It tries until the server is there, and tells each time that it is not.
  await connect().on('error', () => undefined).ping();
  return {
    connect,
    stop: () => {
      for (const client of clients) client.disconnect();
      child.kill('SIGKILL');
    },
  };
}

async function freePort(): Promise<number> {
  return await new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
    });
  });
}
