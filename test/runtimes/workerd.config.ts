import { mergeConfig, type ViteUserConfig } from 'vitest/config';
import shared from '../vitest.config.ts';

// From the cache folder, because the plugin and its 100 MB binary are no part of the root install.
const plugin = new URL(
  '../../.cache/runtimes/node_modules/@cloudflare/vitest-plugin/dist/pool/index.mjs',
  import.meta.url,
);
const { cloudflareTest } = await import(plugin.href);

const config: ViteUserConfig = mergeConfig(shared, {
  plugins: [
    // `nodejs_compat` is for the test runner; test/house proves that src never asks for it.
    cloudflareTest({ miniflare: { compatibilityDate: '2026-09-01', compatibilityFlags: ['nodejs_compat'] } }),
  ],
  test: { exclude: ['**/*.node.test.ts'], env: { SALLYPORT_RUNTIME: 'workerd' } },
});

export default config;
