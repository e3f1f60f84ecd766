import { type ChildProcess, fork } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ALGORITHM_NAMES, CLIENTS, type Order, type Report } from './redis-rival.ts';
import { describeRedis, type RedisServer, startRedis } from './redis-server.ts';

const PROCESSES = 4;
/** Each repetition has keys of its own. `SALLYPORT_REPETITIONS=20` looks longer for what happens seldom. */
const REPETITIONS = Number(process.env['SALLYPORT_REPETITIONS'] ?? 3);
const RIVAL = fileURLToPath(new URL('redis-rival.ts', import.meta.url));
const TEST_MS = 10_000 + REPETITIONS * 5000;

describeRedis(`redisStore() under ${PROCESSES} processes of ${CLIENTS} clients`, () => {
  let server: RedisServer;
  let rivals: readonly ChildProcess[] = [];

  beforeAll(async () => {
    server = await startRedis();
    rivals = Array.from(
      { length: PROCESSES },
      () => fork(RIVAL, [String(server.port)], { execArgv: ['--import', 'tsx'] }),
    );
    await Promise.all(rivals.map(hear));
  }, 60_000);
  afterAll(async () => {
    for (const rival of rivals) rival.kill('SIGKILL');
    await server?.close();
  });

  async function compete(order: Omit<Order, 'prefix' | 'shared'>, repetition: number): Promise<Report> {
    const prefix = `${order.what}-${repetition}`;
    const reports = await Promise.all(rivals.map(async (rival) => {
      const answered = hear(rival);
      rival.send({ ...order, prefix, shared: repetition % 2 === 1 });
      // Both ends of this channel are the two files of this test.
      return await answered as Report;
    }));
    const wins: Record<string, number> = {};
    for (const report of reports) {
      for (const [key, count] of Object.entries(report.wins)) wins[key] = (wins[key] ?? 0) + count;
    }
    return { wins, most: Math.max(...reports.map(({ most }) => most)) };
  }

  // rate-limiter-flexible, Upstash and others count within one process well, and between several by the clocks of each.
  test.each(ALGORITHM_NAMES)('admits exactly the limit: %s', async (what) => {
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const { wins } = await compete({ what, limit: 500, tries: 5 }, repetition);
      expect(wins).toEqual({ key: 500 });
    }
  }, TEST_MS);

  test('lets exactly one claim each key', async () => {
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const { wins } = await compete({ what: 'claim', limit: 1, tries: 5 }, repetition);
      expect(wins).toEqual({ 'claim-0': 1, 'claim-1': 1, 'claim-2': 1, 'claim-3': 1, 'claim-4': 1 });
    }
  }, TEST_MS);

  test('gives out exactly as many leases as there are slots', async () => {
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const { wins } = await compete({ what: 'lease', limit: 10, tries: 3 }, repetition);
      expect(wins).toEqual({ key: 10 });
    }
  }, TEST_MS);

  test('lets no more be at work than there are slots, while they come and go', async () => {
    for (let repetition = 0; repetition < REPETITIONS; repetition++) {
      const { wins, most } = await compete({ what: 'work', limit: 3, tries: 5 }, repetition);
      expect(Object.keys(wins)).toEqual(['key']);
      // More than the slots had a turn: they were given back.
      expect(wins['key']).toBeGreaterThan(3);
      expect(most).toBeGreaterThan(0);
      expect(most).toBeLessThanOrEqual(3);
    }
  }, TEST_MS);
});

/** What a rival says next; one that is gone says nothing more. */
function hear(rival: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const leave = (code: unknown): void => reject(new Error(`A rival is gone, with ${code}.`));
    rival.once('exit', leave);
    rival.once('message', (message) => {
      rival.off('exit', leave);
      resolve(message);
    });
  });
}
