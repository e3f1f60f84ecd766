/** More than any server says; a longer one is not looked at. */
const MAX_LENGTH = 1024;
/** What counts as for ever (RFC 9111 section 1.2.2). */
const FOR_EVER = 2 ** 31;

/**
 * Reads for how many more seconds a response says that it is fresh; undefined where it does not say. Of several answers the shortest
 * counts, and one that is no number counts as none at all (RFC 9111 section 4.2.1).
 */
export function readMaxAge(headers: Headers): number | undefined {
  const control = headers.get('cache-control');
  if (control === null || control.length > MAX_LENGTH) return undefined;
  let shortest: number | undefined;
  for (const directive of control.toLowerCase().split(',')) {
    const [name = '', value = ''] = directive.trim().split('=', 2);
    const seconds = name === 'no-store' || name === 'no-cache'
      ? 0
      : name === 'max-age'
      ? readSeconds(unquote(value)) ?? 0
      : Infinity;
    if (seconds < (shortest ?? Infinity)) shortest = seconds;
  }
  return shortest === undefined ? undefined : Math.max(0, shortest - readAge(headers));
}

/** How long caches on the way have held the response. The first of several counts, and what is no number is ignored (RFC 9111 section 5.1). */
function readAge(headers: Headers): number {
  const age = headers.get('age');
  if (age === null || age.length > MAX_LENGTH) return 0;
  const comma = age.indexOf(',');
  return readSeconds((comma < 0 ? age : age.slice(0, comma)).trim()) ?? 0;
}

/** No sender should quote it, and every reader should take it (RFC 9111 section 5.2). */
function unquote(value: string): string {
  return value.length > 2 && value.startsWith('"') && value.endsWith('"') ? value.slice(1, -1) : value;
}

function readSeconds(text: string): number | undefined {
  if (text === '') return undefined;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return undefined;
  }
  return Math.min(Number(text), FOR_EVER);
}
