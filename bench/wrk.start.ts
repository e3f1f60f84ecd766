import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/** What a process has used until now. */
export interface Usage {
  /** Bytes, garbage and all. */
  readonly rss: number;
  /** Bytes of what could not be collected. */
  readonly usedBytes: number;
  /** Of all its threads, in microseconds. */
  readonly cpuUs: number;
}

/** A server in a process of its own. */
export interface Started {
  readonly port: number;
  /** One token in each line. */
  readonly tokensFile: string;
  readonly usage: () => Promise<Usage>;
  readonly stop: () => Promise<void>;
}

/** Starts `wrk.server` on a runtime and resolves when it listens. */
export async function startServer(runtime: string, binary: string, contender: string): Promise<Started> {
  const directory = await mkdtemp(join(tmpdir(), 'sallyport-wrk-'));
  const tokensFile = join(directory, 'tokens');
  const flags = runtime === 'deno' ? ['run', '-A', '--no-lock', '--v8-flags=--expose-gc'] : ['--expose-gc'];
  const script = fileURLToPath(new URL('./wrk.server.mjs', import.meta.url));
  const child = spawn(binary, [...flags, script, contender, tokensFile], { stdio: ['pipe', 'pipe', 'inherit'] });
  const exited = new Promise<never>((_resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`The ${contender} server on ${runtime} ended with ${code}.`)));
  });
  // It is also what ends one that is stopped.
  exited.catch(() => undefined);
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const nextLine = async (): Promise<string> => String((await Promise.race([lines.next(), exited])).value);
  return {
    port: Number(await nextLine()),
    tokensFile,
    async usage() {
      child.stdin.write('usage\n');
      // What our own server prints.
      return JSON.parse(await nextLine()) as Usage;
    },
    async stop() {
      child.stdin.end();
      await exited.catch(() => undefined);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
