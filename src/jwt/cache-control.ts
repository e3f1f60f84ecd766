/** More than any server says; a longer one is not looked at. */
const MAX_LENGTH = 1024;
const MAX_DIGITS = 9;

/**
 * Reads for how many more seconds a response says that it is fresh; undefined where it does not say. Of several answers the shortest counts, and one
 * that is no number counts as none at all (RFC 9111 section 4.2.1).
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
      ? readSeconds(value) ?? 0
      : Infinity;
    if (seconds < (shortest ?? Infinity)) shortest = seconds;
  }
  return shortest === undefined ? undefined : Math.max(0, shortest - (readSeconds(headers.get('age') ?? '') ?? 0));
}

function readSeconds(text: string): number | undefined {
  if (text === '' || text.length > MAX_DIGITS) return undefined;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code < 0x30 || code > 0x39) return undefined;
  }
  return Number(text);
}
