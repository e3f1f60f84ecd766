/** What each option of the sanitiser adds to `b`, `i`, `em` and `strong`. */
export const GROUPS = {
  links: ['a'],
  headings: ['h1', 'h2', 'h3', 'h4', 'h5', 'h6'],
  paragraphs: ['p', 'br'],
  lists: ['ul', 'ol', 'li'],
  code: ['code', 'pre'],
  quotes: ['blockquote'],
} as const;

/** Whether an element is part of a line of text: it holds text and its own kind. */
export function isPhrase(name: string): boolean {
  return /^(?:a|b|i|em|strong|code)$/.test(name);
}

/** Whether an element holds other blocks, and not only a line of text as `p`, `pre` and headings do. */
export function holdsBlocks(name: string): boolean {
  return /^(?:[uo]l|li|blockquote)$/.test(name);
}

/** Whether an element is what `li` stands in. */
export function isList(name: string): boolean {
  return /^[uo]l$/.test(name);
}
