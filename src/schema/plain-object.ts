/** Tells a plain object, of whatever realm's making but by this realm's prototype, or of none. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** for-in walks the prototype as well, and what somebody put on Object.prototype must neither satisfy a key nor count as one. */
export function isPrototypePolluted(): boolean {
  for (const _key in Object.prototype) return true;
  return false;
}
