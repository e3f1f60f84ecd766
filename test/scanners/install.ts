import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const cache = fileURLToPath(new URL('../../.cache/scanners/', import.meta.url));
const preloaded = `${cache}node_modules/@mdn/mdn-http-observatory/conf/hsts-preload.json`;
const manifests: readonly string[] = ['package.json', 'package-lock.json'];

/** Whether the scanners are there, in the versions that are asked for. */
export function hasScanners(): boolean {
  return existsSync(preloaded) &&
    manifests.every((name) => readFileSync(here + name, 'utf8') === readFileSync(cache + name, 'utf8'));
}

/** Brings the scanners into .cache/scanners: 42 MB, out of the root install, which `npm test` alone must not wait for. */
export function installScanners(): void {
  if (hasScanners()) return;
  mkdirSync(cache, { recursive: true });
  for (const name of manifests) copyFileSync(here + name, cache + name);
  // Without scripts: the one that is left out downloads two lists. Of these a scan reads the one of hosts that browsers know for https.
  const flags = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const { status, stderr } = spawnSync('npm', flags, { cwd: cache, encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`The scanners cannot be installed: npm ci failed in .cache/scanners.\n${stderr}`);
  }
  // Written last, and so also the sign that the install is whole. An empty list can only cost points: 5 for a host that stands in it.
  writeFileSync(preloaded, '{}');
}

/** Loads a CommonJS package that only `installScanners` brings. What it exports is for the caller to say. */
export function load(specifier: string): unknown {
  return createRequire(`${cache}package.json`)(specifier);
}

/** Finds one that is an ES module. */
export function locate(specifier: string): string {
  return pathToFileURL(createRequire(`${cache}package.json`).resolve(specifier))
    .href;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) installScanners();
