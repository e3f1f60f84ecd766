/**
 * Reads a serialised policy as CSP Level 3 section 2.2.1 tells a browser to: split at `;`, then at white space; of two directives with one name the
 * first wins. Written for the tests, from the text of the standard.
 */
export function parseCsp(text: string): ReadonlyMap<string, readonly string[]> {
  const directives = new Map<string, readonly string[]>();
  for (const piece of text.split(';')) {
    const [name, ...words] = piece.split(/[\t\n\f\r ]+/).filter((word) => word !== '');
    if (name !== undefined && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), words);
  }
  return directives;
}
