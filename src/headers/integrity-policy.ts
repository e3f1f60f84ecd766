import { refuseUnknownOptions, stringListOption } from '../core/option.ts';
import type { BareItem } from '../net/structured-field.ts';
import { serializeDictionary } from '../net/structured-field-serialize.ts';

/** Options of {@linkcode formatIntegrityPolicy}. */
export interface IntegrityPolicyOptions {
  /** What must have integrity metadata. */
  readonly blockedDestinations: readonly ('script' | 'style')[];
  /** Names of reporting endpoints. Default: none, violations are only blocked. */
  readonly endpoints?: readonly string[];
}

const ACTION = 'format integrity policy';

/**
 * Formats `Integrity-Policy`: scripts or styles without `integrity` do not load. Only some browsers know it, and every page that loads
 * one without breaks in them; try it as `Integrity-Policy-Report-Only` first.
 *
 * @param options what must have integrity, and where to report
 * @returns the header's value
 * @throws {TypeError} for an unknown option, destination, or endpoint's name
 * @see Subresource Integrity
 *
 * @example
 * ```ts
 * import { formatIntegrityPolicy } from 'sallyport/headers';
 *
 * console.log(formatIntegrityPolicy({ blockedDestinations: ['script'] })); // blocked-destinations=(script)
 * ```
 */
export function formatIntegrityPolicy(options: IntegrityPolicyOptions): string {
  refuseUnknownOptions(ACTION, options, ['blockedDestinations', 'endpoints']);
  const destinations = stringListOption(ACTION, 'blockedDestinations', options.blockedDestinations);
  if (!destinations.every((name) => name === 'script' || name === 'style')) {
    throw new TypeError(`Cannot ${ACTION}: blockedDestinations must be among script, style.`);
  }
  const { endpoints } = options;
  return serializeDictionary(
    new Map([
      ['blocked-destinations', tokens(destinations)],
      ...(endpoints === undefined
        ? []
        : [['endpoints', tokens(stringListOption(ACTION, 'endpoints', endpoints))] as const]),
    ]),
  );
}

function tokens(words: readonly string[]): { readonly type: 'innerList'; readonly items: readonly BareItem[] } {
  return { type: 'innerList', items: words.map((value) => ({ type: 'token', value })) };
}
