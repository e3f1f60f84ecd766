import { type DefaultTreeAdapterTypes, parse, parseFragment } from 'parse5';
import type { SanitizeOptions } from '../../src/html/index.ts';
import type { CanonicalNode } from './canonical.ts';

/** A place in a page, `@` being where the content goes, within the element that has the attribute `data-here`. */
export interface HtmlContext {
  readonly page: string;
  /** Whether only phrases may stand there, and no blocks. */
  readonly phrasesOnly?: true;
  /** Whether it is within a link. */
  readonly inLink?: true;
}

/** Where content is promised to be read as it was written. */
export const CONTEXTS: readonly HtmlContext[] = [
  { page: '<div data-here>@</div>' },
  { page: '<main><section data-here>@</section></main>' },
  { page: '<article data-here>x@y</article>' },
  { page: '<ul><li data-here>@<li>y</ul>' },
  { page: '<ol><li><ul><li data-here>@</ul></ol>' },
  { page: '<dl><dt>x<dd data-here>@</dl>' },
  { page: '<table><tr><td data-here>@<td>y</table>' },
  { page: '<table><tr><th data-here>@</th></tr></table>' },
  { page: '<table><caption data-here>@</caption><tr><td>y</table>' },
  { page: '<button data-here>@</button>' },
  { page: '<label data-here>@</label>' },
  { page: '<span data-here>@</span>' },
  { page: '<blockquote data-here>@</blockquote>' },
  { page: '<form><fieldset data-here>@</fieldset></form>' },
  { page: '<details open><summary data-here>@</summary></details>' },
  { page: '<template data-here>@</template>' },
  { page: '<object data-here>@</object>' },
  { page: '<svg><foreignObject data-here>@</foreignObject></svg>' },
  { page: '<svg><desc data-here>@</desc></svg>' },
  { page: '<math><annotation-xml encoding="text/html" data-here>@</annotation-xml></math>' },
  // The list of active formatting elements is full before the content begins.
  { page: '<b><b><b><i><i><i><em data-here>@</em></i></i></i></b></b></b>' },
  { page: '<font><nobr data-here>@</nobr></font>' },
  { page: '<p data-here>@</p>', phrasesOnly: true },
  { page: '<h1 data-here>@</h1>', phrasesOnly: true },
  { page: '<ul><li><p data-here>@</ul>', phrasesOnly: true },
  { page: '<math><mtext data-here>@</mtext></math>', phrasesOnly: true },
  { page: '<pre data-here>x@</pre>', phrasesOnly: true },
  { page: '<p>x<a href="https://here.test/" data-here>@</a>', phrasesOnly: true, inLink: true },
  { page: '<a href="https://here.test/"><div data-here>@</div></a>', inLink: true },
  { page: '<!doctype html><title>x</title><body data-here>@' },
  { page: '<body data-here>@' },
  { page: '<!doctype html><html><head></head><body><div data-here>@</div></body></html>' },
];

/** The contexts that are promised for options. */
export function contextsFor(options: SanitizeOptions): readonly HtmlContext[] {
  const { links = true, ...groups } = options;
  const hasBlocks = Object.values(groups).includes(true);
  return CONTEXTS.filter(({ phrasesOnly, inLink }) => !(phrasesOnly && hasBlocks) && !(inLink && links !== false));
}

/** What a text is read as at its place in a page, by the parser of the HTML standard. */
export function readInContext(html: string, { page }: HtmlContext): unknown {
  const whole = page.replace('@', () => html);
  const root = page.startsWith('<!') || page.startsWith('<body') ? parse(whole) : parseFragment(whole);
  const host = findHost(root);
  if (host === undefined) throw new Error(`The page has no place: ${page}`);
  return treeOf(isTemplate(host) ? host.content : host);
}

/** What a text should be read as: the tree of its grammar, and the letters that the page has around it. */
export function placedIn({ page }: HtmlContext, tree: readonly CanonicalNode[]): CanonicalNode[] {
  const before = /data-here>([^@]*)@/.exec(page)?.[1] ?? '';
  const after = /@([^<]*)/.exec(page)?.[1] ?? '';
  return mergeTexts([before, ...tree, after]);
}

function mergeTexts(nodes: readonly CanonicalNode[]): CanonicalNode[] {
  const merged: CanonicalNode[] = [];
  for (const node of nodes) {
    const last = merged[merged.length - 1];
    if (typeof node !== 'string') merged.push({ ...node, children: mergeTexts(node.children) });
    else if (typeof last === 'string') merged[merged.length - 1] = last + node;
    else if (node !== '') merged.push(node);
  }
  return merged;
}

function findHost(node: DefaultTreeAdapterTypes.Node): DefaultTreeAdapterTypes.Element | undefined {
  if ('attrs' in node && node.attrs.some(({ name }) => name === 'data-here')) return node;
  for (const child of 'childNodes' in node ? node.childNodes : []) {
    const host = findHost(child);
    if (host !== undefined) return host;
  }
  return undefined;
}

function isTemplate(node: DefaultTreeAdapterTypes.Node): node is DefaultTreeAdapterTypes.Template {
  return node.nodeName === 'template';
}

/** In the shape of a canonical tree, with everything in it that no canonical tree has. */
function treeOf(node: DefaultTreeAdapterTypes.ParentNode): unknown[] {
  return node.childNodes.map((child) => {
    if ('value' in child) return child.value;
    if (!('attrs' in child)) return { unexpected: child.nodeName };
    const { href, rel, ...others } = Object.fromEntries(child.attrs.map(({ name, value }) => [name, value]));
    const isHtml = child.namespaceURI === 'http://www.w3.org/1999/xhtml';
    return {
      name: isHtml ? child.tagName : `${child.namespaceURI} ${child.tagName}`,
      ...(href === undefined ? {} : { href }),
      ...(rel === undefined || rel === 'nofollow noopener' ? {} : { rel }),
      ...others,
      children: treeOf(child),
    };
  });
}
