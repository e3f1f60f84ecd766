/** Prints what a verifier keeps of so many tokens: `jwt.memory.ts <name> <tokens>`. */
import process from 'node:process';
import { usedBytes } from './heap.ts';
import { createIssuer, signToken } from './issuer.ts';
import { createRemembering } from './jwt.remembering.ts';

const [name, tokens] = process.argv.slice(2);
const count = Number(tokens);
const issuer = await createIssuer(0);
const signer = { alg: issuer.algorithm, keyId: 'key-1', key: issuer.privateKey };

/** Nobody but the verifier holds a token when the next one comes. */
async function fill(size: number): Promise<
  { readonly keeper: unknown; readonly text: number; estimate: () => number }
> {
  const { verify, estimate } = await createRemembering(name ?? '', issuer, 2 * size);
  let text = 0;
  for (let index = 0; index < size; index++) {
    const token = await signToken(signer, index);
    text += token.length;
    await verify(token);
  }
  return { keeper: verify, text, estimate };
}

// Code and inline caches are no part of the tokens: a small one first.
await fill(1000);
const before = await usedBytes();
const { keeper, text, estimate } = await fill(count);
const bytes = await usedBytes() - before;
console.log(JSON.stringify({ bytes, text, estimate: estimate() }));
// What is measured must be alive until here.
if (typeof keeper !== 'function') throw new Error('There was no verifier.');
process.exit(0);
