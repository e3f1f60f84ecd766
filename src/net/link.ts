import { refuseUnknownOptions } from '../core/option.ts';
import { isQuotableAscii } from '../encoding/ascii.ts';
import { encodeExtended } from './extended-value.ts';

/** What a `Link` says of its target. */
export interface LinkOptions {
  /** How it relates to this response: `next`, `preload`, an absolute URI; several with one space between two. Compulsory. */
  readonly rel: string;
  /** What it is fetched for, of a `preload`: `script`, `style`, `font`. Default: not said. */
  readonly as?: string;
  /** Its media type. Default: not said. */
  readonly type?: string;
  /** Its language. Default: not said. */
  readonly hreflang?: string;
  /** How it is fetched across origins. Default: without CORS. */
  readonly crossorigin?: 'anonymous' | 'use-credentials';
  /** What a person may be shown; any text. Default: not said. */
  readonly title?: string;
}

const ACTION = 'format link';
const PARAMETERS = ['rel', 'as', 'type', 'hreflang', 'crossorigin'] as const;
/** What may stand in a URI reference (RFC 3986 section 2): nothing that ends the angle brackets, and nothing that has to be encoded. */
const REFERENCE = /^[\w.~:/?#[\]@!$&'()*+,;=%-]+$/;
const WORDS = /^[!#-[\]-~]+(?: [!#-[\]-~]+)*$/;

/**
 * Formats a `Link` value: pagination of an API, preloads of a page. Append it to the headers; several stand side by side.
 *
 * It does not judge where the target leads: one that a user chose passes through `safeUrl` of `sallyport/html` before.
 *
 * @param target a URI reference, percent-encoded where it has to be
 * @param options the relation, and what else is said of the target
 * @returns the header value
 * @throws {TypeError} for a target or a value that could break out of its place, or an unknown option
 * @see RFC 8288 section 3
 *
 * @example
 * ```ts
 * import { formatLink } from 'sallyport/headers';
 *
 * console.log(formatLink('/orders?page=2', { rel: 'next' })); // </orders?page=2>; rel="next"
 * ```
 */
export function formatLink(target: string, options: LinkOptions): string {
  if (typeof target !== 'string' || !REFERENCE.test(target)) {
    throw new TypeError(`Cannot ${ACTION}: target must be a URI reference, percent-encoded where it has to be.`);
  }
  refuseUnknownOptions(ACTION, options, [...PARAMETERS, 'title']);
  if (options.rel === undefined) throw new TypeError(`Cannot ${ACTION}: rel must be given.`);
  const parts = [`<${target}>`];
  for (const name of PARAMETERS) {
    const value: unknown = options[name];
    if (value === undefined) continue;
    if (typeof value !== 'string' || !WORDS.test(value)) {
      throw new TypeError(`Cannot ${ACTION}: ${name} must be words of visible ASCII without quotes or backslashes.`);
    }
    parts.push(`${name}="${value}"`);
  }
  const { title } = options;
  if (title !== undefined) {
    parts.push(isQuotableAscii(title) ? `title="${title}"` : `title*=${encodeExtended(title.toWellFormed())}`);
  }
  return parts.join('; ');
}
