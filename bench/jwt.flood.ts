/** Prints what so many distinct bad tokens leave of a cache and in the heap: `jwt.flood.ts <name> <tokens>`. */
import process from 'node:process';
import { base64url } from 'jose';
import { usedBytes } from './heap.ts';
import { createIssuer } from './issuer.ts';
import { createRemembering } from './jwt.remembering.ts';
import type { Verifier } from './jwt.verifiers.ts';

const GOOD = 1000;
const IN_FLIGHT = 64;

const [name, tokens] = process.argv.slice(2);
const count = Number(tokens);
const issuer = await createIssuer(GOOD);
const { verify } = await createRemembering(name ?? '', issuer, 10 * GOOD);
const [header = '', , signature = ''] = (issuer.tokens[0] ?? '').split('.');

/** One in eight has a signature that has to be looked at; the others are refused for what they are. */
function makeBad(index: number): string {
  const payload = base64url.encode(JSON.stringify({ iss: issuer.issuer, aud: issuer.audience, jti: `bad-${index}` }));
  const kinds = [
    () => `${header}.${payload}.${signature}`,
    () => `${header}.${payload}.${signature.slice(4)}`,
    () => `${base64url.encode(`{"alg":"none","n":${index}}`)}.${payload}.AA`,
    () => `${base64url.encode(`{"alg":"ES999","typ":"at+jwt","n":${index}}`)}.${payload}.${signature}`,
    () => `${header}.${payload}.${signature.slice(1)}!`,
    () => `${header}.${payload}!.${signature}`,
    () => `x${index}`,
    () => `${header}.${payload}.${signature}.${payload}.${signature}`,
  ];
  return kinds[index % kinds.length]?.() ?? '';
}

async function refuse(token: string): Promise<void> {
  let isRefused = false;
  try {
    await verify(token);
  } catch {
    isRefused = true;
  }
  if (!isRefused) throw new Error('A bad token was believed.');
}

async function flood(from: number, to: number): Promise<void> {
  for (let index = from; index < to; index += IN_FLIGHT) {
    const length = Math.min(IN_FLIGHT, to - index);
    await Promise.all(Array.from({ length }, (_, offset) => refuse(makeBad(index + offset))));
  }
}

/** A token that is remembered is answered with the very object of before. */
async function answers(ask: Verifier['verify']): Promise<readonly unknown[]> {
  const all: unknown[] = [];
  for (const token of issuer.tokens) all.push(await ask(token));
  return all;
}

// The code is compiled first: it is no part of what tokens leave.
await flood(0, 10_000);
const first = await answers(verify);
const before = await usedBytes();
await flood(10_000, 10_000 + count);
const growth = await usedBytes() - before;
const second = await answers(verify);
const kept = second.filter((answer, index) => answer === first[index]).length;
console.log(JSON.stringify({ growth, kept, good: GOOD }));
process.exit(0);
