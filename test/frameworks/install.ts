import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const examples = fileURLToPath(new URL('../../examples/frameworks/', import.meta.url));

/** Whether the frameworks are there. */
export function areInstalled(): boolean {
  // npm writes this hidden lockfile last.
  return existsSync(`${examples}node_modules/.package-lock.json`);
}

// Out of the root install, so that a contributor who only runs `npm test` never waits for them.
if (process.argv[1] === fileURLToPath(import.meta.url) && !areInstalled()) {
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status } = spawnSync('npm', flags, { cwd: examples, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('The frameworks cannot be installed: npm ci failed in examples/frameworks.');
}
