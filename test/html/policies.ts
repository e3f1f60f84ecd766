import type { SanitizeOptions } from '../../src/html/index.ts';

const BASIC = ['b', 'i', 'em', 'strong'];
const ADDED = {
  headings: ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
  paragraphs: ['p', 'br'],
  lists: ['ul', 'ol', 'li'],
  code: ['code', 'pre'],
  quotes: ['blockquote'],
};

/** Options, and the elements that they allow. */
export const POLICIES: readonly (readonly [title: string, options: SanitizeOptions, names: readonly string[]])[] = [
  ['nothing else', {}, [...BASIC, 'a']],
  ['no links', { links: false }, BASIC],
  ...Object.entries(ADDED).map(([group, names]) => [group, { [group]: true }, [...BASIC, 'a', ...names]] as const),
  ['everything', everything(true), [...BASIC, 'a', ...Object.values(ADDED).flat()]],
  ['everything but links', everything(false), [...BASIC, ...Object.values(ADDED).flat()]],
];

function everything(links: boolean): SanitizeOptions {
  return { links, headings: true, paragraphs: true, lists: true, code: true, quotes: true };
}
