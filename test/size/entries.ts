/** What somebody imports, what it may weigh, and which other rooms may come along. */
export interface Entry {
  readonly name: string;
  readonly code: string;
  /** Bundled, minified and gzipped; 1 KB is 1,024 bytes. */
  readonly budgetBytes: number;
  /** Rooms on the floor of the tools or above of which a word may be in the bundle; lower floors are everybody's. */
  readonly rooms: readonly string[];
}

const kilobytes = (count: number): number => Math.floor(count * 1024);

export const entries: readonly Entry[] = [
  {
    name: 'pkce (client)',
    code: `export { createPkce } from 'sallyport/pkce';`,
    budgetBytes: kilobytes(1),
    rooms: ['pkce'],
  },
  {
    // The refusal table alone is 1 KB, of this and of every other.
    name: 'pkce (whole room)',
    code: `export * from 'sallyport/pkce';`,
    budgetBytes: kilobytes(1.65),
    rooms: ['pkce'],
  },
  {
    // 5 KB was the aim. Strict JSON is 0.8 of it, the refusals 1, and the 14 algorithms, claims, cache hooks and bindings the rest.
    name: 'jwt (verifier)',
    code: `export { createJwtVerifier } from 'sallyport/jwt';`,
    budgetBytes: kilobytes(7.2),
    rooms: ['jwt'],
  },
  {
    // 1 KB of it is the refusal table, and as much the Lua of the steps, which a store in memory does not need.
    name: 'limiter, memory store',
    code: `export { createLimiter } from 'sallyport/limiter';\nexport { memoryStore } from 'sallyport/store';`,
    budgetBytes: kilobytes(8.3),
    rooms: ['limiter'],
  },
  {
    // 2.2 KB was the aim, which valibot's weighs. Patterns, defaults, `check`, the rules' params and the counting of work are 1 of it.
    name: 'schema (typical body)',
    code: `export { array, int, object, oneOf, optional, parse, string } from 'sallyport/schema';`,
    budgetBytes: kilobytes(3.3),
    rooms: ['schema'],
  },
  {
    name: 'headers',
    code: `export * from 'sallyport/headers';`,
    budgetBytes: kilobytes(2.5),
    rooms: ['headers'],
  },
  {
    // All stages are in it, whether a policy asks for them or not.
    name: 'secure()',
    code: `export { definePolicy, secure } from 'sallyport';`,
    budgetBytes: kilobytes(16),
    rooms: ['secure', 'limiter', 'access', 'headers', 'cross-origin'],
  },
  {
    name: 'the orders example',
    code: [
      `export { createBearerAuth, definePolicy, secure } from 'sallyport';`,
      `export { createJwtVerifier, createRemoteKeySet } from 'sallyport/jwt';`,
      `export { array, int, object, oneOf, optional, string } from 'sallyport/schema';`,
      `export { memoryStore } from 'sallyport/store';`,
    ].join('\n'),
    budgetBytes: kilobytes(30),
    rooms: ['secure', 'jwt', 'schema', 'limiter', 'access', 'headers', 'cross-origin'],
  },
];
