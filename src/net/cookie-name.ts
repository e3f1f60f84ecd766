import { isToken } from './media-type.ts';

/** A cookie name under which a browser keeps a promise: that nobody but this host (`__Host-`), or nobody over plain HTTP, has set it. */
export type PrefixedCookieName = `__Host-${string}` | `__Secure-${string}` | `__Http-${string}`;

/** What a browser asks of a cookie with such a name. All of them ask for `Secure`. */
export interface CookiePrefix {
  readonly text: string;
  /** Neither a Domain nor a Path but `/`. */
  readonly host: boolean;
  /** Never to be read or written by a script. */
  readonly http: boolean;
}

// The longer ones first: one is the beginning of another.
const PREFIXES: readonly CookiePrefix[] = [
  { text: '__Host-Http-', host: true, http: true },
  { text: '__Host-', host: true, http: false },
  { text: '__Http-', host: false, http: true },
  { text: '__Secure-', host: false, http: false },
];

/**
 * Finds the prefix of a cookie's name, in any case: `__host-` is one to newer browsers, and to older ones a name that everybody may set.
 *
 * @param name a cookie's name
 * @returns the prefix, which need not be spelt as the name spells it
 * @see RFC 6265bis section 4.1.3
 */
export function cookiePrefix(name: string): CookiePrefix | undefined {
  // Nearly every name is told by its first two characters.
  if (!name.startsWith('__')) return undefined;
  const lower = name.toLowerCase();
  return PREFIXES.find(({ text }) => lower.startsWith(text.toLowerCase()));
}

/**
 * Tells whether a text is the name of a cookie that can be trusted to be what it looks like.
 *
 * @param name any text
 * @returns whether it is a token, and a prefix in it is spelt as the standard spells it
 */
export function isCookieName(name: string): boolean {
  return isToken(name) && name.startsWith(cookiePrefix(name)?.text ?? '');
}

/**
 * Tells whether a text can be the value of a cookie: visible ASCII without quote, comma, semicolon and backslash.
 *
 * @param value any text
 * @returns true also for the empty text
 * @see RFC 6265 section 4.1.1, cookie-octet
 */
export function isCookieValue(value: string): boolean {
  return /^[!#-+\--:<-[\]-~]*$/.test(value);
}
