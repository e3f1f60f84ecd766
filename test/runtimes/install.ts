import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));

export const root: string = fileURLToPath(new URL('../../', import.meta.url));
export const cache: string = `${root}.cache/runtimes/`;

// About 1 GB of binaries: out of the root install, so that a contributor who only runs `npm test` never waits for them.
export function installRuntimes(): void {
  if (isCurrent()) return;
  mkdirSync(cache, { recursive: true });
  copyFileSync(`${here}package.json`, `${cache}package.json`);
  copyFileSync(`${here}package-lock.json`, `${cache}package-lock.json`);
  console.log('Fetching the other runtimes into .cache/runtimes ...');
  // Without peers: `vitest` is then found above, in the root install, and the suite never meets a second copy of it.
  // Without scripts: every binary ships inside a platform package.
  // `install`, not `ci`: `ci` refuses a lockfile that lacks a platform package which a registry does not carry.
  const flags = [
    'install',
    '--no-save',
    '--legacy-peer-deps',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
  ];
  const { status } = spawnSync('npm', flags, { cwd: cache, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) throw new Error('The other runtimes cannot be installed: npm install failed in .cache/runtimes.');
}

// npm writes this hidden lockfile last, so a half-finished install is never taken for a whole one.
function isCurrent(): boolean {
  if (!existsSync(`${cache}node_modules/.package-lock.json`)) return false;
  return ['package.json', 'package-lock.json'].every((name) =>
    existsSync(cache + name) && readFileSync(cache + name, 'utf8') === readFileSync(here + name, 'utf8')
  );
}
