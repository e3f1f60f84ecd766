import { expect, it } from 'vitest';

const agents: Record<string, RegExp> = {
  deno: /^Deno\//,
  bun: /^Bun\//,
  workerd: /^Cloudflare-Workers$/,
  node: /^Node\.js\//,
  node22: /^Node\.js\/22$/,
  node24: /^Node\.js\/24$/,
  node26: /^Node\.js\/26$/,
};

// A runner that falls back to the Node that started it would prove nothing, and say so nowhere.
it('the suite runs on the runtime that was asked for', () => {
  // Node 20 has no `navigator`.
  const agent = globalThis.navigator?.userAgent ?? `Node.js/${process.versions.node}`;
  expect(agent).toMatch(agents[process.env['SALLYPORT_RUNTIME'] ?? 'node'] ?? /^$/);
});
