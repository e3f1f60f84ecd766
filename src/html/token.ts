import { decodeReferences } from './reference.ts';

/** A start tag or an end tag. */
export interface Tag {
  /** In lower case. */
  readonly name: string;
  readonly isEnd: boolean;
  /** The value of the first `href`. */
  readonly href: string | undefined;
}

/**
 * Reads HTML as the tokenizer of browsers does, as far as text, names and `href` go. Nothing comes of comments, of elements whose content
 * is no HTML, and of a tag that the source ends within. Every character is looked at a bounded number of times.
 *
 * @see WHATWG HTML section 13.2.5 (tokenization)
 */
export function* readTokens(source: string): Generator<string | Tag, void, undefined> {
  // Text, the beginning of a tag, comments. `<!-->` and `<!--->` are whole, and `--!>` ends one: the differences payloads are made of.
  const token = /[^<]+|<(\/?)([a-z][^\t\n\f\r />]*)|<!--(?:-?>|[^]*?(?:--!?>|$))|<[!?/][^>]*>?|</giy;
  for (let match = token.exec(source); match !== null; match = token.exec(source)) {
    const [text, slash, written] = match;
    const name = written?.toLowerCase();
    if (name === undefined) {
      // A text, or a bracket that begins nothing.
      if (!/^<./s.test(text)) yield decodeReferences(text);
      continue;
    }
    const rest = readAttributes(source, token.lastIndex);
    if (rest === undefined) return;
    yield { name, isEnd: slash !== '', href: rest.href };
    token.lastIndex = slash !== '' ? rest.end : skipRawText(source, rest.end, name);
  }
}

/** Reads to where the tag ends, or to nowhere when the source ends within it. */
function readAttributes(source: string, start: number): { href: string | undefined; end: number } | undefined {
  // The first character belongs to the name even when it is an equals sign. What is quoted and not ended takes the rest of the source.
  const attribute =
    /[\t\n\f\r /]*(?:>|([^\t\n\f\r />][^\t\n\f\r />=]*)(?:[\t\n\f\r ]*=[\t\n\f\r ]*(?:"([^"]*)"?|'([^']*)'?|([^\t\n\f\r >]*)))?)/y;
  attribute.lastIndex = start;
  let href: string | undefined;
  for (let match = attribute.exec(source); match !== null; match = attribute.exec(source)) {
    const [, name, double, single, bare = ''] = match;
    if (name === undefined) return { href, end: attribute.lastIndex };
    if (name.toLowerCase() === 'href') href ??= decodeReferences(double ?? single ?? bare);
  }
  return undefined;
}

/**
 * Finds the end of a content that is no HTML, at the beginning of the end tag.
 *
 * @see WHATWG HTML sections 13.2.6.4 (which elements) and 13.2.5.14 (appropriate end tag)
 */
function skipRawText(source: string, start: number, name: string): number {
  const tag = /<\/(script|style|textarea|title|xmp|iframe|noembed|noframes|noscript|plaintext)[\t\n\f\r />]/gi;
  if (!tag.test(`</${name} `)) return start;
  tag.lastIndex = start;
  for (const match of source.matchAll(tag)) {
    if (match[1]?.toLowerCase() === name) return match.index;
  }
  return source.length;
}
