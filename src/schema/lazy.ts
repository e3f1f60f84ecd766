import { refuseUnknownKeys } from '../core/option.ts';
import { VISIT } from './charge.ts';
import { createSchema, requireSchema } from './create-schema.ts';
import { refuse } from './issue.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode lazy}. */
export interface LazyOptions {
  /** How deep lazy schemas may stand in each other, 1 to 256. Default: 32. */
  readonly maxDepth?: number;
  /** How often lazy schemas may be met in one value, by all branches that are tried; 16 items of a list in them, or 256 characters of a text, count as one visit. 1 to 1,000,000. Default: 10,000. */
  readonly maxVisits?: number;
}

const TOO_DEEP = { code: 'too_deep', message: 'must not be nested as deep' };
const TOO_COMPLEX = { code: 'too_complex', message: 'must not be as complex' };

/**
 * A schema that is made when it is needed first, so that it can hold itself: trees, comments, expressions.
 *
 * Depth is counted, and so is every visit: a value that makes nested unions try each other's branches ends at a bound, and not when the client wants.
 * What is counted is the whole value's, by all lazy schemas in it: raise `maxVisits` where large values are meant to be.
 *
 * @param make makes the schema; called once
 * @param options bounds
 * @returns the schema
 * @throws {TypeError} when make is no function, for an unknown option, or, at the first value, when make makes no schema
 * @throws {RangeError} for a bound out of its bounds
 *
 * @example
 * ```ts
 * import { array, lazy, object, parse, type Schema, string } from 'sallyport/schema';
 *
 * interface Folder {
 *   name: string;
 *   folders: Folder[];
 * }
 * const folder: Schema<Folder> = lazy(() => object({ name: string(), folders: array(folder) }));
 * console.log(parse(folder, { name: 'a', folders: [] }).ok); // true
 * ```
 */
export function lazy<Output>(make: () => Schema<Output>, options: LazyOptions = {}): Schema<Output> {
  if (typeof make !== 'function') throw new TypeError('Cannot create lazy: make must be a function.');
  refuseUnknownKeys('create lazy', options, ['maxDepth', 'maxVisits']);
  const maxDepth = readBound(options, 'maxDepth', 32, 256);
  const maxVisits = readBound(options, 'maxVisits', 10_000, 1_000_000);
  let made: Schema<Output> | undefined;
  function inner(): Schema<Output> {
    if (made === undefined) {
      const schema = make();
      requireSchema('read lazy', schema);
      made = schema;
    }
    return made;
  }

  return createSchema({ type: 'lazy', inner }, (value, issues, run = { bare: false, depth: 0, work: 0 }) => {
    if (run.depth >= maxDepth) return refuse(issues, TOO_DEEP);
    if ((run.work += VISIT) > maxVisits * VISIT) return refuse(issues, TOO_COMPLEX);
    run.depth++;
    try {
      return inner()['~read'](value, issues, run);
    } finally {
      run.depth--;
    }
  });
}

function readBound(options: LazyOptions, name: keyof LazyOptions, otherwise: number, most: number): number {
  const value = Object.hasOwn(options, name) ? options[name] ?? otherwise : otherwise;
  if (Number.isSafeInteger(value) && value >= 1 && value <= most) return value;
  throw new RangeError(`Cannot create lazy: ${name} must be a whole number from 1 to ${most}.`);
}
