import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { evaluateCsp } from './csp.ts';
import { createCertificate, serve } from './https.ts';
import { createSites } from './sites.ts';

/** What both scanners say of a site. */
export interface Scanned {
  readonly name: string;
  /** The observatory's. */
  readonly score: number;
  readonly grade: string;
  /** The observatory's tests, each with what it found: `redirection: redirection-to-https`. */
  readonly results: readonly string[];
  /** What csp_evaluator finds, the worst first. */
  readonly findings: readonly string[];
  /** The headers that the library adds, in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
}

/** What the child process prints of each. */
interface Printed extends Pick<Scanned, 'score' | 'grade' | 'results'> {
  readonly headers: Readonly<Record<string, string>>;
}

const CSP = 'content-security-policy';
/** Is not of the library: what every message has, and what has to do with its body. */
const MESSAGE: readonly string[] = [
  'connection',
  'content-length',
  'content-type',
  'date',
  'keep-alive',
  'transfer-encoding',
];

/** Serves every site over https, and has it scanned. */
export async function scanSites(): Promise<readonly Scanned[]> {
  const sites = await createSites();
  const certificate = await createCertificate();
  const listening = await Promise.all(sites.map(({ listener }) => serve(listener, certificate)));
  try {
    const printed = await observe(listening.map(({ authority }) => authority), certificate.path);
    return printed.map(({ headers, ...rest }, index) => ({
      ...rest,
      name: sites[index]?.name ?? '',
      findings: evaluateCsp(headers[CSP] ?? ''),
      headers: Object.entries(headers).filter(([name]) => !MESSAGE.includes(name)),
    }));
  } finally {
    for (const one of listening) one.close();
    certificate.remove();
  }
}

/** A row of the README's table. */
export function rowOf({ name, score, grade, findings, headers }: Scanned): string {
  const bytes = headers.reduce((sum, [header, value]) => sum + `${header}: ${value}\r\n`.length, 0);
  const hasCsp = headers.some(([header]) => header === CSP);
  const said = hasCsp ? findings.map((finding) => `\`${finding}\``).join('<br>') : 'no policy';
  return `| ${name} | ${score}, ${grade} | ${said} | ${headers.length} | ${bytes} |`;
}

/** In a process of its own, that trusts the certificate: what is not trusted costs points. */
async function observe(authorities: readonly string[], certificatePath: string): Promise<readonly Printed[]> {
  const child = fileURLToPath(new URL('./observatory.child.ts', import.meta.url));
  // The observatory's HTTP client would ask a proxy that the environment names for localhost too.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: certificatePath, NO_PROXY: '*', no_proxy: '*' };
  const args = ['--import', 'tsx', child, ...authorities];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env });
  return JSON.parse(stdout);
}
