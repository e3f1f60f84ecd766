/** Says that a platform lacks an algorithm, where that is why a call to Web Crypto failed. */
export function describeFailure(error: unknown, name: string): string | undefined {
  const isMissing = typeof error === 'object' && error !== null && Reflect.get(error, 'name') === 'NotSupportedError';
  return isMissing ? `this platform has no ${name}` : undefined;
}
