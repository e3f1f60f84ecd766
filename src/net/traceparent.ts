import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import { freshBytes } from '../crypto/random.ts';
import { encodeHex } from '../encoding/hex.ts';

/** What a `traceparent` header says: which trace, which span within it asked, and what was decided about them. */
export interface Traceparent {
  /** The trace: 32 lower-case hexadecimal digits, not all 0. */
  readonly traceId: string;
  /** The span that sends it: 16 lower-case hexadecimal digits, not all 0. */
  readonly parentId: string;
  /** Whether the sender may have recorded it. */
  readonly sampled: boolean;
  /** Whether the last 14 digits of the trace were chosen at random, so that one may sample by them. */
  readonly random: boolean;
}

/** What {@linkcode deriveTraceparent} is to decide. */
export interface DeriveTraceparentOptions {
  /** Whether this span is recorded. Default: as the parent says; false without one. */
  readonly sampled?: boolean;
}

const SHAPE = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|(?=-))/;
const SAMPLED = 1;
const RANDOM = 2;

/**
 * Parses a `traceparent` header. It is a stranger's claim: use it to find log lines that belong together, never to decide on anything, and
 * sample by it only what you would pay for.
 *
 * Of a later version what version 00 has is read, and the rest ignored, as the standard asks. Without a valid `traceparent`, `tracestate`
 * must be dropped too.
 *
 * @param text the header's value
 * @returns its parts, or undefined when it is none, is of version ff, or names the trace or the span that is all 0
 * @see W3C Trace Context sections 3.2 and 4.3
 *
 * @example
 * ```ts
 * import { parseTraceparent } from 'sallyport/net';
 *
 * console.log(parseTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01')?.sampled); // true
 * ```
 */
export function parseTraceparent(text: string): Traceparent | undefined {
  const [whole, version, traceId = '', parentId = '', flags = ''] = SHAPE.exec(text) ?? [];
  if (version === undefined || version === 'ff' || isZero(traceId) || isZero(parentId)) return undefined;
  // Only a later version may have more behind the flags.
  if (version === '00' && whole !== text) return undefined;
  const bits = Number.parseInt(flags, 16);
  return { traceId, parentId, sampled: (bits & SAMPLED) !== 0, random: (bits & RANDOM) !== 0 };
}

/**
 * Formats a `traceparent` header of version 00, with no flag but the two that are known.
 *
 * @param trace its parts
 * @returns the header's value
 * @throws {TypeError} when an id is not of its length in lower-case hexadecimal digits, or is all 0
 * @see W3C Trace Context section 3.2
 *
 * @example
 * ```ts
 * import { deriveTraceparent, formatTraceparent } from 'sallyport/net';
 *
 * console.log(formatTraceparent(deriveTraceparent(undefined)).length); // 55
 * ```
 */
export function formatTraceparent(trace: Traceparent): string {
  const { traceId, parentId, sampled, random } = trace;
  const bits = (sampled ? SAMPLED : 0) | (random ? RANDOM : 0);
  const text = `00-${traceId}-${parentId}-0${bits}`;
  if (parseTraceparent(text) === undefined) {
    throw new TypeError(
      'Cannot format traceparent: traceId must have 32, parentId 16 hexadecimal digits, and not all of them 0.',
    );
  }
  return text;
}

/**
 * Continues a trace with a span of its own, or starts a trace: both from the platform's cryptographic generator.
 *
 * @param parent what {@linkcode parseTraceparent} gave; undefined to start a trace, as at a border where strangers' are not wanted
 * @param options whether the span is recorded
 * @returns what to send on, see {@linkcode formatTraceparent}
 * @throws {TypeError} for an unknown option, or one that is not boolean
 * @see W3C Trace Context sections 3.4 and 4.3
 *
 * @example
 * ```ts
 * import { deriveTraceparent, parseTraceparent } from 'sallyport/net';
 *
 * const parent = parseTraceparent('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
 * console.log(deriveTraceparent(parent).traceId); // 0af7651916cd43dd8448eb211c80319c
 * ```
 */
export function deriveTraceparent(
  parent: Traceparent | undefined,
  options: DeriveTraceparentOptions = {},
): Traceparent {
  refuseUnknownOptions('derive traceparent', options, ['sampled']);
  const { sampled = parent?.sampled ?? false } = options;
  return {
    traceId: parent?.traceId ?? encodeHex(freshBytes(16)),
    parentId: encodeHex(freshBytes(8)),
    sampled: booleanOption('derive traceparent', 'sampled', sampled),
    random: parent?.random ?? true,
  };
}

function isZero(id: string): boolean {
  return /^0*$/.test(id);
}
