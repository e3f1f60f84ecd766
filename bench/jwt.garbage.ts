import { base64url } from 'jose';
import { compare, type Effort, type Report, type Row, type Target } from './harness.ts';
import { IN_FLIGHT, inFlight, refusing, sequential } from './jwt.loops.ts';
import type { Verifier } from './jwt.verifiers.ts';

/** A token that nobody may believe. */
export interface Garbage {
  readonly name: string;
  readonly token: string;
}

const HUGE = 100_000;
const NO_CALL: Target = { of: 'value', atMost: 0 };
const TWENTIETH: Target = { of: 'ratio', atMost: 1 / 20 };

/** Spoils a good token in every way that can be seen before a signature is looked at. */
export function makeGarbage(good: string): readonly Garbage[] {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const headerOf = (alg: string): string => base64url.encode(JSON.stringify({ alg, typ: 'at+jwt', kid: 'key-1' }));
  return [
    { name: 'signature too short', token: `${header}.${payload}.${signature.slice(0, -4)}` },
    { name: 'signature too long', token: `${header}.${payload}.${signature}AAAA` },
    { name: 'unknown alg', token: `${headerOf('ES999')}.${payload}.${signature}` },
    { name: 'alg none', token: `${headerOf('none')}.${payload}.` },
    { name: 'bad base64url', token: `${header}.${payload}.${signature.slice(0, -1)}!` },
    { name: 'not a token', token: 'x'.repeat(good.length) },
    { name: 'payload of 1 MB', token: `${header}.${'e'.repeat(1_000_000)}.${signature}` },
    { name: '2 million dots', token: '.'.repeat(2_000_000) },
  ];
}

/** What garbage costs us against a good token, what it costs the others, and whom it makes call Web Crypto. */
export async function* garbageReports(
  verifiers: readonly Verifier[],
  tokens: readonly string[],
  effort: Effort,
): AsyncGenerator<Report> {
  const garbage = makeGarbage(tokens[0] ?? '');
  const ours = verifiers.filter(({ kind }) => kind === 'ours');
  const [first] = ours;
  if (first === undefined) throw new Error('None of the verifiers is ours.');
  const oneByOne = sequential(first, tokens);
  yield await compare({
    id: 'jwt/garbage-kinds',
    title: 'Refusing garbage, against verifying good tokens, both one after another; each',
    unit: 'us',
    jobsPerOperation: IN_FLIGHT,
    contenders: ours.flatMap((verifier) => [
      {
        ...verifier,
        name: 'sallyport: a good token',
        run: (operations: number) => oneByOne(operations * IN_FLIGHT),
      },
      // Two cores share the work then, and this is what each token adds to the wait.
      { ...verifier, name: `sallyport: a good token, ${IN_FLIGHT} of them in flight`, run: inFlight(verifier, tokens) },
      ...garbage.map(({ name, token }) => ({
        name: `sallyport: ${name}`,
        kind: verifier.kind,
        run: refusing(verifier, [token], IN_FLIGHT),
        target: TWENTIETH,
      })),
    ]),
  }, effort);
  for (const size of ['small', 'huge'] as const) {
    const bad = garbage.filter(({ token }) => (token.length > HUGE) === (size === 'huge'));
    const list = bad.map(({ name }) => name).join(', ');
    yield await compare({
      id: `jwt/garbage-${size}`,
      title: `Refusing garbage ${size === 'huge' ? 'of 1 to 2 MB' : "of a token's size"}: ${list}; each`,
      unit: 'us',
      contenders: verifiers.filter(({ kind }) => kind !== 'floor').map(({ name, kind, verify }) => ({
        name,
        kind,
        run: refusing({ name, kind, verify }, bad.map(({ token }) => token)),
      })),
    }, effort);
  }
  yield await countCalls(verifiers.filter(({ kind, name }) => kind === 'ours' || name.startsWith('jose')), garbage);
}

/** Counts every call to Web Crypto, apart from the timing: a spy costs time. */
async function countCalls(verifiers: readonly Verifier[], garbage: readonly Garbage[]): Promise<Report> {
  const rows: Row[] = [];
  for (const verifier of verifiers) {
    for (const { name, token } of garbage) {
      const value = await spied(async () => await refusing(verifier, [token])(1));
      const row = { name: `${verifier.name}: ${name}`, kind: verifier.kind, value };
      rows.push(verifier.kind === 'ours' ? { ...row, target: NO_CALL } : row);
    }
  }
  return {
    id: 'jwt/garbage-calls',
    title: 'Calls to Web Crypto that one piece of garbage causes',
    unit: 'calls',
    rows,
  };
}

async function spied(action: () => Promise<unknown>): Promise<number> {
  const { subtle } = crypto;
  let calls = 0;
  const names = ['verify', 'importKey', 'digest', 'sign'] as const;
  for (const name of names) {
    const original: unknown = Reflect.get(subtle, name);
    if (typeof original !== 'function') {
      throw new Error(`There is no ${name} to spy on.`);
    }
    Object.defineProperty(subtle, name, {
      configurable: true,
      value: (...args: unknown[]): unknown => {
        calls++;
        return Reflect.apply(original, subtle, args);
      },
    });
  }
  try {
    await action();
  } finally {
    // What stood on the prototype is found again.
    for (const name of names) Reflect.deleteProperty(subtle, name);
  }
  return calls;
}
