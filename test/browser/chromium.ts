import { existsSync } from 'node:fs';
import process from 'node:process';
import { type Browser, chromium } from 'playwright-core';

const BINARY = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
]
  .find((path) => path !== undefined && existsSync(path));
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Names that are not this machine's: their pages have no secure context without https, and browsers send them no Fetch metadata.
  '--host-resolver-rules=MAP *.test 127.0.0.1',
];
const IN_CI = process.env['CI'] !== undefined && process.env['CI'] !== '';

/** Whether to skip: in CI a browser that is not there is a failure, and not a reason to skip. */
export const skipped: boolean = BINARY === undefined && !IN_CI;
if (skipped) console.warn('SKIPPED: test/browser needs Chromium, and there is none (Debian package chromium).');

/** Starts the browser. */
export async function openBrowser(): Promise<Browser> {
  if (BINARY === undefined) throw new Error('Chromium is missing: install the Debian package chromium.');
  return await chromium.launch({ executablePath: BINARY, args: FLAGS });
}
