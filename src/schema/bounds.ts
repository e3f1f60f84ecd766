import { refuseUnknownKeys } from '../core/option.ts';

/** The least and the greatest that is let through. */
export interface Bounds {
  /** The least allowed. */
  readonly min?: number;
  /** The greatest allowed. */
  readonly max?: number;
}

/** What holds where the caller says nothing. */
export interface BoundDefaults {
  /** The default of `min`, and the least that either bound may be. */
  readonly min: number;
  /** The default of `max`. */
  readonly max: number;
  /** Whether a bound must be a whole number. */
  readonly whole: boolean;
}

/**
 * Validates bounds once, at creation. `numberOption` of core says the same in more words; a schema goes to browsers too, so bytes count here.
 *
 * @param action what is being created, for messages
 * @param options as the caller gave them
 * @param defaults what holds where the caller said nothing
 * @returns both bounds
 * @throws {TypeError} on an unknown option
 * @throws {RangeError} when a bound is no number of the right kind, or min is above max
 */
export function readBounds(action: string, options: Bounds, defaults: BoundDefaults): Required<Bounds> {
  refuseUnknownKeys(action, options, ['min', 'max']);
  const bound = (name: keyof Bounds, least: number): number => {
    // Own options alone: a polluted Object.prototype must not loosen a bound.
    const value = Object.hasOwn(options, name) ? options[name] : defaults[name];
    const valid = defaults.whole ? Number.isSafeInteger(value) : Number.isFinite(value);
    if (value === undefined || !valid || value < least) {
      throw new RangeError(
        `Cannot ${action}: ${name} must be a ${defaults.whole ? 'whole' : 'finite'} number, at least ${least}.`,
      );
    }
    return value;
  };
  const min = bound('min', defaults.min);
  return { min, max: bound('max', min) };
}
