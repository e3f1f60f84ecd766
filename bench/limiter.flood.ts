/** Floods one limiter with distinct keys and prints what became of it and of its clients: `limiter.flood.ts <name> <keys> <times>`. */
import process from 'node:process';
import { type Decide, OURS, RIVALS } from './limiter.deciders.ts';

/** What the flood did. */
export interface FloodReport {
  /** The most resident memory after the first keys, less what it was then, in bytes. */
  readonly growth: number;
  /** What one key of the flood took, in nanoseconds. */
  readonly each: number;
  /** A client that had spent all before it. */
  readonly throttled: { readonly asked: number; readonly admitted: number };
  /** Clients that ask at less than half of what their limit pays back. */
  readonly honest: { readonly asked: number; readonly denied: number };
  /** What their decisions took, in nanoseconds: p50 and p99, first without a flood. */
  readonly calm: readonly [number, number];
  readonly flooded: readonly [number, number];
}

const MAX_KEYS = 65_536;
const LIMIT = 10;
const WINDOW_SECONDS = 10;
const INTERVAL_MS = WINDOW_SECONDS * 1000 / LIMIT;
/** The code is compiled, the table full and the young generation as large as it gets, before memory is looked at. */
const WARM_KEYS = 300_000;
const HONEST = 4096;
const HONEST_EVERY = 8;
const THROTTLED_EVERY = 1024;
const SAMPLE_EVERY = 50_000;

const [name, ...numbers] = process.argv.slice(2);
const [keys = 0, times = 1] = numbers.map(Number);
const decider = [OURS, ...RIVALS].find((one) => one.name === name);
if (decider === undefined) throw new TypeError(`There is no limiter ${name}.`);
let nowMs = 1_700_000_000_000;
const decide = decider.open({ limit: LIMIT, windowSeconds: WINDOW_SECONDS, maxKeys: MAX_KEYS, clock: () => nowMs });
const honestKeys = Array.from({ length: HONEST }, (_, client) => `honest-${client}`);
// Each has an interval of its own, of 2 to 5 times what the limit pays back.
let dueMs = scatter();
let honest = { asked: 0, denied: 0 };
let throttled = { asked: 0, admitted: 0 };
// Of a fixed size, and touched before memory is looked at: what is noted here is no part of a limiter.
const took = new Float64Array(2 ** 20).fill(NaN);
let taken = 0;

function scatter(): Float64Array {
  return Float64Array.from(honestKeys, (_, client) => nowMs + client * INTERVAL_MS / HONEST);
}

/** As a server makes one of each peer's address. A number as text would not do: V8 caches these in the old generation. */
function addressOf(index: number): string {
  return `c:10.${index >>> 16}.${(index >>> 8) & 255}.${index & 255}`;
}

async function settle(key: string): Promise<boolean> {
  return await decide(key);
}

/** Of those whose turn it is now, one. */
function askHonest(turn: number, ask: Decide): void | Promise<void> {
  const client = turn % HONEST;
  if ((dueMs[client] ?? 0) > nowMs) return;
  dueMs[client] = nowMs + (2 + client % 4) * INTERVAL_MS;
  const started = performance.now();
  const note = (isAdmitted: boolean): void => {
    took[taken++ % took.length] = (performance.now() - started) * 1e6;
    honest.asked++;
    if (!isAdmitted) honest.denied++;
  };
  const answer = ask(honestKeys[client] ?? '');
  return answer instanceof Promise ? answer.then(note) : note(answer);
}

async function flood(from: number, to: number): Promise<number> {
  const beganMs = nowMs;
  // The table can pay back one unit of each of its keys in an interval: that many new keys in an interval are its capacity.
  const stepMs = INTERVAL_MS / (MAX_KEYS * times);
  let most = 0;
  for (let index = from; index < to; index++) {
    nowMs = beganMs + (index - from) * stepMs;
    const answer = decide(addressOf(index));
    // What is answered at once must not wait.
    if (answer instanceof Promise) await answer;
    if (index % SAMPLE_EVERY === 0) most = Math.max(most, process.memoryUsage.rss());
    if (index % THROTTLED_EVERY === 0) {
      throttled.asked++;
      if (await settle('throttled')) throttled.admitted++;
    }
    if (index % HONEST_EVERY === 0) {
      const asked = askHonest(index / HONEST_EVERY, decide);
      if (asked !== undefined) await asked;
    }
  }
  return Math.max(most, process.memoryUsage.rss());
}

/** Only the honest, at the pace of their own. */
async function keepCalm(turns: number): Promise<void> {
  for (let turn = 0; turn < turns; turn++) {
    nowMs += INTERVAL_MS / HONEST;
    const asked = askHonest(turn, decide);
    if (asked !== undefined) await asked;
  }
}

function quantiles(): [number, number] {
  const sorted = took.subarray(0, taken).toSorted();
  return [sorted[Math.floor(sorted.length / 2)] ?? NaN, sorted[Math.floor(sorted.length * 0.99)] ?? NaN];
}

await keepCalm(100_000);
taken = 0;
await keepCalm(300_000);
const calm = quantiles();
for (let unit = 0; unit < LIMIT; unit++) await settle('throttled');
dueMs = scatter();
await flood(0, WARM_KEYS);
taken = 0;
honest = { asked: 0, denied: 0 };
throttled = { asked: 0, admitted: 0 };
globalThis.gc?.();
const before = process.memoryUsage.rss();
const started = performance.now();
const growth = await flood(WARM_KEYS, WARM_KEYS + keys) - before;
const each = (performance.now() - started) * 1e6 / keys;
const report: FloodReport = { growth, each, throttled, honest, calm, flooded: quantiles() };
console.log(JSON.stringify(report));
process.exit(0);
