const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/**
 * Where the last element before `end` begins, in a list whose elements may hold quoted strings.
 *
 * It is tempting to read such a list from the left. However the left was written by the client, and one quote there would swallow what
 * the proxies wrote behind it. From the right, what a proxy wrote is read as it was written, whatever stands before it.
 *
 * @param text the list; what stands to the right of `end` was read already
 * @param end behind the element
 * @returns the place behind the comma before it, or 0
 */
export function quotedElementStart(text: string, end: number): number {
  let quoted = false;
  for (let index = end - 1; index >= 0; index--) {
    const code = text.charCodeAt(index);
    if (code === QUOTE && !isEscaped(text, index)) quoted = !quoted;
    if (code === COMMA && !quoted) return index + 1;
  }
  return 0;
}

/**
 * Reads an element of pairs: `for=192.0.2.1;host="a.example"`.
 *
 * @param element one element of the list
 * @param pattern sticky; it matches a pair with the semicolon behind it, and captures name, bare value, quoted value
 * @returns names in lower case, and values as written but for the quotes; undefined when anything else stands there
 */
export function readPairs(element: string, pattern: RegExp): readonly (readonly [string, string])[] | undefined {
  const pairs: (readonly [string, string])[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < element.length) {
    const match = pattern.exec(element);
    if (match === null) return undefined;
    pairs.push([(match[1] ?? '').toLowerCase(), match[2] ?? match[3] ?? '']);
  }
  return pairs;
}

/** Whether an odd number of backslashes stands before a quote. Each is counted for one quote only. */
function isEscaped(text: string, quote: number): boolean {
  let index = quote;
  while (index > 0 && text.charCodeAt(index - 1) === BACKSLASH) index--;
  return (quote - index) % 2 === 1;
}
