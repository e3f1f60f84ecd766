/** Tells a plain object, of whatever realm's making but by this realm's prototype, or of none. */
export function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/**
 * Puts a key of the client's choice: a plain store throws or puts nothing where Object.prototype is frozen, or has a setter of that name.
 */
export function putKey(target: Record<string, unknown>, key: string, value: unknown): void {
  if (!(key in target)) {
    target[key] = value;
    return;
  }
  // Without a prototype, which might have a `get` for it.
  const property: PropertyDescriptor & { readonly __proto__: null } = {
    __proto__: null,
    value,
    writable: true,
    enumerable: true,
    configurable: true,
  };
  Object.defineProperty(target, key, property);
}

/** for-in walks the prototype as well, and what somebody put on Object.prototype must neither satisfy a key nor count as one. */
export function isPrototypePolluted(): boolean {
  for (const _key in Object.prototype) return true;
  return false;
}
