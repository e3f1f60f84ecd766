import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type Effort, FULL_EFFORT, quantile, type Report } from './harness.ts';
import { type Started, startServer } from './wrk.start.ts';

export const rivals: readonly string[] = ['hono', 'hono-rate-limiter', '@hono/zod-validator', 'zod'];

const CONNECTIONS = 64;
const SECONDS = 30;
const QUICK_SECONDS = 5;
const ROUNDS = 5;
/** What ours must serve of what the bare handler serves through node:http; elsewhere that takes less time than reading the body's bytes from a stream. */
const LEAST_SERVED = 0.85;
const SCRIPTS = new URL('../../../', import.meta.url);
const RUNTIMES = new URL('../.cache/runtimes/node_modules/', SCRIPTS);

/** What wrk says of a run. */
interface Run {
  readonly requests: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** Answers that were neither 2xx nor 3xx. */
  readonly refused: number;
  /** Connections that failed. */
  readonly broken: number;
  /** Answers that took longer than wrk waits. */
  readonly late: number;
  readonly statuses?: Readonly<Record<string, number>>;
}

interface Runtime {
  readonly name: string;
  readonly binary: string;
}

export async function* run(effort: Effort): AsyncGenerator<Report> {
  const wrk = ['/usr/bin/wrk', '/usr/local/bin/wrk', '/opt/homebrew/bin/wrk'].find((path) => existsSync(path));
  if (wrk === undefined) {
    yield {
      id: 'wrk',
      title: 'wrk',
      unit: 'req/s',
      rows: [],
      notes: ['Skipped: there is no wrk here (Debian: apt-get install wrk).'],
    };
    return;
  }
  const seconds = effort.rounds < FULL_EFFORT.rounds ? QUICK_SECONDS : SECONDS;
  for (const runtime of runtimes()) {
    yield await saturation(wrk, runtime, seconds);
    yield await hostileMix(wrk, runtime, seconds);
  }
}

/** This one, and those that the tests have installed. */
function runtimes(): readonly Runtime[] {
  const platform = `${process.platform}-${process.arch}`;
  const libc = process.platform === 'linux' ? '-glibc' : '';
  const found = [
    { name: 'deno', binary: `@deno/${platform}${libc}/deno` },
    { name: 'bun', binary: `@oven/bun-${platform.replace('arm64', 'aarch64')}/bin/bun` },
  ].map(({ name, binary }) => ({ name, binary: fileURLToPath(new URL(binary, RUNTIMES)) }));
  const { deno, bun } = process.versions;
  const own = { name: deno !== undefined ? 'deno' : bun !== undefined ? 'bun' : 'node', binary: process.execPath };
  return [own, ...found.filter(({ name, binary }) => name !== own.name && existsSync(binary))];
}

async function saturation(wrk: string, { name, binary }: Runtime, seconds: number): Promise<Report> {
  const contenders = [
    { name: 'the bare handler', kind: 'floor', server: await startServer(name, binary, 'bare') },
    {
      name: 'sallyport, everything on, tokens seen before',
      kind: 'ours',
      server: await startServer(name, binary, 'ours'),
    },
    { name: 'hono, everything on', kind: 'rival', server: await startServer(name, binary, 'hono') },
  ] as const;
  const runs: Run[][] = contenders.map(() => []);
  for (const { server } of contenders) await ask(wrk, 'wrk.lua', server, Math.max(1, seconds / 10));
  const before = await Promise.all(contenders.map(({ server }) => server.usage()));
  // One after another in rounds: what else the machine does slows them alike.
  for (let round = 0; round < ROUNDS; round++) {
    for (const [index, { server }] of contenders.entries()) {
      runs[index]?.push(await ask(wrk, 'wrk.lua', server, seconds / ROUNDS));
    }
  }
  const notes: string[] = [];
  const rates = runs.map((own) => quantile(own.map(({ requests, seconds: took }) => requests / took), 0.5));
  const bare = rates[0] ?? NaN;
  for (const [index, contender] of contenders.entries()) {
    const own = runs[index] ?? [];
    const { usedBytes = NaN, cpuUs = NaN } = before[index] ?? {};
    const after = await contender.server.usage();
    const cpu = (after.cpuUs - cpuUs) / own.reduce((sum, { requests }) => sum + requests, 0);
    notes.push(
      `${contender.name}: ${((rates[index] ?? NaN) / bare * 100).toFixed(0)} % of bare, ${
        cpu.toFixed(0)
      } us of processor a request, ` +
        `${describe(own)}; MB in use ${megabytes(usedBytes)} -> ${megabytes(after.usedBytes)}, resident ${
          megabytes(after.rss)
        }`,
    );
    await contender.server.stop();
  }
  return {
    id: `wrk/${name}`,
    title: `wrk against ${
      title(name)
    }: POST with everything on, ${CONNECTIONS} connections, wrk and server on the same cores`,
    unit: 'req/s',
    rows: contenders.map(({ name: contender, kind }, index) => ({
      name: contender,
      kind,
      value: Math.round(rates[index] ?? NaN),
      ...(kind === 'ours' && name === 'node'
        ? { target: { of: 'value', atLeast: Math.round(LEAST_SERVED * bare) } }
        : {}),
    })),
    notes,
  };
}

/** Orders among attacks: nothing may fail, and nothing may pile up. */
async function hostileMix(wrk: string, { name, binary }: Runtime, seconds: number): Promise<Report> {
  const server = await startServer(name, binary, 'hostile');
  const parts: Run[] = [];
  const memory: number[] = [];
  for (let part = 0; part < ROUNDS + 1; part++) {
    parts.push(await ask(wrk, 'wrk.hostile.lua', server, seconds / ROUNDS));
    memory.push((await server.usage()).usedBytes);
  }
  await server.stop();
  const statuses = new Map<string, number>();
  for (const [status, count] of parts.flatMap((part) => Object.entries(part.statuses ?? {}))) {
    statuses.set(status, (statuses.get(status) ?? 0) + count);
  }
  const failed = [...statuses].reduce((sum, [status, count]) => status.startsWith('5') ? sum + count : sum, 0);
  const growth = (memory.at(-1) ?? NaN) / (memory[ROUNDS >> 1] ?? NaN);
  return {
    id: `wrk/${name}/hostile`,
    title: `wrk against ${title(name)}: the same among attacks, ours with everything on`,
    unit: '',
    rows: [
      { name: 'answers of 5xx', kind: 'ours', value: failed, target: { of: 'value', atMost: 0 } },
      {
        name: 'connections that broke',
        kind: 'ours',
        value: parts.reduce((sum, { broken }) => sum + broken, 0),
        target: { of: 'value', atMost: 0 },
      },
      {
        name: 'memory in use at the end, of that after half of it',
        kind: 'ours',
        value: growth,
        target: { of: 'value', atMost: 1.25 },
      },
    ],
    notes: [
      describe(parts),
      `statuses ${
        [...statuses].sort().map(([status, count]) => `${status}: ${count.toLocaleString('en-US')}`).join(', ')
      }`,
      `memory in use after each part, MB: ${memory.map(megabytes).join(', ')}`,
    ],
  };
}

async function ask(wrk: string, script: string, { port, tokensFile }: Started, seconds: number): Promise<Run> {
  const lua = fileURLToPath(new URL(script, SCRIPTS));
  const url = `http://127.0.0.1:${port}`;
  const args = [
    '-t1',
    '--timeout',
    '10s',
    `-c${CONNECTIONS}`,
    `-d${Math.round(seconds)}s`,
    '-s',
    lua,
    url,
    '--',
    tokensFile,
  ];
  const { stdout } = await promisify(execFile)(wrk, args);
  const line = stdout.split('\n').find((text) => text.startsWith('RESULT '));
  if (line === undefined) throw new Error(`wrk has no result: ${stdout}`);
  // What our own script prints.
  return JSON.parse(line.slice('RESULT '.length)) as Run;
}

function describe(runs: readonly Run[]): string {
  const of = (share: number, read: (run: Run) => number): string => quantile(runs.map(read), share).toFixed(1);
  const sum = (read: (run: Run) => number): string =>
    runs.reduce((total, one) => total + read(one), 0).toLocaleString('en-US');
  return `${sum(({ requests }) => requests)} requests, p50 ${of(0.5, ({ p50 }) => p50)} ms, p99 ${
    of(0.5, ({ p99 }) => p99)
  } ms, ` +
    `not 2xx ${sum(({ refused }) => refused)}, broken ${sum(({ broken }) => broken)}, ` +
    `late ${sum(({ late }) => late)}`;
}

function title(name: string): string {
  return { node: 'node:http', deno: 'Deno.serve', bun: 'Bun.serve' }[name] ?? name;
}

function megabytes(bytes: number): string {
  return (bytes / 1_048_576).toFixed(1);
}
