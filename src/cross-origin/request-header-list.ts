/** What RFC 9110 section 5.6.1 asks a recipient to bear: a few empty elements, and a space or tab on either side of a comma. */
const MAX_EMPTY = 16;
const MAX_SPACES = 2;

/**
 * Compiles a check of `Access-Control-Request-Headers` against the allowed names.
 *
 * The names are never sent back, and a text longer than all allowed names together is refused unread: a megabyte of commas costs what a
 * comma costs.
 *
 * @param allowed lower-case names
 * @returns whether every name in a header's value is allowed
 */
export function createNameList(allowed: readonly string[]): (value: string) => boolean {
  const names = new Set(allowed);
  const padding = MAX_SPACES + 1;
  const maxLength = allowed.reduce((sum, name) => sum + name.length + padding, MAX_EMPTY * padding);
  return (value) => {
    if (value.length > maxLength) return false;
    let empty = 0;
    for (const element of value.split(',')) {
      const name = element.replace(/^[\t ]|[\t ]$/g, '').toLowerCase();
      if (name === '' ? ++empty > MAX_EMPTY : !names.has(name)) return false;
    }
    return true;
  };
}
