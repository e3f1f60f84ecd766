const BODILESS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'];

/** Tells whether requests of a method have no body here: one that comes all the same is refused, never ignored. */
export function isBodiless(method: string): boolean {
  return BODILESS.includes(method);
}
