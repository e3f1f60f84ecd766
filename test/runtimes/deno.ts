import { spawnSync } from 'node:child_process';
import { installRuntimes, root } from './install.ts';
import { findBinary } from './runtime.ts';

// The formatter, the linter and the doc linter are Deno's; this runs the cached one, so that nobody has to install it.
installRuntimes();
const deno = findBinary('deno');
if (deno === undefined) {
  throw new Error(
    `There is no cached Deno for ${process.platform}-${process.arch}: run your own with the same arguments.`,
  );
}
process.exitCode = spawnSync(deno, process.argv.slice(2), { cwd: root, stdio: 'inherit' }).status ?? 1;
