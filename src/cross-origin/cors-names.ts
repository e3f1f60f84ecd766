import { isToken } from '../net/media-type.ts';

/** Methods that browsers refuse to send (WHATWG Fetch, forbidden method). */
const FORBIDDEN_METHODS: readonly string[] = ['CONNECT', 'TRACE', 'TRACK'];

/** Headers that no page may set (WHATWG Fetch, forbidden request-header), beside every `proxy-` and `sec-`. */
const FORBIDDEN_REQUEST_HEADERS: readonly string[] = (
  'accept-charset accept-encoding access-control-request-headers access-control-request-method connection content-length cookie cookie2 ' +
  'date dnt expect host keep-alive origin referer set-cookie te trailer transfer-encoding upgrade via'
).split(' ');

/** Headers that no page may read (WHATWG Fetch, forbidden response-header name). */
const FORBIDDEN_RESPONSE_HEADERS: readonly string[] = ['set-cookie', 'set-cookie2'];

/**
 * Returns the methods option. Methods are case-sensitive and browsers do not upper-case `patch`, so a lower-case one is a mistake.
 *
 * @throws {TypeError} for what is no method in upper case, and what browsers never send
 */
export function methodsOption(action: string, name: string, value: unknown): readonly string[] {
  return namesOption(
    action,
    name,
    value,
    (method) => /^[A-Z][A-Z0-9-]*$/.test(method) && !FORBIDDEN_METHODS.includes(method),
  );
}

/**
 * Returns the request headers that pages may set, in lower case as browsers ask for them.
 *
 * @throws {TypeError} for what is no header name, and what browsers let no page set
 */
export function requestHeadersOption(action: string, name: string, value: unknown): readonly string[] {
  return namesOption(action, name, value, (header) => {
    const lower = header.toLowerCase();
    return isToken(header) && !/^(?:proxy|sec)-/.test(lower) && !FORBIDDEN_REQUEST_HEADERS.includes(lower);
  }).map((header) => header.toLowerCase());
}

/**
 * Returns the response headers that pages may read, in lower case.
 *
 * @throws {TypeError} for what is no header name, and what browsers let no page read
 */
export function exposedHeadersOption(action: string, name: string, value: unknown): readonly string[] {
  return namesOption(
    action,
    name,
    value,
    (header) => isToken(header) && !FORBIDDEN_RESPONSE_HEADERS.includes(header.toLowerCase()),
  )
    .map((header) => header.toLowerCase());
}

function namesOption(
  action: string,
  name: string,
  value: unknown,
  isAllowed: (item: string) => boolean,
): readonly string[] {
  if (!Array.isArray(value)) throw new TypeError(`Cannot ${action}: ${name} must be an array of names.`);
  const names = new Set<string>();
  for (const item of value) {
    // `*` is a literal beside credentials and never covers Authorization: a list says what is meant.
    if (typeof item !== 'string' || item === '*' || !isAllowed(item) || names.has(item.toLowerCase())) {
      throw new TypeError(
        `Cannot ${action}: ${name} must be names that browsers can use, each once, without wildcards.`,
      );
    }
    names.add(item.toLowerCase());
  }
  return Object.freeze([...value]);
}
