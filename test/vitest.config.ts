import { fileURLToPath } from 'node:url';
import { defineConfig, type ViteUserConfig } from 'vitest/config';

const root = fileURLToPath(new URL('..', import.meta.url));

const config: ViteUserConfig = defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^sallyport$/, replacement: `${root}src/index.ts` },
      { find: /^sallyport\/(.+)$/, replacement: `${root}src/$1/index.ts` },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    // .ci/run ends with the count.
    reporters: process.env['CI'] ? ['default', ['json', { outputFile: `${root}.cache/vitest.json` }]] : ['default'],
    // Two cores and many small files: a process per file costs more than the tests in it.
    pool: 'threads',
    // Much of the time is spent waiting for servers: as many threads as cores, and not one fewer, which is the default.
    maxWorkers: '100%',
    // Key generation and properties are slow on the slowest runtime, not hung.
    testTimeout: 20_000,
    env: { SALLYPORT_RUNTIME: process.env['SALLYPORT_RUNTIME'] ?? 'node' },
  },
});

export default config;
