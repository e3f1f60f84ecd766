/**
 * Makes what lets work go on after the response: the runtime's own `waitUntil` where it passed one beside the request, as Workers do; elsewhere the process
 * lives on anyway.
 *
 * @param platform what the runtime passed
 * @param fail is told what the work rejects with, so that nothing is left unhandled
 */
export function waitUntilOf(
  platform: readonly unknown[],
  fail: (error: unknown) => void,
): (work: Promise<unknown>) => void {
  return (work) => {
    const settled = Promise.resolve(work).then(() => undefined, fail);
    try {
      for (const host of platform) {
        if (typeof host !== 'object' || host === null) continue;
        const waitUntil: unknown = Reflect.get(host, 'waitUntil');
        // Called as a method: a Worker's needs its context as `this`.
        if (typeof waitUntil === 'function') {
          return void Promise.resolve(Reflect.apply(waitUntil, host, [settled])).catch(fail);
        }
      }
    } catch (error) {
      // A runtime that no longer takes it: the work is on its way all the same.
      fail(error);
    }
  };
}
