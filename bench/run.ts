/** `npm run bench -- [case …] [--json] [--quick]`: us and the rivals, in one run. */
import process from 'node:process';
import { buildCases } from './build.ts';
import { FULL_EFFORT, QUICK_EFFORT, type Suite } from './harness.ts';
import { describeMachine, describeRuntime, versionOf } from './machine.ts';
import { formatReport, toJsonLine } from './report.ts';

const CASES: readonly string[] = ['headers', 'jwt', 'limiter', 'schema', 'secure'];
/** Run where they are named: they take minutes, and a program that is no package. */
const NAMED_CASES: readonly string[] = ['wrk'];
const FLAGS: readonly string[] = ['--json', '--quick'];

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith('--'));
for (const arg of args) {
  if (!CASES.includes(arg) && !NAMED_CASES.includes(arg) && !FLAGS.includes(arg)) {
    throw new TypeError(
      `There is no ${arg}; there are ${[...CASES, ...NAMED_CASES, ...FLAGS].join(', ')}.`,
    );
  }
}
const json = args.includes('--json');
const effort = args.includes('--quick') ? QUICK_EFFORT : FULL_EFFORT;
const machine = describeMachine();
const runtime = describeRuntime();
const locate = await buildCases([
  ...[...CASES, ...NAMED_CASES].map((name) => `${name}.bench`),
  'headers.growth',
  'limiter.memory',
  'limiter.flood',
  'limiter.collisions',
  'jwt.memory',
  'jwt.flood',
  'schema.child',
  'schema.failing',
  'wrk.server',
]);

for (const name of named.length > 0 ? [...CASES, ...NAMED_CASES].filter((one) => named.includes(one)) : CASES) {
  const suite: Suite = await import(locate(`${name}.bench`));
  const versions: Record<string, string> = {};
  for (const rival of suite.rivals) versions[rival] = await versionOf(rival);
  if (!json) {
    const list = Object.entries(versions).map(([rival, version]) => `${rival} ${version}`).join(', ');
    console.log(`\n# ${name}\n\n${runtime}; ${machine}\nAgainst ${list}`);
  }
  for await (const report of suite.run(effort)) {
    console.log(
      json ? toJsonLine(report, { runtime, machine, versions }) : formatReport(report),
    );
  }
}
// Some rivals leave timers behind.
process.exit(0);
