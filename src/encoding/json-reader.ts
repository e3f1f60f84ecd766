/** What JSON text can hold. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | { readonly [key: string]: JsonValue };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LITERALS: ReadonlyMap<string, JsonValue> = /* @__PURE__ */ new Map([['true', true], ['false', false], [
  'null',
  null,
]]);

/** An object or array whose end has not been read yet. */
interface Open {
  readonly container: object & JsonValue;
  /** The name of the member whose value comes next; undefined in an array, and where a name comes next. */
  name: string | undefined;
}

/**
 * Finds the closing quote of a JSON string.
 *
 * @param text JSON text
 * @param start where the opening quote is
 * @returns where the closing quote is, or the end of the text or beyond where there is none
 */
export function endOfString(text: string, start: number): number {
  let index = start + 1;
  for (; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) break;
    if (code === BACKSLASH) index++;
  }
  return index;
}

/**
 * Reads JSON text that `JSON.parse` has already found valid, member by member, without recursion.
 *
 * It exists because `JSON.parse` of V8 12.8 and later misreads names with escapes: after an object whose name was a lone backslash,
 * `{"b":1,"\u0063":2}` comes out as `{"b":1,"\\":2}`, so that one request decides what the next one's names are.
 *
 * @param text valid JSON
 * @returns the value; of two members of one name it holds the last
 * @see nodejs/node issue 63785
 */
export function readValidJson(text: string): JsonValue {
  const stack: Open[] = [];
  let root: JsonValue = null;
  let index = 0;
  while (index < text.length) {
    const start = text.charAt(index);
    if (start === '}' || start === ']') {
      stack.pop();
      index++;
    } else if (start === '{' || start === '[') {
      const container = start === '{' ? {} : [];
      root = place(stack, container) ?? root;
      stack.push({ container, name: undefined });
      index++;
    } else if (start === '"') {
      const end = endOfString(text, index) + 1;
      root = place(stack, readString(text.slice(index, end))) ?? root;
      index = end;
    } else if (' \t\r\n,:'.includes(start)) {
      index++;
    } else {
      const end = endOfLiteral(text, index);
      const literal = text.slice(index, end);
      root = place(stack, LITERALS.has(literal) ? LITERALS.get(literal) ?? null : Number(literal)) ?? root;
      index = end;
    }
  }
  return root;
}

/** Puts what was read where it belongs; returns it where it belongs to nothing, which makes it the root. */
function place(stack: readonly Open[], value: JsonValue): JsonValue | undefined {
  const open = stack.at(-1);
  if (open === undefined) return value;
  if (Array.isArray(open.container)) {
    open.container.push(value);
  } else if (open.name === undefined) {
    open.name = String(value);
  } else {
    // As JSON.parse does: assigning would run an inherited setter, and fail on what a frozen Object.prototype holds.
    Object.defineProperty(open.container, open.name, { value, writable: true, enumerable: true, configurable: true });
    open.name = undefined;
  }
  return undefined;
}

function readString(literal: string): string {
  // A string by itself is no name, and is read as it should be.
  return literal.includes('\\') ? String(JSON.parse(literal)) : literal.slice(1, -1);
}

function endOfLiteral(text: string, start: number): number {
  let index = start;
  while (index < text.length && !' \t\r\n,]}'.includes(text.charAt(index))) index++;
  return index;
}
