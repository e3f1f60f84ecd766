import { base64url } from 'jose';
import type { Report, Row } from './harness.ts';

/** A way to verify a token: it throws or rejects where it refuses. */
export interface Verifier {
  readonly name: string;
  readonly kind: Row['kind'];
  readonly verify: (token: string) => unknown;
}

/** A token that nobody may believe. */
export interface Garbage {
  readonly name: string;
  readonly token: string;
}

/** Spoils a good token in every way that can be seen before a signature is looked at. */
export function makeGarbage(good: string): readonly Garbage[] {
  const [header = '', payload = '', signature = ''] = good.split('.');
  const headerOf = (alg: string): string => base64url.encode(JSON.stringify({ alg, typ: 'at+jwt', kid: 'key-1' }));
  return [
    { name: 'signature too short', token: `${header}.${payload}.${signature.slice(0, -4)}` },
    { name: 'unknown alg', token: `${headerOf('ES999')}.${payload}.${signature}` },
    { name: 'alg none', token: `${headerOf('none')}.${payload}.` },
    { name: 'bad base64url', token: `${header}.${payload}.${signature.slice(0, -1)}!` },
    { name: 'not a token', token: 'x'.repeat(good.length) },
    { name: 'payload of 1 MB', token: `${header}.${'e'.repeat(1_000_000)}.${signature}` },
    { name: '2 million dots', token: '.'.repeat(2_000_000) },
  ];
}

/** Tells whether a token is refused. */
export async function refuses({ verify }: Verifier, token: string): Promise<boolean> {
  try {
    await verify(token);
    return false;
  } catch {
    return true;
  }
}

/** Counts every call to Web Crypto, apart from the timing: a spy costs time. */
export async function countCalls(verifiers: readonly Verifier[], garbage: readonly Garbage[]): Promise<Report> {
  const rows: Row[] = [];
  for (const verifier of verifiers) {
    for (const { name, token } of garbage) {
      const value = await spied(() => refuses(verifier, token));
      rows.push({ name: `${verifier.name}: ${name}`, kind: verifier.kind, value });
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
    if (typeof original !== 'function') throw new Error(`There is no ${name} to spy on.`);
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
