import { isRefusal, Refusal } from '../core/refusal.ts';
import type { ScriptCall } from './redis-script.ts';
import type { GroupAnswer } from './store.ts';

/** The calls of one group. */
export type Calls = readonly ScriptCall[];
/** What became of a group. */
export type Reply = GroupAnswer | Refusal;

/** What the server said. */
export interface Answers {
  readonly nowMs: number;
  readonly replies: readonly Reply[];
}

const SENSELESS = 'The server gave a senseless answer.';

/** Reads what the script has answered; throws for what is no answer, and gives a refusal to each group whose own is none. */
export function readReply(reply: unknown, asked: readonly Calls[]): Answers {
  const words: readonly unknown[] = Array.isArray(reply) ? reply : [];
  const [seconds, microseconds] = [readInteger(words[0]), readInteger(words[1])];
  if (!Number.isSafeInteger(seconds) || !Number.isSafeInteger(microseconds)) throw new Error(SENSELESS);
  const nowMs = Number(seconds) * 1000 + Number(microseconds) / 1000;
  let at = 2;
  const replies = asked.map((calls): Reply => {
    const verdict = readInteger(words[at++]);
    if (verdict === -1) return refuse(new Error(String(words[at++])));
    // Without one there is no telling where the next begins.
    if (verdict !== 0 && verdict !== 1) throw new Error(SENSELESS);
    const results = calls.map(({ spec }) => readResult(words[at++], spec));
    return results.includes(undefined) ? refuse(new Error(SENSELESS)) : { ok: verdict === 1, results };
  });
  if (at !== words.length) throw new Error(SENSELESS);
  return { nowMs, replies };
}

function readResult(word: unknown, { decode }: ScriptCall['spec']): unknown {
  try {
    return decode(Array.isArray(word) ? word.map(readInteger) : [readInteger(word)]);
  } catch {
    // Whose step it is has no answer; the others of the call have theirs.
    return undefined;
  }
}

/** Some clients answer whole numbers as bigint. */
function readInteger(value: unknown): unknown {
  return typeof value === 'bigint' ? Number(value) : value;
}

/** Whatever went wrong, it is that there is no decision. */
export function refuse(cause: unknown): Refusal {
  return isRefusal(cause) ? cause : new Refusal('store_unavailable', { cause });
}
