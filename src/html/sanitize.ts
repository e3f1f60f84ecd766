import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import { GROUPS } from './element.ts';
import { escapeAttribute } from './escape.ts';
import { readTokens, type Tag } from './token.ts';
import { createTree } from './tree.ts';
import { applyUrlRules, readUrlRules, type SafeUrlOptions, type UrlRules } from './url.ts';

/** Options of {@linkcode sanitizeHtml}: groups of elements, beyond `b`, `i`, `em` and `strong`. */
export interface SanitizeOptions {
  /** Whether `a` with `href` stays, or to where it may lead. Default: true, for absolute `https`, `http` and `mailto` URLs. */
  readonly links?: boolean | SafeUrlOptions;
  /** Whether `h1` to `h6` stay. Default: false. */
  readonly headings?: boolean;
  /** Whether `p` and `br` stay. Default: false. */
  readonly paragraphs?: boolean;
  /** Whether `ul`, `ol` and `li` stay. Default: false. */
  readonly lists?: boolean;
  /** Whether `code` and `pre` stay. Default: false. */
  readonly code?: boolean;
  /** Whether `blockquote` stays. Default: false. */
  readonly quotes?: boolean;
}

const ACTION = 'sanitize HTML';

/**
 * Makes HTML of any origin harmless as the content of an HTML element: of a closed list of elements new tags are written, of all else
 * the text stays, but for comments and what is no HTML (`script`, `style`, `title`, `textarea`, `noscript` and their like). The result
 * is so plain that HTML and XML parsers read the same tree from it; nothing of the source is copied but text and URLs, so it does not
 * matter how a browser would have read the source. Of named references six are read, `&nbsp;` and those of syntax: others stay as
 * they are written, `&copy;` as six characters. Time is linear; the size is yours to bound.
 *
 * The result is for element content alone: not for attributes, `script`, `style`, `textarea`, `title`, `select`, between the parts of a
 * table, or as a template of a framework. With links it must not stand in a link; with any other group not in `p` or a heading either.
 * It does not judge what the text says, where links lead, or what it looks like (`dir`, invisible and stacked characters stay).
 *
 * @param source HTML that may be hostile
 * @param options what stays
 * @returns well-formed HTML of at most 64 levels; links carry `rel="nofollow noopener"`
 * @throws {TypeError} on an unknown or malformed option, or a source that is no string; never for what the source holds
 * @see WHATWG HTML section 13.2 (parsing)
 *
 * @example
 * ```ts
 * import { sanitizeHtml } from 'sallyport/html';
 *
 * console.log(sanitizeHtml('<b onclick=alert(1)>Hi <img src=x onerror=alert(2)>there')); // <b>Hi there</b>
 * ```
 */
export function sanitizeHtml(source: string, options: SanitizeOptions = {}): string {
  // A list would be read anew at each step, and its length is not that of its text: it would never end.
  if (typeof source !== 'string') throw new TypeError(`Cannot ${ACTION}: source must be a string.`);
  const { names, urls } = readOptions(options);
  const tree = createTree();
  for (const token of readTokens(source)) {
    if (typeof token === 'string') tree.text(token);
    else if (names.includes(token.name)) writeTag(token);
  }
  return tree.end();

  function writeTag({ name, isEnd, href }: Tag): void {
    if (isEnd) return tree.close(name);
    if (name !== 'a') return tree.open(name, '');
    // Links hold no links. One that is refused ends that around it too: its text must not lead to where the other does.
    tree.close(name);
    const url = href === undefined ? undefined : applyUrlRules(href, urls);
    if (url !== undefined) tree.open(name, ` href="${escapeAttribute(url)}" rel="nofollow noopener"`);
  }
}

function readOptions(options: SanitizeOptions): { names: readonly string[]; urls: UrlRules } {
  refuseUnknownOptions(ACTION, options, Object.keys(GROUPS));
  const { links = true } = options;
  const isObject = typeof links === 'object';
  const flags = new Map<string, unknown>(Object.entries(options)).set('links', isObject || links);
  const names = ['b', 'i', 'em', 'strong'];
  for (const [group, members] of Object.entries(GROUPS)) {
    if (booleanOption(ACTION, group, flags.get(group) ?? false)) names.push(...members);
  }
  return { names, urls: readUrlRules(isObject ? links : {}) };
}
