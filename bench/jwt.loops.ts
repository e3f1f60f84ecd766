import type { Contender } from './harness.ts';
import type { Verifier } from './jwt.verifiers.ts';

export const IN_FLIGHT = 64;

/** One token after another, each awaited. */
export function sequential({ verify }: Verifier, tokens: readonly string[]): Contender['run'] {
  let at = 0;
  return async (operations) => {
    for (let operation = 0; operation < operations; operation++) {
      await verify(tokens[at++ % tokens.length] ?? '');
    }
  };
}

/** An operation is {@linkcode IN_FLIGHT} tokens at once, as a server with many clients meets them. */
export function inFlight({ verify }: Verifier, tokens: readonly string[]): Contender['run'] {
  let at = 0;
  return async (operations) => {
    for (let operation = 0; operation < operations; operation++) {
      const pending: unknown[] = [];
      for (let job = 0; job < IN_FLIGHT; job++) {
        pending.push(verify(tokens[at++ % tokens.length] ?? ''));
      }
      await Promise.all(pending);
    }
  };
}

/** Tokens that must be refused, one after another, that many to an operation. */
export function refusing({ name, verify }: Verifier, tokens: readonly string[], jobs: number = 1): Contender['run'] {
  let at = 0;
  return async (operations) => {
    for (let job = 0; job < operations * jobs; job++) {
      let isRefused = false;
      try {
        const answer = verify(tokens[at++ % tokens.length] ?? '');
        // What is refused at once costs no turn of the event loop.
        if (answer instanceof Promise) await answer;
      } catch {
        isRefused = true;
      }
      if (!isRefused) throw new Error(`${name} believed garbage.`);
    }
  };
}
