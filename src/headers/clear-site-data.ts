import { stringListOption } from '../core/option.ts';

/** What a browser forgets about an origin. */
export type SiteData =
  | 'cache'
  | 'clientHints'
  | 'cookies'
  | 'executionContexts'
  | 'prefetchCache'
  | 'prerenderCache'
  | 'storage'
  | '*';

const ACTION = 'format clear site data';
const TYPES: readonly SiteData[] = [
  'cache',
  'clientHints',
  'cookies',
  'executionContexts',
  'prefetchCache',
  'prerenderCache',
  'storage',
  '*',
];

/**
 * Formats `Clear-Site-Data`, for the response that logs a user out. Browsers heed it over https only, and some not at all: it ends no session,
 * which only the server can.
 *
 * @param types what to forget; `*` for everything, also what browsers may add
 * @returns the header's value
 * @throws {TypeError} for no types, one twice, or one that does not exist
 * @see Clear Site Data
 *
 * @example
 * ```ts
 * import { formatClearSiteData } from 'sallyport/headers';
 *
 * const headers = { 'clear-site-data': formatClearSiteData(['cache', 'cookies', 'storage']) };
 * console.log(new Response(null, { status: 204, headers }).headers.get('clear-site-data')); // "cache", "cookies", "storage"
 * ```
 */
export function formatClearSiteData(types: readonly SiteData[]): string {
  const known: readonly string[] = TYPES;
  return stringListOption(ACTION, 'types', types).map((type) => {
    // The quotes are part of the name: without them a browser forgets nothing and says nothing.
    if (known.includes(type)) return `"${type}"`;
    throw new TypeError(`Cannot ${ACTION}: types must be among ${TYPES.join(', ')}.`);
  }).join(', ');
}
