import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { installRuntimes, root } from './install.ts';
import { countPassed } from './count-passed.ts';
import { type Runtime, runtimes } from './runtime.ts';

const tenMinutes = 600_000;

// Usage: tsx test/runtimes/run.ts [node22 node24 node26 deno bun workerd]
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !runtimes.some((runtime) => runtime.name === name));
if (unknown.length > 0) {
  throw new TypeError(
    `Unknown runtime ${unknown.join(', ')}; known are ${runtimes.map(({ name }) => name).join(', ')}.`,
  );
}

installRuntimes();
const portable = readdirSync(`${root}test`, { recursive: true, encoding: 'utf8' })
  .map((path) => `test/${path.replaceAll('\\', '/')}`)
  .filter((path) => path.endsWith('.test.ts') && !path.endsWith('.node.test.ts'))
  .sort();

const lines: string[] = [];
const portableCounts = new Set<number>();
let failed = false;
for (const runtime of runtimes.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
  const line = runSuite(runtime);
  lines.push(line);
  console.log(line);
}
console.log(`\n${lines.join('\n')}`);
// The same files run on each, so one that counts fewer has dropped some without a word.
if (portableCounts.size > 1) {
  failed = true;
  console.log(`FAILED: runtimes disagree on how many tests there are: ${[...portableCounts].join(', ')}`);
}
process.exitCode = failed ? 1 : 0;

function runSuite(runtime: Runtime): string {
  const name = runtime.name.padEnd(8);
  if (!existsSync(runtime.binary)) {
    // On a contributor's machine an unusual platform is no fault; in CI a runtime that silently did not run is.
    if (process.env['CI'] !== undefined && process.env['CI'] !== '') failed = true;
    return `${name} SKIPPED: no binary for ${process.platform}-${process.arch}`;
  }
  console.log(`\n--- ${runtime.name}`);
  const started = performance.now();
  const { status, stdout, stderr } = spawnSync(runtime.binary, runtime.suite(portable), {
    cwd: root,
    encoding: 'utf8',
    timeout: tenMinutes,
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, NO_COLOR: '1', SALLYPORT_RUNTIME: runtime.name },
  });
  const output = stripVTControlCharacters(`${stdout}\n${stderr}`);
  const passed = countPassed(output);
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  // A bundler that drops test files as free of side effects exits 0 with nothing run: the count is the proof.
  if (status === 0 && passed > 0) {
    if (!runtime.runsNodeTests) portableCounts.add(passed);
    return `${name} ${passed} passed in ${seconds} s`;
  }
  failed = true;
  console.log(output);
  return `${name} FAILED: exit ${status}, ${passed} passed in ${seconds} s`;
}
