/**
 * Reads what an object has itself: what a polluted prototype adds to every object must neither own, belong nor grant.
 *
 * @param value anything
 * @param name the property
 * @returns its value; undefined where `value` is a list or no object
 */
export function ownProperty(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.hasOwn(value, name) ? Reflect.get(value, name) : undefined;
}

/** Tells whether two properties hold the same text; nothing equals nothing, and `7` is no `'7'`. */
export function isSameText(one: unknown, other: unknown): boolean {
  return typeof one === 'string' && one !== '' && one === other;
}
