import { refuseUnknownOptions } from '../core/option.ts';
import { percentEncode } from './escape.ts';

/** Options of {@linkcode safeUrl}. */
export interface SafeUrlOptions {
  /** The schemes a URL may have, without the colon. Default: `https`, `http` and `mailto`. */
  readonly schemes?: readonly string[];
  /** The absolute URL that relative ones are resolved against. Default: none, so that relative ones are refused. */
  readonly base?: string;
}

/** Options that were read. */
export interface UrlRules {
  readonly schemes: readonly string[];
  readonly base?: string | undefined;
}

const ACTION = 'make URL safe';
/** What servers commonly take; a longer one would be of no use. */
const MAX_LENGTH = 8192;
const SCHEME = /^[a-z][a-z0-9+.-]*$/;
/** Those that carry a document or a script of their own, which would run as the page that links to it. */
const SCRIPTING = /^(?:javascript|vbscript|data|blob|filesystem)$/;

/**
 * Returns a URL of any origin as the platform's parser reads it, always absolute, or undefined when it may run something, leads to
 * another scheme, names a user (`https://bank.example@evil.example`) or is relative and has no base.
 *
 * It does not say whether the host can be trusted, is public (server-side requests) or is a good place to be redirected to. In an
 * attribute the result still passes through {@linkcode escapeAttribute}.
 *
 * @param url any text
 * @param options schemes and base
 * @returns the URL in the form that reading it again does not change, in ASCII, at most 8,192 characters, or undefined
 * @throws {TypeError} on an unknown option, a base that is not safe itself, and the schemes that run scripts
 * @see WHATWG URL section 4.4 (URL parsing)
 *
 * @example
 * ```ts
 * import { safeUrl } from 'sallyport/html';
 *
 * console.log(safeUrl('HTTPS:/\\shop.example'), safeUrl('java\nscript:alert(1)')); // https://shop.example/ undefined
 * console.log(safeUrl('/cart', { base: 'https://shop.example/' })); // https://shop.example/cart
 * ```
 */
export function safeUrl(url: string, options: SafeUrlOptions = {}): string | undefined {
  return applyUrlRules(url, readUrlRules(options));
}

/** Reads the options of {@linkcode safeUrl}. */
export function readUrlRules(options: SafeUrlOptions): UrlRules {
  refuseUnknownOptions(ACTION, options, ['schemes', 'base']);
  const { schemes = ['https', 'http', 'mailto'], base } = options;
  if (!Array.isArray(schemes) || !schemes.every((each) => SCHEME.test(each) && !SCRIPTING.test(each))) {
    throw new TypeError(`Cannot ${ACTION}: schemes must be lower-case names that run no scripts.`);
  }
  if (base !== undefined && applyUrlRules(base, { schemes }) === undefined) {
    throw new TypeError(`Cannot ${ACTION}: base must be a safe absolute URL.`);
  }
  return { schemes, base };
}

/** What {@linkcode safeUrl} does once its options are read. */
export function applyUrlRules(url: string, { schemes, base }: UrlRules): string | undefined {
  if (typeof url !== 'string' || url.length > MAX_LENGTH) return undefined;
  try {
    const { protocol, username, password, href } = new URL(url, base);
    if (!schemes.includes(protocol.slice(0, -1)) || username + password !== '') return undefined;
    // What a parser leaves in some places, and an attribute or an address on its own would end at.
    const safe = href.replace(/["'<>`\s\\]/g, percentEncode);
    // A URL that is read another way the second time could be anything to the parser that reads it third.
    return safe.length <= MAX_LENGTH && new URL(safe).href === safe ? safe : undefined;
  } catch {
    return undefined;
  }
}
