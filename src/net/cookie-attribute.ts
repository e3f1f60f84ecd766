import { booleanOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { cookiePrefix } from './cookie-name.ts';
import { isHostLabel } from './origin.ts';

/** Attributes of a cookie. `Secure` is always sent; `HttpOnly`, `SameSite=Lax` and `Path=/` are, unless an option says otherwise. */
export interface CookieOptions {
  /** How long the browser keeps it, in whole seconds, at most 400 days; 0 deletes it. Default: until the browser ends its session. */
  readonly maxAgeSeconds?: number;
  /** `strict` withholds it also where a link of another site leads here. Default: `lax`. */
  readonly sameSite?: 'lax' | 'strict';
  /** The path below which it is sent, which protects from no other path. Default: `/`, the only one for `__Host-`. */
  readonly path?: string;
  /** A domain all of whose hosts get it and may set it; not for `__Host-`. Default: this host alone. */
  readonly domain?: string;
  /** Keeps it apart for each top-level site. Default: false. */
  readonly partitioned?: boolean;
  /** What Chromium evicts first or last. Default: not sent, which means `medium`. */
  readonly priority?: 'low' | 'medium' | 'high';
  /** Sends it with requests that other sites make (`SameSite=None`): CSRF is then yours to prevent. Default: false. */
  readonly dangerouslyAllowCrossSite?: boolean;
  /** Lets scripts read it (no `HttpOnly`), injected ones too. Default: false. */
  readonly dangerouslyAllowScripts?: boolean;
  /** Takes a name without a prefix, which neighbouring hosts and plain HTTP can set as well. Default: false. */
  readonly dangerouslyAllowUnprefixed?: boolean;
}

const ACTION = 'format cookie';
const KNOWN = [
  'maxAgeSeconds',
  'sameSite',
  'path',
  'domain',
  'partitioned',
  'priority',
  'dangerouslyAllowCrossSite',
  'dangerouslyAllowScripts',
  'dangerouslyAllowUnprefixed',
] as const;
/** Browsers ignore an attribute that is longer (RFC 6265bis section 5.6). */
const MAX_LENGTH = 1024;
/** 400 days: browsers keep no cookie for longer. */
const MAX_AGE_SECONDS = 34_560_000;

/**
 * Writes the attributes of a cookie, each proved to stay in its place and to keep what the name promises.
 *
 * @param name the cookie's name
 * @param options the attributes as the caller gave them
 * @returns the attributes as they are sent
 * @throws {TypeError} as `formatCookie`
 * @throws {RangeError} for an age out of bounds
 */
export function cookieAttributes(name: string, options: CookieOptions): string {
  refuseUnknownOptions(ACTION, options, KNOWN);
  const { domain, path = '/', maxAgeSeconds, priority } = options;
  checkPrefix(name, options);
  if (!isPath(path)) throw refuse('path must begin with / and be visible ASCII without commas and semicolons');
  const parts = [`Path=${path}`];
  if (domain !== undefined) {
    if (!isDomain(domain)) throw refuse('domain must be a host name in lower case without a dot at either end');
    parts.push(`Domain=${domain}`);
  }
  if (maxAgeSeconds !== undefined) {
    numberOption(ACTION, 'maxAgeSeconds', maxAgeSeconds, { min: 0, max: MAX_AGE_SECONDS, integer: true });
    parts.push(`Max-Age=${maxAgeSeconds}`);
  }
  parts.push(
    flag('dangerouslyAllowScripts', options) ? 'Secure' : 'Secure; HttpOnly',
    `SameSite=${sameSiteOf(options)}`,
  );
  if (flag('partitioned', options)) parts.push('Partitioned');
  if (priority !== undefined) {
    if (!['low', 'medium', 'high'].includes(priority)) throw refuse('priority must be low, medium or high');
    parts.push(`Priority=${priority}`);
  }
  return parts.join('; ');
}

/** A browser drops a cookie that breaks its prefix's promise, without a word. */
function checkPrefix(name: string, options: CookieOptions): void {
  const prefix = cookiePrefix(name);
  if (prefix === undefined && !flag('dangerouslyAllowUnprefixed', options)) {
    throw refuse('name must begin with __Host-, unless dangerouslyAllowUnprefixed is set');
  }
  if (prefix?.host && (options.domain !== undefined || (options.path ?? '/') !== '/')) {
    throw refuse(`a ${prefix.text} cookie has no domain and no path but /; a __Secure- cookie may`);
  }
  if (prefix?.http && flag('dangerouslyAllowScripts', options)) {
    throw refuse(`a ${prefix.text} cookie is never for scripts`);
  }
}

/** A comma is left out: lists of cookies have been joined by it. */
function isPath(path: unknown): boolean {
  return typeof path === 'string' && path.length <= MAX_LENGTH && /^\/[!-+\--:<-~]*$/.test(path);
}

/** One label is a whole top-level domain; a last one that begins with a digit makes an address. */
function isDomain(domain: unknown): boolean {
  const labels = typeof domain === 'string' && domain.length <= 253 ? domain.split('.') : [];
  return labels.length > 1 && labels.every(isHostLabel) && /^[a-z]/.test(labels.at(-1) ?? '');
}

function sameSiteOf(options: CookieOptions): string {
  const { sameSite = 'lax' } = options;
  if (sameSite !== 'lax' && sameSite !== 'strict') throw refuse('sameSite must be lax or strict');
  if (!flag('dangerouslyAllowCrossSite', options)) return sameSite === 'lax' ? 'Lax' : 'Strict';
  if (options.sameSite !== undefined) throw refuse('sameSite and dangerouslyAllowCrossSite contradict each other');
  return 'None';
}

function flag(
  name: 'partitioned' | `dangerouslyAllow${'CrossSite' | 'Scripts' | 'Unprefixed'}`,
  options: CookieOptions,
): boolean {
  return booleanOption(ACTION, name, options[name] ?? false);
}

function refuse(what: string): TypeError {
  return new TypeError(`Cannot ${ACTION}: ${what}.`);
}
