import { booleanOption, numberOption, refuseUnknownOptions } from '../core/option.ts';
import { ACTION } from './row.ts';

/** Options of `Strict-Transport-Security`. */
export interface HstsOptions {
  /** How long browsers insist on https, in seconds. Default: 63,072,000 (two years). */
  readonly maxAgeSeconds?: number;
  /** Whether subdomains are included. Default: true. */
  readonly includeSubDomains?: boolean;
  /** Whether browser makers may build the host into their lists, which cannot be undone in months. Default: false. */
  readonly preload?: boolean;
}

const TWO_YEARS = 63_072_000;
const ONE_YEAR = 31_536_000;

/**
 * Builds the value of `Strict-Transport-Security`.
 *
 * @param options validated here
 * @returns the header's value
 * @throws {TypeError} on an unknown option, or `preload` with what the preload list refuses
 * @throws {RangeError} when the age is not a whole number of seconds
 * @see RFC 6797 section 6.1
 */
export function formatHsts(options: HstsOptions): string {
  refuseUnknownOptions(ACTION, options, ['maxAgeSeconds', 'includeSubDomains', 'preload']);
  const age = numberOption(ACTION, 'maxAgeSeconds', options.maxAgeSeconds ?? TWO_YEARS, { min: 0, integer: true });
  const subdomains = booleanOption(ACTION, 'includeSubDomains', options.includeSubDomains ?? true);
  const preload = booleanOption(ACTION, 'preload', options.preload ?? false);
  if (preload && (!subdomains || age < ONE_YEAR)) {
    throw new TypeError(
      `Cannot ${ACTION}: preload needs includeSubDomains and a maxAgeSeconds of at least ${ONE_YEAR}.`,
    );
  }
  return `max-age=${age}${subdomains ? '; includeSubDomains' : ''}${preload ? '; preload' : ''}`;
}
