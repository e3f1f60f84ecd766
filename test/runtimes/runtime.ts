import { existsSync } from 'node:fs';
import { cache, root } from './install.ts';

export interface Runtime {
  readonly name: string;
  /** Where the executable is for this machine, whether or not it is there. */
  readonly binary: string;
  /** What is passed to the binary to run the suite on the given test files. */
  readonly suite: (files: readonly string[]) => readonly string[];
  /** Servers, files and child processes are Node's business: `*.node.test.ts` runs there alone. */
  readonly runsNodeTests: boolean;
}

const platform = `${process.platform}-${process.arch}`;
const modules = `${cache}node_modules/`;
const vitest = [`${root}node_modules/vitest/vitest.mjs`, 'run', '--reporter=dot', '--config'];
const config = `${root}test/vitest.config.ts`;
const workerdConfig = `${root}test/runtimes/workerd.config.ts`;
const denoPackage = process.platform === 'linux' ? `${platform}-glibc` : platform;
const bunPackage = platform.replace('arm64', 'aarch64');

/** What is asked of the sources, of Chromium and of the scanners is the same whichever Node asks. */
const ONCE = ['test/house/**', 'test/browser/**', 'test/scanners/**'];
/** Redis, other stores, compilers and judges meet the oldest Node and the newest. */
const TWICE = ['store', 'schema', 'jwt', 'secure'].map((room) => `test/${room}/**/*.node.test.ts`);

function node(major: number, excluded: readonly string[]): Runtime {
  return {
    name: `node${major}`,
    binary: `${modules}node${major}-${platform}/bin/node`,
    suite: () => [...vitest, config, ...excluded.flatMap((pattern) => ['--exclude', pattern])],
    runsNodeTests: true,
  };
}

export const runtimes: readonly Runtime[] = [
  node(22, [...ONCE, ...TWICE]),
  node(24, [...ONCE, ...TWICE]),
  node(26, ONCE),
  {
    name: 'deno',
    binary: `${modules}@deno/${denoPackage}/deno`,
    // Forks, because Deno's worker threads lack `parentPort.removeAllListeners`, which vitest calls when it takes a thread down.
    suite: () => ['run', '-A', ...vitest, config, '--pool=forks', '--exclude', '**/*.node.test.ts'],
    runsNodeTests: false,
  },
  {
    name: 'bun',
    binary: `${modules}@oven/bun-${bunPackage}/bin/bun`,
    suite: (files) => ['test', '--timeout', '20000', '--dots', ...files.map((file) => `./${file}`)],
    runsNodeTests: false,
  },
  {
    // The tests run inside workerd; what drives it needs a newer Node than the oldest we support.
    name: 'workerd',
    binary: `${modules}node24-${platform}/bin/node`,
    suite: () => [...vitest, workerdConfig],
    runsNodeTests: false,
  },
];

export function findBinary(name: string): string | undefined {
  const runtime = runtimes.find((one) => one.name === name);
  return runtime !== undefined && existsSync(runtime.binary) ? runtime.binary : undefined;
}
