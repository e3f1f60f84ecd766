import type { Effort, Report } from './harness.ts';
import { applyingReports } from './headers.applying.ts';
import { crossOriginReports } from './headers.cross-origin.ts';
import { hostileReports } from './headers.hostile.ts';
import { parsingReports } from './headers.parsing.ts';
import { proxyReports } from './headers.proxies.ts';
import { structuredReports } from './headers.structured.ts';
import { writingReports } from './headers.writing.ts';

export const rivals: readonly string[] = [
  'helmet',
  'hono',
  'cors',
  'proxy-addr',
  'forwarded',
  'ipaddr.js',
  'whatwg-mimetype',
  'structured-headers',
];

export async function* run(effort: Effort): AsyncGenerator<Report> {
  yield* applyingReports(effort);
  yield* crossOriginReports(effort);
  yield* proxyReports(effort);
  yield* parsingReports(effort);
  yield* structuredReports(effort);
  yield* writingReports(effort);
  yield* hostileReports(effort);
}
