import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';

export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** The example, served by a child process. */
export interface Example {
  readonly origin: string;
  /** What it printed: tokens and lines to paste. */
  readonly guide: string;
  readonly stop: () => Promise<void>;
}

/** One line of the guide, and the status that stands above it. */
export interface GuideLine {
  readonly title: string;
  readonly status: number;
  readonly line: string;
}

const START_MS = 30_000;

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = probe.address() as AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** Starts the example; `wake` is called until the guide is printed, for a runtime that makes its keys on the first request. */
export async function startExample(
  command: string,
  args: readonly string[],
  port: number,
  wake: () => Promise<unknown> = () => Promise.resolve(),
): Promise<Example> {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, PORT: String(port), NO_COLOR: '1' } });
  let printed = '';
  child.stdout.on('data', (chunk) => printed += chunk);
  child.stderr.on('data', (chunk) => printed += chunk);
  const started = Date.now();
  // The last line to paste is the loop that ends in a 429.
  while (!printed.includes('done\n')) {
    if (child.exitCode !== null || Date.now() - started > START_MS) {
      await stop(child);
      throw new Error(`The example did not start:\n${printed}`);
    }
    await wake().catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { origin: `http://127.0.0.1:${port}`, guide: printed, stop: () => stop(child) };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}

export function readGuide(guide: string): readonly GuideLine[] {
  const lines = guide.split('\n');
  return lines.flatMap((title, index) => {
    const status = Number(title.slice(2, 5));
    return title.startsWith('# ') && status > 0 ? [{ title, status, line: lines[index + 1] ?? '' }] : [];
  });
}

/** The tokens that the guide defines, by the names of their shell variables. */
export function readTokens(guide: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    [...guide.matchAll(/^([A-Z]+)='([^']+)'$/gm)].map(([, name = '', token = '']) => [name, token]),
  );
}

export function hasCurl(): boolean {
  return spawnSync('sh', ['-c', 'command -v curl']).status === 0;
}

/** Pastes a line into a shell, with the tokens that the guide defines, and returns the last response as curl shows it. */
export function paste(
  example: Example,
  line: string,
): { readonly status: number; readonly head: Headers; readonly body: string } {
  const tokens = example.guide.split('\n').filter((text) => /^(READER|WRITER|EXPIRED)=/.test(text)).join('\n');
  const { stdout } = spawnSync('sh', ['-c', `${tokens}\n${line}`], { encoding: 'utf8' });
  const last = stdout.slice(stdout.lastIndexOf('HTTP/1.1 '));
  const [head = '', ...body] = last.split('\r\n\r\n');
  const [statusLine = '', ...fields] = head.split('\r\n');
  const headers = new Headers();
  for (const field of fields) {
    headers.append(field.slice(0, field.indexOf(':')), field.slice(field.indexOf(':') + 1).trim());
  }
  return { status: Number(statusLine.split(' ')[1]), head: headers, body: body.join('\r\n\r\n') };
}
