import { isHostLabel, parseOrigin } from '../net/origin.ts';

/** What is wrong with a text that is no origin. */
export const ORIGIN_FAULT = 'must be origins as browsers send them, such as https://app.example';

/** `*` in the place of the first label. */
const WILDCARD = '://*.';

/** An origin, or a pattern of origins, taken apart. */
export interface OriginPattern {
  readonly scheme: string;
  /** The host; of a pattern, what stands behind `*.`. */
  readonly host: string;
  readonly wildcard: boolean;
}

/**
 * Parses an exact origin, or one whose first label is `*`: `https://*.example.com`.
 *
 * @param text what a programmer wrote down
 * @returns its parts, or undefined for anything else
 */
export function parseOriginPattern(text: string): OriginPattern | undefined {
  const wildcard = text.includes(WILDCARD);
  // A pattern is in order when an origin that it matches is.
  const origin = parseOrigin(wildcard ? text.replace(WILDCARD, '://x.') : text);
  return origin && { scheme: origin.scheme, host: wildcard ? origin.host.slice(2) : origin.host, wildcard };
}

/**
 * Returns the one pattern that can match an origin: itself with `*` for its first label. `*` stands for exactly one label, so that there is
 * one text to look up, whatever the origin and however many patterns.
 *
 * @param origin as a request says it
 * @returns the pattern, or undefined when what stands in its place is no label
 */
export function toOriginPattern(origin: string): string | undefined {
  const start = origin.indexOf('://') + 3;
  const dot = origin.indexOf('.', start);
  return isHostLabel(origin.slice(start, dot)) ? `${origin.slice(0, start)}*${origin.slice(dot)}` : undefined;
}
