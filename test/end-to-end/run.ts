import { mkdirSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { cache, installRuntimes } from '../runtimes/install.ts';
import { findBinary } from '../runtimes/runtime.ts';
import { checkGuide } from './check.ts';
import { type Example, freePort, hasCurl, root, startExample } from './example.ts';

// Usage: tsx test/end-to-end/run.ts [node deno bun workerd]
const STARTERS: Readonly<Record<string, (port: number) => Promise<Example | undefined>>> = {
  node: (port) => startExample(process.execPath, ['--import', 'tsx', 'examples/orders/node.ts'], port),
  deno: (port) => startWith('deno', ['run', '-A', 'examples/orders/deno.ts'], port),
  bun: (port) => startWith('bun', ['run', 'examples/orders/bun.ts'], port),
  workerd: startWorkerd,
};

function startWith(name: string, args: readonly string[], port: number): Promise<Example | undefined> {
  const binary = findBinary(name);
  return binary === undefined ? Promise.resolve(undefined) : startExample(binary, args, port);
}

/** workerd runs one module under a configuration, so the example is bundled and its network opened to this machine. */
async function startWorkerd(port: number): Promise<Example | undefined> {
  const platform = `${process.platform === 'win32' ? 'windows' : process.platform}-${
    process.arch === 'x64' ? '64' : process.arch
  }`;
  const binary = `${cache}node_modules/@cloudflare/workerd-${platform}/bin/workerd`;
  const folder = `${root}.cache/end-to-end`;
  mkdirSync(folder, { recursive: true });
  await build({
    entryPoints: [`${root}examples/orders/workerd.ts`],
    outfile: `${folder}/worker.js`,
    bundle: true,
    format: 'esm',
    tsconfig: `${root}tsconfig.json`,
    logLevel: 'error',
  });
  writeFileSync(
    `${folder}/config.capnp`,
    `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [
    (name = "main", worker = (
      modules = [(name = "worker", esModule = embed "worker.js")],
      bindings = [(name = "ORIGIN", text = "http://127.0.0.1:${port}")],
      compatibilityDate = "2026-01-01",
    )),
    (name = "internet", network = (allow = ["public", "private", "local"])),
  ],
  sockets = [(name = "http", address = "127.0.0.1:${port}", http = (), service = "main")],
);
`,
  );
  return startExample(
    binary,
    ['serve', `${folder}/config.capnp`],
    port,
    () => fetch(`http://127.0.0.1:${port}/orders`),
  );
}

if (!hasCurl()) throw new Error('curl is missing: the lines to paste cannot be tried.');
installRuntimes();
const wanted = process.argv.slice(2);
for (const name of wanted.length > 0 ? wanted : Object.keys(STARTERS)) {
  const start = STARTERS[name];
  if (start === undefined) {
    throw new TypeError(`Unknown runtime ${name}; known are ${Object.keys(STARTERS).join(', ')}.`);
  }
  const example = await start(await freePort());
  if (example === undefined) {
    if (process.env['CI'] === 'true') throw new Error(`${name}: no binary for this platform.`);
    console.log(`${name.padEnd(8)} SKIPPED: no binary for this platform`);
    continue;
  }
  try {
    console.log(`${name.padEnd(8)} ${checkGuide(example)} pasted lines answered as the guide says`);
  } finally {
    await example.stop();
  }
}
