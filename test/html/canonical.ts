/** A node of the tree that a canonical text stands for: a text, or an element. */
export type CanonicalNode = string | CanonicalElement;

/** An element, of which only `href` can vary. */
export interface CanonicalElement {
  readonly name: string;
  readonly href?: string;
  readonly children: CanonicalNode[];
}

/** The whole output grammar: text, a void element, a link, another start tag, an end tag. There is nothing else to write. */
const TOKEN =
  /(?<text>(?:[^<>&"'\r]|&#(?:38|60|62|34|39);)+)|(?<br><br\/>)|<a href="(?<href>[!-~]+)" rel="nofollow noopener">|<(?<start>[a-z]+[1-6]?)>|<\/(?<end>[a-z]+[1-6]?)>/y;
const PHRASES = ['a', 'b', 'i', 'em', 'strong', 'code'];
const LINES = ['p', 'pre', 'h1', 'h2', 'h3', 'h4', 'h5', 'h6'];
const LISTS = ['ul', 'ol'];
const BLOCKS = [...LISTS, 'li', 'blockquote'];

/**
 * Reads the text of a sanitiser by its grammar and nothing else, and throws for whatever is not of it.
 *
 * @param html what `sanitizeHtml` returned
 * @param names the elements that may be in it
 */
export function readCanonical(html: string, names: readonly string[]): CanonicalNode[] {
  const root: CanonicalElement = { name: '', children: [] };
  const open = [root];
  const fail = (what: string): never => {
    throw new Error(`Not canonical, ${what}: ${JSON.stringify(html)}`);
  };
  TOKEN.lastIndex = 0;
  for (let at = 0; at < html.length; at = TOKEN.lastIndex) {
    const { text, br, href, start, end } = TOKEN.exec(html)?.groups ?? fail(`at ${at}`);
    const parent = open[open.length - 1] ?? root;
    if (text !== undefined) {
      if (/(?![\t\n])[\p{Cc}\p{Cs}\p{NChar}]/u.test(text)) fail('a character');
      // HTML drops the line feed here.
      if (parent.name === 'pre' && parent.children.length === 0 && text.startsWith('\n')) fail('a line feed');
      parent.children.push(decode(text));
    } else if (end !== undefined) {
      if (open.pop()?.name !== end || open.length === 0) fail('an end tag');
    } else {
      const name = start ?? (href === undefined ? 'br' : 'a');
      if (!names.includes(name) || (start === 'a' || start === 'br')) fail('a name');
      if (!mayStand(name, open.map((each) => each.name))) fail(`${name} in ${parent.name}`);
      if (href !== undefined && /["'<>`=]/.test(href)) fail('an attribute');
      const element = { name, ...(href === undefined ? {} : { href: decode(href) }), children: [] };
      parent.children.push(element);
      if (br === undefined) open.push(element);
    }
    // The root is one of them.
    if (open.length > 65) fail('depth');
  }
  if (open.length !== 1) fail('unclosed');
  return root.children;
}

function mayStand(name: string, open: readonly string[]): boolean {
  const parent = open[open.length - 1] ?? '';
  if (PHRASES.includes(name) || name === 'br') return name !== 'a' || !open.includes('a');
  if (name === 'li') return LISTS.includes(parent);
  return (LINES.includes(name) || BLOCKS.includes(name)) && (parent === '' || BLOCKS.includes(parent));
}

function decode(text: string): string {
  return text.replace(/&#([0-9]+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}
