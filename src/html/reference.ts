/** The named references that serializers write. There are 2,231 of them: in a text the rest stays as it is. */
const NAMED: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ['amp', '&'],
  ['lt', '<'],
  ['gt', '>'],
  ['quot', '"'],
  ['apos', "'"],
  ['nbsp', '\u00a0'],
]);

/** What the numbers from 145 on mean, and controls do not: old word processors wrote the quotes and dashes of Windows-1252 like that. */
const QUOTES_AND_DASHES = '‘’“”•–—';

/** Reads the character references of a text: all numeric ones, and the named ones of the table. */
export function decodeReferences(text: string): string {
  return text.replace(/&(?:#(x[0-9a-f]+|[0-9]+);?|([a-z]{2,4});)/gi, (whole: string, digits?: string, name = '') => {
    if (digits === undefined) return NAMED.get(name) ?? whole;
    const code = Number(`0${digits}`);
    // Of surrogates two may make a character; one alone is replaced later, with the rest of what no document may hold.
    return code <= 0x10_ffff ? QUOTES_AND_DASHES[code - 145] ?? String.fromCodePoint(code) : '\ufffd';
  });
}
