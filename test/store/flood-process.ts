/** Floods a store with distinct keys and prints what became of three kinds of clients: `flood-process.ts <keys> <times>`. */
import process from 'node:process';
import { createLimiter } from '../../src/limiter/limiter.ts';
import { memoryStore } from '../../src/store/memory.ts';

/** What the flood did. */
export interface FloodReport {
  /** By how much the resident memory exceeded at most, after the first keys, what it was before. */
  readonly growthBytes: number;
  /** A client that had spent all when the flood began and keeps asking. */
  readonly throttled: Tally;
  /** Clients that ask for more than their limit all the time. */
  readonly greedy: Tally;
  /** Clients that spend a little and come back when the flood has taken over every slot twice. */
  readonly returning: Tally;
  /** Clients that ask for less than their limit. */
  readonly honest: Tally;
}

/** What some clients were told. */
interface Tally {
  readonly asked: number;
  readonly admitted: number;
  /** How often one was admitted whom a limiter without a bound on its memory would have refused. */
  readonly beyond: number;
}

const MAX_KEYS = 65_536;
const BURST = 10;
const INTERVAL_US = 1_000_000;
/** The code is compiled, the table full and the young generation as large as it gets, before memory is looked at. */
const WARM_KEYS = 300_000;
const SAMPLE_EVERY = 50_000;
const GREEDY_EVERY = 64;
const GREEDY = 64;
const RETURNING = 2 * MAX_KEYS / GREEDY_EVERY;
const HONEST_EVERY = 8;
const HONEST = 4096;

const [keys, times] = process.argv.slice(2).map(Number);
if (keys === undefined || times === undefined) {
  throw new TypeError('Say how many keys, and how many times the capacity.');
}
// The table can pay back one unit of each of its keys in an interval: that many new ones in an interval are its capacity.
const stepUs = INTERVAL_US / (MAX_KEYS * times);
let nowUs = 1_700_000_000_000_000;
const limiter = createLimiter({
  store: memoryStore({ maxKeys: MAX_KEYS, clock: () => nowUs / 1000 }),
  limits: [{ name: 'flood', limit: BURST, windowSeconds: BURST * INTERVAL_US / 1_000_000 }],
});

function isAdmitted(key: string): boolean {
  const decision = limiter.consume(key);
  if (decision instanceof Promise) throw new Error('The memory store must be synchronous.');
  return decision.allowed;
}

/**
 * A fresh string, as a server makes one of each peer's address. It is tempting to write the index as it is. However, V8 keeps the text of a number
 * that it has not met in a cache: 24 bytes each of what it then collects seldom, which look like a leak.
 */
function addressOf(index: number): string {
  return `c:10.${index >>> 16}.${(index >>> 8) & 255}.${index & 255}`;
}

/** A kind of clients, and what each of them may have: its own arrival time, counted without a bound. */
function watch(count: number, name: string): { readonly ask: (client: number) => void; readonly tally: () => Tally } {
  const arrivalUs = new Float64Array(count);
  const names = Array.from(arrivalUs, (_, client) => `${name}-${client}`);
  let [asked, admitted, beyond] = [0, 0, 0];
  return {
    ask(client): void {
      asked++;
      if (!isAdmitted(names[client] ?? '')) return;
      admitted++;
      const afterUs = Math.max(arrivalUs[client] ?? 0, nowUs) + INTERVAL_US;
      if (afterUs - nowUs > BURST * INTERVAL_US) beyond++;
      arrivalUs[client] = afterUs;
    },
    tally: () => ({ asked, admitted, beyond }),
  };
}

const throttled = watch(1, 'throttled');
const greedy = watch(GREEDY, 'greedy');
const returning = watch(RETURNING, 'returning');
const honest = watch(HONEST, 'honest');
// Each has an interval of its own, of 2 to 5 times what the limit pays back.
const dueUs = Float64Array.from({ length: HONEST }, (_, client) => nowUs + client * INTERVAL_US / HONEST);

function flood(from: number, to: number): number {
  const beganUs = nowUs;
  let most = 0;
  for (let index = from; index < to; index++) {
    nowUs = Math.round(beganUs + (index - from) * stepUs);
    isAdmitted(addressOf(index));
    if (index % SAMPLE_EVERY === 0) most = Math.max(most, process.memoryUsage.rss());
    if (index % 1024 === 0) throttled.ask(0);
    if (index % GREEDY_EVERY === 0) {
      greedy.ask(index / GREEDY_EVERY % GREEDY);
      returning.ask(index / GREEDY_EVERY % RETURNING);
    }
    if (index % HONEST_EVERY !== 0) continue;
    const client = index / HONEST_EVERY % HONEST;
    if ((dueUs[client] ?? 0) > nowUs) continue;
    honest.ask(client);
    dueUs[client] = nowUs + (2 + client % 4) * INTERVAL_US;
  }
  return Math.max(most, process.memoryUsage.rss());
}

for (let unit = 0; unit < BURST; unit++) throttled.ask(0);
flood(0, WARM_KEYS);
globalThis.gc?.();
const before = process.memoryUsage.rss();
const most = flood(WARM_KEYS, WARM_KEYS + keys);
const report: FloodReport = {
  growthBytes: most - before,
  throttled: throttled.tally(),
  greedy: greedy.tally(),
  returning: returning.tally(),
  honest: honest.tally(),
};
console.log(JSON.stringify(report));
