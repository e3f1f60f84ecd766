/**
 * Adds a name to `Vary`, so that a cache does not hand one origin's answer to another. `*` says more already, and a name that stands there
 * is not added again.
 *
 * @param headers of a response
 * @param name lower-case
 * @see RFC 9110 section 12.5.5
 */
export function addVary(headers: Headers, name: string): void {
  const value = headers.get('vary');
  if (value === null || value.trim() === '') {
    headers.set('vary', name);
    return;
  }
  const names = value.split(',').map((item) => item.trim().toLowerCase());
  if (!names.includes('*') && !names.includes(name)) headers.set('vary', `${value}, ${name}`);
}
