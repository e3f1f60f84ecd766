import { trimHttpSpace } from './media-type.ts';

const MAX_LENGTH = 8192;
const MAX_MEMBERS = 32;
// Level 2's, which holds every key of level 1.
const KEY = /^[a-z0-9][a-z0-9_*/@-]{0,255}$/;
const VALUE = /^[ -+\--<>-~]{0,255}[!-+\--<>-~]$/;

/**
 * Parses a `tracestate` header, each vendor's part of a trace. Pass it on only beside a valid `traceparent`.
 *
 * @param text the header's value; several lines joined by commas
 * @returns values by key, the newest first, none for an empty text; undefined when one is malformed or given twice, or there are more than 32
 * @see W3C Trace Context section 3.3
 *
 * @example
 * ```ts
 * import { parseTracestate } from 'sallyport/net';
 *
 * console.log(parseTracestate('rojo=00f067aa0ba902b7,congo=t61rcWkgMzE')?.get('congo')); // t61rcWkgMzE
 * ```
 */
export function parseTracestate(text: string): ReadonlyMap<string, string> | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const members = new Map<string, string>();
  for (const part of text.split(',')) {
    const member = trimHttpSpace(part);
    // Empty members are allowed, as header lines that are joined leave some.
    if (member === '') continue;
    const equals = Math.max(member.indexOf('='), 0);
    const key = member.slice(0, equals);
    if (members.has(key) || !isMember(key, member.slice(equals + 1)) || members.size === MAX_MEMBERS) return undefined;
    members.set(key, member.slice(equals + 1));
  }
  return members;
}

/**
 * Formats a `tracestate` header. What you add or change belongs first; remove the last where there are too many.
 *
 * @param members values by key
 * @returns the header's value; empty for no members, and then the header must not be sent
 * @throws {TypeError} when a key or a value is malformed, or there are more than 32
 * @see W3C Trace Context section 3.5
 *
 * @example
 * ```ts
 * import { formatTracestate, parseTracestate } from 'sallyport/net';
 *
 * const others = new Map(parseTracestate('rojo=1,congo=2'));
 * others.delete('congo');
 * console.log(formatTracestate(new Map([['congo', '3'], ...others]))); // congo=3,rojo=1
 * ```
 */
export function formatTracestate(members: ReadonlyMap<string, string>): string {
  if (members.size > MAX_MEMBERS || ![...members].every(([key, value]) => isMember(key, value))) {
    throw new TypeError(
      `Cannot format tracestate: a key or a value is malformed, or there are more than ${MAX_MEMBERS}.`,
    );
  }
  return Array.from(members, ([key, value]) => `${key}=${value}`).join(',');
}

function isMember(key: string, value: string): boolean {
  return KEY.test(key) && VALUE.test(value);
}
