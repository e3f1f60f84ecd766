import { refuseUnknownOptions, stringListOption } from '../core/option.ts';
import { parseOrigin } from './origin.ts';

/** Options of {@linkcode parseRedirectTarget}. */
export interface RedirectTargetOptions {
  /** Other origins that may be redirected to: `https://app.example`. Default: none, and only paths are taken. */
  readonly origins?: readonly string[];
}

const ACTION = 'parse redirect target';
const MAX_LENGTH = 2048;
/** An origin that nothing has (RFC 6761): what still has it when it is parsed has not left. */
const HERE = 'https://here.invalid';

/**
 * Parses where a user wants to be redirected to (`?next=…`) into what may be sent as `Location`: a path of this origin, or a URL of one that is
 * listed. So nobody lends the name of this site to another.
 *
 * What is returned is what the platform's URL parser reads, written anew: no tab, backslash or dot segment of the source is left to be read in
 * another way. A path must begin with a slash; `//host` and `/\host` are no paths, and neither is what becomes one.
 *
 * @param text any text
 * @param options other origins
 * @returns a path with query and fragment, or a URL, at most 2,048 characters; undefined for everything else
 * @throws {TypeError} for an unknown option, or an origin that is not written as browsers write it
 * @see RFC 9110 section 17.7, OWASP Unvalidated Redirects Cheat Sheet
 *
 * @example
 * ```ts
 * import { parseRedirectTarget } from 'sallyport/net';
 *
 * console.log(parseRedirectTarget('/cart?a=1'), parseRedirectTarget('//evil.example')); // /cart?a=1 undefined
 * ```
 */
export function parseRedirectTarget(text: string, options: RedirectTargetOptions = {}): string | undefined {
  refuseUnknownOptions(ACTION, options, ['origins']);
  const origins = options.origins === undefined ? [] : stringListOption(ACTION, 'origins', options.origins);
  for (const origin of origins) {
    if (parseOrigin(origin) === undefined) {
      throw new TypeError(
        `Cannot ${ACTION}: origins must be origins as browsers write them, such as https://app.example.`,
      );
    }
  }
  if (typeof text !== 'string' || text.length > MAX_LENGTH || !URL.canParse(text, HERE)) return undefined;
  const { protocol, host, href, pathname, search, hash, username, password } = new URL(text, HERE);
  // Not `origin`: a blob has that of whoever made it.
  const origin = `${protocol}//${host}`;
  if (username !== '' || password !== '') return undefined;
  const isPath = origin === HERE && text.startsWith('/');
  // `/.//evil.example` is a path of this origin, and its normal form is not.
  if (isPath && pathname.startsWith('//')) return undefined;
  const target = isPath ? `${pathname}${search}${hash}` : origins.includes(origin) ? href : undefined;
  return target !== undefined && target.length <= MAX_LENGTH ? target : undefined;
}
