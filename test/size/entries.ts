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
    budgetBytes: kilobytes(1.8),
    rooms: ['pkce'],
  },
  {
    // 5 KB was the aim. Strict JSON is 0.8 of it, the refusals 1, and the 14 algorithms, claims, cache hooks and bindings the rest.
    name: 'jwt (verifier)',
    code: `export { createJwtVerifier } from 'sallyport/jwt';`,
    budgetBytes: kilobytes(7.35),
    rooms: ['jwt'],
  },
  {
    // 1 KB of it is the refusal table, and as much the Lua of the steps, which a store in memory does not need.
    name: 'limiter, memory store',
    code: `export { createLimiter } from 'sallyport/limiter';\nexport { memoryStore } from 'sallyport/store';`,
    budgetBytes: kilobytes(8.8),
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
    name: 'headers (policy, nonce)',
    code: `export { createHeaderPolicy, createNonce } from 'sallyport/headers';`,
    budgetBytes: kilobytes(2.6),
    rooms: ['headers'],
  },
  {
    name: 'headers (CSP)',
    code: `export { createCsp, nonce, self, strictDynamic } from 'sallyport/headers';`,
    budgetBytes: kilobytes(2.4),
    rooms: ['headers'],
  },
  {
    // 2 KB was the aim. The refusal, its table and the checks of options are 1.4 KB, the rules of what an origin, a method or a header may be 1.
    name: 'cross-origin, whole',
    code: `export * from 'sallyport/cross-origin';`,
    budgetBytes: kilobytes(4.9),
    rooms: ['cross-origin'],
  },
  {
    // 2.5 KB was the aim; what a hostile review found is the rest.
    name: 'html, whole',
    code: `export * from 'sallyport/html';`,
    budgetBytes: kilobytes(2.65),
    rooms: ['html'],
  },
  {
    // The refusal and its table are 0.8 of it.
    name: 'access, whole',
    code: `export * from 'sallyport/access';`,
    budgetBytes: kilobytes(3.75),
    rooms: ['access'],
  },
  {
    name: 'net (client, host, https)',
    code: `export { createClientResolver, createHostCheck, createHttpsCheck } from 'sallyport/net';`,
    budgetBytes: kilobytes(5.3),
    rooms: [],
  },
  {
    // Its own stages are all in it, whether a policy asks for them or not; what tools make comes with them. Of the limiter there are keys alone, of schemas nothing.
    name: 'secure()',
    code: `export { definePolicy, secure } from 'sallyport';`,
    budgetBytes: kilobytes(16),
    rooms: ['secure', 'access', 'headers', 'cross-origin'],
  },
  {
    name: 'secure() with limits',
    code: `export { createLimits, definePolicy, secure } from 'sallyport';`,
    budgetBytes: kilobytes(20.7),
    rooms: ['secure', 'limiter', 'access', 'headers', 'cross-origin'],
  },
  {
    name: 'secure() and its tools',
    code: [
      `export { createBearerAuth, createIdempotency, createLimits, createModes, definePolicy, secure } from 'sallyport';`,
      `export { createCors, createCrossOriginCheck } from 'sallyport/cross-origin';`,
      `export { createClientResolver, createHostCheck, createHttpsCheck, createIfMatch, createIpList } from 'sallyport/net';`,
    ].join('\n'),
    budgetBytes: kilobytes(32.4),
    rooms: ['secure', 'limiter', 'access', 'headers', 'cross-origin'],
  },
  {
    name: 'lint and description',
    code: `export { describePolicy, lintPolicy } from 'sallyport';`,
    budgetBytes: kilobytes(15.5),
    rooms: ['secure', 'access', 'headers', 'cross-origin'],
  },
  {
    name: 'the orders example',
    code: [
      `export { createBearerAuth, createIdempotency, createLimits, definePolicy, describePolicy, secure } from 'sallyport';`,
      `export { createCors } from 'sallyport/cross-origin';`,
      `export { createJwtVerifier, createRemoteKeySet } from 'sallyport/jwt';`,
      `export { array, fromText, int, object, oneOf, optional, string, uuid } from 'sallyport/schema';`,
      `export { memoryStore } from 'sallyport/store';`,
    ].join('\n'),
    budgetBytes: kilobytes(43.8),
    rooms: ['secure', 'jwt', 'schema', 'limiter', 'access', 'headers', 'cross-origin'],
  },
];
