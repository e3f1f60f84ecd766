import { createVerifier } from 'fast-jwt';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { Buffer } from 'node:buffer';
import { createJwtVerifier, createKeySet, createTokenCache, importJwk } from 'sallyport/jwt';
import { compare, type Contender, type Effort, type Report, runChild, type Target } from './harness.ts';
import { createIssuer, type Issuer } from './issuer.ts';
import { fastVerify, keepUsable, type Verifier } from './jwt.verifiers.ts';

const TOKENS = 10_000;
/** Coprime to the number of tokens: every one is met, and none where the one before it was kept. */
const STRIDE = 7919;
const SCHEME = 'Bearer ';

/** A verifier, and how its answers are taken: at once, or awaited. */
interface CachedVerifier extends Verifier {
  readonly isAwaited: boolean;
}

/** Verifying tokens that were verified before. */
export async function* cachedReports(effort: Effort): AsyncGenerator<Report> {
  const issuer = await createIssuer(TOKENS);
  const { usable: verifiers, notes } = await keepUsable(await cachedVerifiers(issuer), issuer.tokens[0] ?? '');
  // Everybody who remembers meets every token once.
  for (const { verify } of verifiers.filter(({ isAwaited }) => !isAwaited)) {
    for (const token of issuer.tokens) await verify(token);
  }
  const words = `${TOKENS.toLocaleString('en-US')} distinct tokens`;
  const title = `A token that was verified before, ${words}`;
  yield {
    ...await compare({
      id: 'jwt/cached-fresh-strings',
      title: `${title}, each a fresh string, as a server's headers are`,
      unit: 'ns',
      // A server looks at a header as soon as it has read it: thousands at once would have left the processor's caches.
      maxOperations: 64,
      contenders: verifiers.map((verifier) => ({ ...verifier, ...freshStrings(verifier, issuer.tokens) })),
    }, effort),
    notes,
  };
  yield await compare({
    id: 'jwt/cached-same-strings',
    title: `${title}, the same string objects again, as only a loop in a bench has them`,
    unit: 'ns',
    contenders: verifiers.map((verifier) => ({ ...verifier, run: sameStrings(verifier, issuer.tokens) })),
  }, effort);
}

/** What is kept of a remembered token, measured in a process of its own. */
export async function memoryReport(): Promise<Report> {
  const [ours, rival] = await Promise.all(
    ['sallyport', 'fast-jwt'].map(async (who) => {
      const measured: unknown = JSON.parse(await runChild('./jwt.memory.mjs', [who, String(TOKENS)]));
      const read = (name: string): number => Number(Reflect.get(Object(measured), name)) / TOKENS;
      return { bytes: read('bytes'), estimate: read('estimate'), text: read('text') };
    }),
  );
  if (ours === undefined || rival === undefined) {
    throw new Error('Nothing was measured.');
  }
  const cautious: Target = { of: 'ratio', atLeast: 1 };
  return {
    id: 'jwt/cached-memory',
    title: `Memory of a remembered token, heap and buffers; of ${TOKENS.toLocaleString('en-US')}`,
    unit: 'bytes a token',
    rows: [
      { name: 'sallyport', kind: 'ours', value: ours.bytes },
      {
        name: 'sallyport: what it counts for it',
        kind: 'ours',
        value: ours.estimate,
        ratio: ours.estimate / ours.bytes,
        target: cautious,
      },
      {
        name: "fast-jwt (keeps a hash of the token's text)",
        kind: 'rival',
        value: rival.bytes,
        ratio: rival.bytes / ours.bytes,
      },
      { name: "the token's text alone", kind: 'floor', value: ours.text, ratio: ours.text / ours.bytes },
    ],
  };
}

/** A million bad tokens against a cache of good ones, each in a process of its own. */
export async function floodReports(count: number): Promise<readonly Report[]> {
  const rows = [];
  for (const who of ['sallyport', 'fast-jwt'] as const) {
    const measured: unknown = JSON.parse(await runChild('./jwt.flood.mjs', [who, String(count)]));
    const kind: Contender['kind'] = who === 'sallyport' ? 'ours' : 'rival';
    const read = (name: string): number => Number(Reflect.get(Object(measured), name));
    rows.push({ name: who, kind, growth: read('growth'), kept: read('kept'), good: read('good') });
  }
  const words = `${count.toLocaleString('en-US')} distinct bad tokens`;
  // What a process's own bookkeeping moves by, whatever it does.
  const flat: Target = { of: 'value', atMost: 1024 };
  return [{
    id: 'jwt/flood-heap',
    title: `What ${words} leave in the heap`,
    unit: 'KB in all',
    rows: rows.map(({ name, kind, growth }) => (
      { name, kind, value: growth / 1024, ...(kind === 'ours' ? { target: flat } : {}) }
    )),
  }, {
    id: 'jwt/flood-cache',
    title: `How many of ${rows[0]?.good} good tokens are still remembered after ${words}`,
    unit: 'tokens',
    rows: rows.map(({ name, kind, kept, good }) => (
      { name, kind, value: kept, ...(kind === 'ours' ? { target: { of: 'value', atLeast: good } } : {}) }
    )),
  }];
}

async function cachedVerifiers(made: Issuer): Promise<readonly CachedVerifier[]> {
  const { issuer, audience, type, pem, jwk } = made;
  const ours = createJwtVerifier({
    issuer,
    audience,
    type,
    algorithms: ['ES256'],
    keys: createKeySet({ keys: [await importJwk(jwk)] }),
    cache: createTokenCache({ maxEntries: 2 * TOKENS, maxBytes: 2 ** 30 }),
  });
  const joseKeys = createLocalJWKSet({ keys: [jwk] });
  return [
    { name: 'sallyport (its cache)', kind: 'ours', isAwaited: false, verify: ours },
    { name: 'sallyport (its cache), awaited all the same', kind: 'ours', isAwaited: true, verify: ours },
    {
      name: 'fast-jwt (its cache)',
      kind: 'rival',
      isAwaited: false,
      verify: fastVerify(made, pem, 2 * TOKENS),
      target: { of: 'ratio', atLeast: 10 },
    },
    {
      name: 'fast-jwt (its cache, told to use the token itself as the key)',
      kind: 'rival',
      isAwaited: false,
      verify: createVerifier({
        key: pem,
        algorithms: ['ES256'],
        allowedIss: issuer,
        allowedAud: audience,
        checkTyp: type,
        cache: 2 * TOKENS,
        cacheKeyBuilder: (token) => token,
      }),
    },
    {
      name: 'jose (key set; has no cache)',
      kind: 'rival',
      isAwaited: true,
      verify: (token) => jwtVerify(token, joseKeys, { issuer, audience, typ: type, algorithms: ['ES256'] }),
      target: { of: 'ratio', atLeast: 300 },
    },
  ];
}

function sameStrings({ verify, isAwaited }: CachedVerifier, tokens: readonly string[]): Contender['run'] {
  let at = 0;
  const next = (): string => tokens[(at += STRIDE) % tokens.length] ?? '';
  return isAwaited
    ? async (operations) => {
      for (
        let operation = 0;
        operation < operations;
        operation++
      ) await verify(next());
    }
    : (operations) => {
      for (let operation = 0; operation < operations; operation++) {
        requireAnswer(verify(next()));
      }
    };
}

/** A string that was never looked at has no hash yet, and each is the end of a header, as a server cuts it off. */
function freshStrings(
  { verify, isAwaited }: CachedVerifier,
  tokens: readonly string[],
): Pick<Contender, 'run' | 'prepare'> {
  const headers = tokens.map((token) => Buffer.from(SCHEME + token, 'latin1'));
  let at = 0;
  let fresh: readonly string[] = [];
  function prepare(operations: number): void {
    fresh = Array.from({ length: operations }, () => {
      const header = headers[(at += STRIDE) % headers.length];
      return header === undefined ? '' : header.toString('latin1').slice(SCHEME.length);
    });
  }
  const run: Contender['run'] = isAwaited
    ? async (operations) => {
      for (
        let operation = 0;
        operation < operations;
        operation++
      ) await verify(fresh[operation] ?? '');
    }
    : (operations) => {
      for (let operation = 0; operation < operations; operation++) {
        requireAnswer(verify(fresh[operation] ?? ''));
      }
    };
  return { run, prepare };
}

function requireAnswer(answer: unknown): void {
  if (answer instanceof Promise) {
    throw new Error('The token was not remembered.');
  }
}
