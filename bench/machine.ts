import { readFile } from 'node:fs/promises';
import { availableParallelism, cpus } from 'node:os';
import process from 'node:process';

/** The processor and how much of it there is; no name that tells whose it is. */
export function describeMachine(): string {
  const model = cpus()[0]?.model.trim().replace(/\s+/g, ' ') ??
    'unknown processor';
  const cores = availableParallelism();
  return `${model}, ${cores} ${cores === 1 ? 'core' : 'cores'}, ${process.platform} ${process.arch}`;
}

/** The runtime and its version. */
export function describeRuntime(): string {
  const { versions } = process;
  // Bun and Deno name Node's version too, for programs that ask.
  if (versions['bun'] !== undefined) return `Bun ${versions['bun']}`;
  if (versions['deno'] !== undefined) return `Deno ${versions['deno']}`;
  return `Node ${versions.node}`;
}

/** The version that is installed, not the one that was asked for. */
export async function versionOf(name: string): Promise<string> {
  const manifest: unknown = JSON.parse(
    await readFile(
      new URL(`./node_modules/${name}/package.json`, import.meta.url),
      'utf8',
    ),
  );
  return String(Reflect.get(Object(manifest), 'version'));
}
