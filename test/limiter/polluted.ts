/** Does something while every object has a property that somebody put on Object.prototype: a merge of untrusted JSON went wrong. */
export function withPolluted<T>(name: string, value: unknown, work: () => T): T {
  Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  try {
    return work();
  } finally {
    Reflect.deleteProperty(Object.prototype, name);
  }
}
