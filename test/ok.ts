import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const report = '.cache/vitest.json';
const deno = 'tsx test/runtimes/deno.ts';

/** Everything that must hold, cheapest first; `npm run ok` stops at the first that does not. */
const checks: readonly (readonly [title: string, command: string])[] = [
  ['format', `${deno} fmt --check`],
  ['lint', `${deno} lint`],
  ['lint of the house', `${deno} lint --rules-include=explicit-function-return-type,default-param-last src`],
  ['types', 'tsc'],
  ['types of the frameworks', 'tsx test/frameworks/install.ts && tsc -p examples/frameworks/tsconfig.json'],
  ['tests and house laws', `npm test -- --reporter=default --reporter=json --outputFile.json=${report}`],
  ['examples in docstrings', `${deno} test -A --doc --quiet --no-lock src`],
  ['types under Deno', `${deno} check --quiet --no-lock src examples/orders/deno.ts`],
  ['doc lint', `${deno} doc --lint --quiet src/index.ts src/*/index.ts`],
  ['the same tests on Node 22, 24 and 26, Deno, Bun and workerd', 'npm run --silent runtimes'],
  ['build', 'npm run --silent build'],
  ['npm package', 'publint --strict'],
  ['npm types', 'attw --pack .'],
  ['JSR package', `${deno} publish --dry-run --allow-dirty --no-provenance`],
  ['consumers', 'npm run --silent consumers'],
  ['end to end on Node, Deno and Bun', 'npm run --silent e2e'],
  ['size', 'npm run --silent size'],
];

// What `npm cit` has just proved of the same tree, .ci/run need not have proved again.
const isTested = process.env['SALLYPORT_TESTED'] === '1';

const started = performance.now();
for (const [title, command] of checks) {
  if (isTested && command.startsWith('npm test')) continue;
  console.log(`\n=== ${title}\n    ${command}`);
  const since = performance.now();
  // Under `npm run` the tools of the root install are on the PATH.
  const { status } = spawnSync(command, { cwd: root, shell: true, stdio: ['ignore', 'inherit', 'inherit'] });
  if (status !== 0) {
    console.error(`\nnot ok: ${title}`);
    process.exit(1);
  }
  console.log(`    ${seconds(since)} s`);
}

const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(root + report, 'utf8'));
if (numPassedTests === 0 || numFailedTests > 0) throw new Error('The tests did not run, or failed.');
console.log(`\nok: ${checks.length} checks in ${seconds(started)} s\n`);
console.log(`${numPassedTests} passed, ${numFailedTests} failed`);

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1);
}
