import { numberOption, refuseUnknownKeys } from '../core/option.ts';
import { createSchema } from './create-schema.ts';
import { refuse } from './issue.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode bytes}. */
export interface BytesOptions {
  /** The most bytes. Default: 65,536. */
  readonly maxBytes?: number;
}

const NOT_BYTES = { code: 'not_bytes', message: 'must be bytes' };

/**
 * A `Uint8Array` of bounded length: for binary messages and what your own program has decoded. JSON and text have none, and a form's file is a `file()`.
 *
 * What comes out is a copy, so that what was measured is what is used, whoever else holds the memory.
 *
 * @param options how many
 * @returns the schema
 * @throws {TypeError} on an unknown option
 * @throws {RangeError} when maxBytes is no whole number
 *
 * @example
 * ```ts
 * import { bytes, parse } from 'sallyport/schema';
 *
 * console.log(parse(bytes({ maxBytes: 2 }), new Uint8Array(3)).ok); // false
 * ```
 */
export function bytes(options: BytesOptions = {}): Schema<Uint8Array<ArrayBuffer>> {
  refuseUnknownKeys('create bytes', options, ['maxBytes']);
  // Own options alone: a polluted Object.prototype must not loosen a bound.
  const { maxBytes: most = 65_536 }: BytesOptions = Object.assign(Object.create(null), options);
  const maxBytes = numberOption('create bytes', 'maxBytes', most, { min: 0, integer: true });
  const tooLarge = { code: 'too_large', message: `must have at most ${maxBytes} bytes`, params: { maxBytes } };
  return createSchema({ type: 'file' }, (value, issues, run) => {
    if (!(value instanceof Uint8Array)) return refuse(issues, NOT_BYTES);
    if (value.length > maxBytes) return refuse(issues, tooLarge);
    return run?.bare === true ? value : new Uint8Array(value);
  });
}
