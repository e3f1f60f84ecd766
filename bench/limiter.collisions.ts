/** Prints what one decision takes for keys that collide under other hashes, and for random ones: `limiter.collisions.ts <rounds>`. */
import { Buffer } from 'node:buffer';
import process from 'node:process';
import { collideFnv1a, collideMurmur2, collideMurmur3 } from '../test/vectors/hash-collisions.ts';
import { quantile } from './harness.ts';
import { type Decide, type Decider, OUR_CLAIMS, OURS, RIVALS } from './limiter.deciders.ts';

/** What one decision took, p99 in nanoseconds: the medians over the rounds. */
export interface CollisionReport {
  readonly name: string;
  readonly kind: Decider['kind'];
  readonly keys: string;
  readonly hostile: number;
  readonly random: number;
  /** The median of the ratios within one round. */
  readonly ratio: number;
}

const COUNT = 2 ** 17;
const CHUNK = 512;

const WHOLE_NUMBERS: readonly string[] = [`0 to ${COUNT - 1}`, 'around 2^32 - 2'];
const FAMILIES: Readonly<Record<string, () => readonly string[]>> = {
  [`0 to ${COUNT - 1}`]: () => Array.from({ length: COUNT }, (_, index) => String(index)),
  'around 2^32 - 2': () => Array.from({ length: COUNT }, (_, index) => String(2 ** 32 - 2 - COUNT / 2 + index)),
  '2^17 of one FNV-1a': () => collideFnv1a(17),
  // Of 8 characters for each pair: longer keys than 128 are remembered by their hash alone.
  '2^16 of one MurmurHash2': () => collideMurmur2(16),
  '2^16 of one MurmurHash3': () => collideMurmur3(16),
};

const rounds = Number(process.argv[2]);

/** A text as it comes off a socket: flat, and never hashed before. */
function refresh(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

function randomLike(text: string): string {
  return Array.from(text, () => (Math.floor(Math.random() * 36)).toString(36)).join('');
}

/** Asks a chunk of keys, writes down what each took, and tells how many were admitted. */
async function ask(decide: Decide, keys: readonly string[], took: Float64Array, at: number): Promise<number> {
  let admitted = 0;
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] ?? '';
    const started = performance.now();
    const answer = decide(key);
    // What is answered at once must not wait.
    if (answer instanceof Promise ? await answer : answer) admitted++;
    took[at + index] = (performance.now() - started) * 1e6;
  }
  return admitted;
}

/** Both kinds in turn, each in a limiter of its own: every key twice, as new and as known. */
async function race(
  decider: Decider,
  hostile: readonly string[],
  random: readonly string[],
): Promise<[number, number]> {
  const options = { limit: 1000, windowSeconds: 3600, maxKeys: 2 * COUNT, clock: Date.now };
  const sides = [hostile, random].map((keys) => {
    return { keys, decide: decider.open(options), took: new Float64Array(2 * keys.length) };
  });
  for (const pass of [0, 1]) {
    for (let start = 0; start < hostile.length; start += CHUNK) {
      const order = (start / CHUNK) % 2 === 0 ? sides : sides.toReversed();
      for (const { keys, decide, took } of order) {
        const chunk = keys.slice(start, start + CHUNK).map(refresh);
        const admitted = await ask(decide, chunk, took, pass * keys.length + start);
        // A limiter that is quick because its keys have become one is none.
        if (pass === 0 && keys === hostile && admitted < chunk.length) {
          throw new Error(`${decider.name} confuses keys.`);
        }
      }
    }
  }
  const [chosen = NaN, drawn = NaN] = sides.map(({ took }) => quantile([...took], 0.99));
  return [chosen, drawn];
}

const reports: CollisionReport[] = [];
for (const [keys, make] of Object.entries(FAMILIES)) {
  const hostile = make();
  const random = hostile.map(randomLike);
  // The rivals know no hash but the platform's own, whose weak spot, if any, are whole numbers.
  for (const decider of [OURS, OUR_CLAIMS, ...(WHOLE_NUMBERS.includes(keys) ? RIVALS : [])]) {
    const { name, kind } = decider;
    // The code is compiled first.
    await race(decider, hostile.slice(0, 20_000), random.slice(0, 20_000));
    const races: [number, number][] = [];
    for (let round = 0; round < rounds; round++) races.push(await race(decider, hostile, random));
    const [p99 = NaN, p99Random = NaN] = [races.map(([one]) => one), races.map(([, other]) => other)].map((all) =>
      quantile(all, 0.5)
    );
    const ratio = quantile(races.map(([one, other]) => one / other), 0.5);
    reports.push({ name, kind, keys, hostile: p99, random: p99Random, ratio });
  }
}
console.log(JSON.stringify(reports));
process.exit(0);
