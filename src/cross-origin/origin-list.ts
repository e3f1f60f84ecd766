import { parseOrigin } from '../net/origin.ts';

/**
 * Returns a list of exact origins as a set to look up.
 *
 * @param action what was to be done, for the message
 * @param name the option's name
 * @param value as the caller gave it
 * @returns a copy that later changes do not reach
 * @throws {TypeError} when something in it is not written exactly as a browser writes an origin, or stands twice
 */
export function originListOption(action: string, name: string, value: unknown): ReadonlySet<string> {
  if (!Array.isArray(value)) throw new TypeError(`Cannot ${action}: ${name} must be an array of origins.`);
  const origins = new Set<string>();
  for (const origin of value) {
    if (typeof origin === 'string' && origin.includes('*')) {
      throw new TypeError(`Cannot ${action}: ${name} must be exact origins, without wildcards.`);
    }
    if (typeof origin !== 'string' || parseOrigin(origin) === undefined) {
      throw new TypeError(
        `Cannot ${action}: ${name} must be origins as a browser sends them: https://app.example, in lower case, without path or default port.`,
      );
    }
    if (origins.has(origin)) throw new TypeError(`Cannot ${action}: ${name} names ${origin} twice.`);
    origins.add(origin);
  }
  return origins;
}
