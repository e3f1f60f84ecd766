import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { build } from 'esbuild';
import { describe } from 'vitest';
import { freePort } from '../end-to-end/example.ts';
import { cache, root } from '../runtimes/install.ts';

/** A Worker with Durable Objects on disk, in a workerd of a test's own. */
export interface WorkerdServer {
  readonly origin: string;
  /** Ends the process, as an eviction would the object, and starts another upon the same disk. */
  readonly restart: () => Promise<void>;
  readonly close: () => Promise<void>;
}

const PLATFORM = `${process.platform === 'win32' ? 'windows' : process.platform}-${
  process.arch === 'x64' ? '64' : process.arch
}`;
const BINARY = `${cache}node_modules/@cloudflare/workerd-${PLATFORM}/bin/workerd`;
const IN_CI = process.env['CI'] !== undefined && process.env['CI'] !== '';
const IS_MISSING = !existsSync(BINARY);
const START_MS = 30_000;

if (IS_MISSING && !IN_CI) {
  console.warn('SKIPPED: test/store/recipe-durable-object needs the cached workerd (npm run runtimes fetches it).');
}

/** As `describe`, for what needs workerd. In CI one that is not there is a failure, and not a reason to skip. */
export const describeWorkerd: (name: string, suite: () => void) => void = describe.skipIf(IS_MISSING && !IN_CI);

/** Starts a Worker, whose module exports the classes of these bindings. */
export async function startWorkerd(entry: string, bindings: Readonly<Record<string, string>>): Promise<WorkerdServer> {
  if (IS_MISSING) throw new Error('workerd is missing: npm run runtimes fetches it.');
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-workerd-'));
  const port = await freePort();
  let child: ChildProcess | undefined;
  await build({
    entryPoints: [entry],
    outfile: join(folder, 'worker.js'),
    bundle: true,
    format: 'esm',
    external: ['cloudflare:workers'],
    tsconfig: `${root}tsconfig.json`,
    logLevel: 'error',
  });
  mkdirSync(join(folder, 'disk'));
  const rows = Object.entries(bindings);
  writeFileSync(
    join(folder, 'config.capnp'),
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      bindings = [${rows.map(([name, className]) => `(name = "${name}", durableObjectNamespace = "${className}")`)}],
      durableObjectNamespaces = [${
      rows.map(([, className]) => `(className = "${className}", uniqueKey = "${className}", enableSql = true)`)
    }],
      durableObjectStorage = (localDisk = "disk"),
      compatibilityDate = "2026-01-01",
    )),
    (name = "disk", disk = (path = "${join(folder, 'disk')}", writable = true)),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`,
  );

  async function start(): Promise<void> {
    const starting = spawn(BINARY, ['serve', join(folder, 'config.capnp')], { stdio: ['ignore', 'ignore', 'pipe'] });
    child = starting;
    const kill = (): void => void starting.kill('SIGKILL');
    process.once('exit', kill);
    starting.once('exit', () => process.off('exit', kill));
    let printed = '';
    starting.stderr.on('data', (chunk) => printed += chunk);
    const started = performance.now();
    while (
      !await fetch(`http://127.0.0.1:${port}/read`, { method: 'POST', body: '{"keys":[]}' }).then(isOk, () => false)
    ) {
      if (starting.exitCode !== null || performance.now() - started > START_MS) {
        throw new Error(`workerd does not answer on port ${port}:\n${printed}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  async function stop(): Promise<void> {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  await start();
  return {
    origin: `http://127.0.0.1:${port}`,
    async restart() {
      await stop();
      await start();
    },
    async close() {
      await stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function isOk(response: Response): Promise<boolean> {
  await response.arrayBuffer();
  return response.ok;
}
