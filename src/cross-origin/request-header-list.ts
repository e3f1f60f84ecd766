/** What RFC 9110 section 5.6.1 asks a recipient to bear: a few empty elements, and space or tabs around a name. */
const MAX_EMPTY = 16;
const MAX_SPACES = 2;
/** Where every name is allowed, the most characters that are looked at; more than any page asks for. */
const MAX_LENGTH = 4096;

/**
 * Compiles a check of `Access-Control-Request-Headers` against the allowed names.
 *
 * The names are never sent back, and a text longer than all allowed names together is refused unread: a megabyte of commas costs what a
 * comma costs. Several header lines reach it joined by commas.
 *
 * @param allowed lower-case names; `*` among them allows every name but `authorization`, which must be named
 * @returns whether every name in a header's value is allowed
 */
export function createNameList(allowed: readonly string[]): (value: string) => boolean {
  const names = new Set(allowed);
  const any = names.has('*');
  const padding = MAX_SPACES + 1;
  const maxLength = any ? MAX_LENGTH : allowed.reduce((sum, name) => sum + name.length + padding, MAX_EMPTY * padding);
  return (value) => {
    if (value.length > maxLength) return false;
    let empty = 0;
    for (const element of value.split(',')) {
      const name = element.replace(/^[\t ]{1,2}/, '').replace(/[\t ]{1,2}$/, '').toLowerCase();
      if (element.length - name.length > MAX_SPACES) return false;
      // It is tempting to leave it to the browser that `*` is not Authorization (WHATWG Fetch). However Chromium lets it through.
      if (name === '' ? ++empty > MAX_EMPTY : !names.has(name) && !(any && name !== 'authorization')) return false;
    }
    return true;
  };
}
