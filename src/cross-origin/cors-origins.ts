import { checkedListOption } from './checked-list.ts';
import { ORIGIN_FAULT, parseOriginPattern, toOriginPattern } from './origin-pattern.ts';

/** What decides whether an origin may be allowed at all. */
export interface OriginRules {
  readonly credentials: boolean;
  readonly allowHttp: boolean;
  readonly allowPublicSuffixes: boolean;
  readonly isPublicSuffix: (domain: string) => boolean;
}

/** Returns what `Access-Control-Allow-Origin` says to the origin of a request, or undefined when it is not allowed. */
export type OriginMatcher = (origin: string | null) => string | undefined;

/**
 * Compiles the origins option: exact origins and one-label patterns.
 *
 * @param action what was to be done, for the message
 * @param value as the caller gave it
 * @param rules what may be in it
 * @returns the matcher
 * @throws {TypeError} for what no browser would send, and for combinations that give strangers what the user's cookies open
 */
export function originsOption(action: string, value: unknown, rules: OriginRules): OriginMatcher {
  // Browsers refuse `*` beside credentials; servers that reflect the origin instead give every site the user's session.
  if (value === '*' && !rules.credentials) return () => '*';
  const allowed = new Set(checkedListOption(action, 'origins', value, (origin) => findFault(origin, rules)));
  if (allowed.size === 0) throw new TypeError(`Cannot ${action}: origins must not be empty.`);
  const hasPatterns = [...allowed].some((origin) => origin.includes('*'));
  // What is sent back is either one of ours, or one of ours with a label in front: nothing of a hostile Origin can be.
  return (origin) => {
    if (origin === null) return undefined;
    if (!hasPatterns) return allowed.has(origin) ? origin : undefined;
    // A pattern is no origin, whoever sends it as one.
    if (origin.includes('*')) return undefined;
    return allowed.has(origin) || allowed.has(toOriginPattern(origin) ?? '') ? origin : undefined;
  };
}

function findFault(text: string, rules: OriginRules): string | undefined {
  const origin = parseOriginPattern(text);
  if (text === '*') return 'must be named, not *, in a list and where credentials are allowed';
  if (origin === undefined) return ORIGIN_FAULT;
  const { scheme, host, wildcard } = origin;
  if (isLoopback(host)) return undefined;
  // Whoever sits on the network can be any plain http origin, and would read what the user's cookies open.
  if (rules.credentials && scheme === 'http' && !rules.allowHttp) {
    return 'must be https where credentials are allowed, except on this machine';
  }
  if (!wildcard || rules.allowPublicSuffixes) return undefined;
  // Below a public suffix anybody can be one of these origins, for the price of a name.
  if (host.includes('.') && !(rules.credentials && rules.isPublicSuffix(host) !== false)) return undefined;
  return 'must not have a * where strangers can register names';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.[0-9.]+$/.test(host);
}
