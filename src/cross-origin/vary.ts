/**
 * Adds names to `Vary`, so that a cache does not hand one origin's answer to another. `*` says more already, and a name that stands there
 * is not added again.
 *
 * @param headers of a response
 * @param names lower-case
 * @see RFC 9110 section 12.5.5
 */
export function addVary(headers: Headers, names: readonly string[]): void {
  if (names.length === 0) return;
  const value = headers.get('vary')?.trim();
  // Most responses have none.
  if (value === undefined || value === '') return headers.set('vary', names.join(', '));
  const present = value.toLowerCase().split(',').map((name) => name.trim());
  if (present.includes('*')) return;
  const missing = names.filter((name) => !present.includes(name));
  if (missing.length > 0) headers.set('vary', [value, ...missing].join(', '));
}
