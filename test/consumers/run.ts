import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const here = fileURLToPath(new URL('.', import.meta.url));
const cache = `${root}.cache/consumers/`;

const node = process.execPath;
const tsc = `${root}node_modules/typescript/bin/tsc`;
const esbuild = `${root}node_modules/esbuild/bin/esbuild`;
const bundle = [esbuild, 'main.ts', '--bundle', '--format=esm', '--log-level=warning', '--outfile=out/main.js'];

/** What each project does with the package once it is installed. */
const projects: Readonly<Record<string, readonly (readonly string[])[]>> = {
  esm: [[node, 'main.js']],
  cjs: [[node, 'main.js']],
  nodenext: [[node, tsc], [node, 'out/main.js']],
  bundler: [[node, tsc], bundle, [node, 'out/main.js']],
  node10: [[node, tsc], [node, 'out/main.js']],
};

if (!existsSync(`${root}dist/index.js`)) throw new Error('There is no dist: run `npm run build` first.');
rmSync(cache, { recursive: true, force: true });
mkdirSync(cache, { recursive: true });
// The tarball is what a guest gets: a file forgotten in `files` is missing here, as it would be for them.
run(root, 'npm', ['pack', '--silent', '--pack-destination', cache]);
const tarball = readdirSync(cache).find((name) => name.endsWith('.tgz'));
if (tarball === undefined) throw new Error('npm pack made no tarball.');

const doors = Object.keys(JSON.parse(readFileSync(`${root}package.json`, 'utf8')).exports)
  .filter((door) => door !== './package.json')
  .map((door) => `sallyport${door.slice(1)}`);

for (const [name, steps] of Object.entries(projects)) {
  const folder = `${cache}${name}`;
  cpSync(`${here}${name}`, folder, { recursive: true });
  run(folder, 'npm', ['install', '--silent', '--no-save', '--no-audit', '--no-fund', '--offline', `../${tarball}`]);
  // The declarations of every door are compiled, not only of those that the program uses.
  writeFileSync(
    `${folder}/doors.ts`,
    doors.map((door, index) => `export type * as door${index} from '${door}';\n`).join(''),
  );
  const printed = steps.map(([command = '', ...args]) => run(folder, command, args).trim()).join(' ').trim();
  console.log(`${name.padEnd(9)} ${printed}`);
}

function run(cwd: string, command: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(command, args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (status === 0) return stdout;
  console.error(stdout);
  throw new Error(`Failed in ${cwd}: ${command} ${args.join(' ')}`);
}
