/** What another dependency might do to every object. Assertions stay outside: the matchers do not survive it themselves. */
export function withPollution<T>(key: string, property: PropertyDescriptor, run: () => T): T {
  Object.defineProperty(Object.prototype, key, { ...property, configurable: true });
  try {
    return run();
  } finally {
    Reflect.deleteProperty(Object.prototype, key);
  }
}

/** A key that every object seems to have, as `Object.prototype.isAdmin = true` makes it. */
export function polluting(value: unknown): PropertyDescriptor {
  return { value, enumerable: true, writable: true };
}
