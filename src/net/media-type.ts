/** A media type, lower-cased where it is case-insensitive. */
export interface MediaType {
  /** `type/subtype`, lower-case, without parameters. */
  readonly essence: string;
  /** Parameters by lower-case name; the first of a repeated name counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

const MAX_LENGTH = 1024;

/**
 * Parses a media type as browsers do. Decide on the result, never on a substring of the header: `text/plain; x=application/json` is text.
 *
 * @param text a `Content-Type` value
 * @returns the media type, or undefined when it is none or is longer than 1,024 characters
 * @see WHATWG MIME Sniffing section 4.4
 *
 * @example
 * ```ts
 * import { parseMediaType } from 'sallyport/net';
 *
 * console.log(parseMediaType('Application/JSON; charset=utf-8')?.essence); // application/json
 * ```
 */
export function parseMediaType(text: string): MediaType | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  const input = trimHttpSpace(text);
  const semicolon = input.indexOf(';');
  const whole = trimEnd(semicolon < 0 ? input : input.slice(0, semicolon));
  const slash = whole.indexOf('/');
  if (slash < 0 || !isToken(whole.slice(0, slash)) || !isToken(whole.slice(slash + 1))) return undefined;
  const parameters = new Map<string, string>();
  let position = semicolon < 0 ? input.length : semicolon;
  while (position < input.length) position = readParameter(input, position + 1, parameters);
  return { essence: whole.toLowerCase(), parameters };
}

/**
 * Tells whether a text is an HTTP token: a method, a header name, a parameter name.
 *
 * @param text any text
 * @returns whether it is one or more token characters
 * @see RFC 9110 section 5.6.2
 *
 * @example
 * ```ts
 * import { isToken } from 'sallyport/net';
 *
 * console.log(isToken('x-id'), isToken('x id')); // true false
 * ```
 */
export function isToken(text: string): boolean {
  if (text.length === 0) return false;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const alphanumeric = (code >= 48 && code <= 57) || ((code | 32) >= 97 && (code | 32) <= 122);
    if (!alphanumeric && !"!#$%&'*+-.^_`|~".includes(text.charAt(index))) return false;
  }
  return true;
}

/** Reads one parameter from `start`; returns where the next semicolon is, or the end. */
function readParameter(input: string, start: number, parameters: Map<string, string>): number {
  let end = input.indexOf(';', start);
  if (end < 0) end = input.length;
  // Sought in this parameter alone: up to the end of the text, each of many would cross it again.
  const length = input.slice(start, end).indexOf('=');
  if (length < 0) return end;
  const equals = start + length;
  // Space before the name is skipped; space between it and "=" makes it no token, and the parameter is ignored.
  const written = trimStart(input.slice(start, equals));
  const name = written.toLowerCase();
  // Asked of what was written: lower-casing turns U+212A, the Kelvin sign, into a "k".
  const usable = isToken(written) && !parameters.has(name);
  if (input.charAt(equals + 1) === '"') {
    const quoted = readQuoted(input, equals + 1);
    if (usable && isQuotable(quoted.value)) parameters.set(name, quoted.value);
    const next = input.indexOf(';', quoted.end);
    return next < 0 ? input.length : next;
  }
  const value = trimEnd(input.slice(equals + 1, end));
  if (usable && value !== '' && isQuotable(value)) parameters.set(name, value);
  return end;
}

function readQuoted(input: string, quote: number): { readonly value: string; readonly end: number } {
  let value = '';
  let index = quote + 1;
  for (; index < input.length; index++) {
    const character = input.charAt(index);
    if (character === '"') break;
    // A backslash at the very end stands for itself.
    value += character === '\\' && index + 1 < input.length ? input.charAt(++index) : character;
  }
  return { value, end: index };
}

/** Tab, space to tilde, and the upper half of Latin-1 (RFC 9110 section 5.6.4). */
function isQuotable(value: string): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code !== 9 && (code < 32 || code === 127 || code > 255)) return false;
  }
  return true;
}

function isHttpSpace(code: number): boolean {
  return code === 32 || code === 9 || code === 10 || code === 13;
}

/**
 * Strips the white space of HTTP from both ends; `String.trim` would also take U+00A0, which a header can hold.
 *
 * @param text any text
 * @returns the text without tabs, line ends and spaces around it
 * @see Fetch section 2.2, "HTTP whitespace"
 */
export function trimHttpSpace(text: string): string {
  return trimEnd(trimStart(text));
}

function trimStart(text: string): string {
  let start = 0;
  while (start < text.length && isHttpSpace(text.charCodeAt(start))) start++;
  return text.slice(start);
}

function trimEnd(text: string): string {
  let end = text.length;
  while (end > 0 && isHttpSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end);
}
