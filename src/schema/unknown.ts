import { refuseUnknownKeys } from '../core/option.ts';
import { charge, chargeKeys } from './charge.ts';
import { createSchema } from './create-schema.ts';
import { INVALID, refuse } from './issue.ts';
import { isPlainObject, putKey } from './plain-object.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode unknown}. */
export interface UnknownOptions {
  /** How deep objects and arrays may stand in each other, 0 to 256. Default: 16. */
  readonly maxDepth?: number;
  /** How many values there may be, in all, 1 to 1,000,000. Default: 1,000. */
  readonly maxNodes?: number;
}

const NOT_JSON = {
  code: 'not_json',
  message: 'must be a value of JSON, without lone surrogates and the key __proto__',
};
const TOO_DEEP = { code: 'too_deep', message: 'must not be nested as deep' };
const TOO_COMPLEX = { code: 'too_complex', message: 'must not hold as many values' };

/**
 * Any JSON, of bounded depth and number: for what you pass on or store, and do not read. Its strings may be long: the body's own bound holds for them.
 *
 * What comes out is a copy, of plain objects and arrays. Class instances, functions, `undefined`, NaN and the key `__proto__` are refused.
 *
 * @param options bounds
 * @returns the schema
 * @throws {TypeError} for an unknown option
 * @throws {RangeError} for a bound out of its bounds
 *
 * @example
 * ```ts
 * import { object, parse, string, unknown } from 'sallyport/schema';
 *
 * const event = object({ type: string({ max: 40 }), data: unknown({ maxNodes: 200 }) });
 * console.log(parse(event, { type: 'a', data: { b: [1, null] } }).ok); // true
 * ```
 */
export function unknown(options: UnknownOptions = {}): Schema<unknown> {
  refuseUnknownKeys('create unknown', options, ['maxDepth', 'maxNodes']);
  const maxDepth = readBound(options, 'maxDepth', 16, 0, 256);
  const maxNodes = readBound(options, 'maxNodes', 1000, 1, 1_000_000);
  return createSchema({ type: 'unknown' }, (value, issues, run) => {
    let nodes = 0;
    let characters = 0;
    // It calls itself as deep as maxDepth, and no deeper.
    function copy(item: unknown, depth: number): unknown {
      if (++nodes > maxNodes) return refuse(issues, TOO_COMPLEX);
      if (item === null || typeof item === 'boolean') return item;
      if (typeof item === 'number') return Number.isFinite(item) ? item + 0 : refuse(issues, NOT_JSON);
      if (typeof item === 'string') {
        characters += item.length;
        return item.isWellFormed() ? item : refuse(issues, NOT_JSON);
      }
      if (Array.isArray(item) || isPlainObject(item)) {
        if (depth >= maxDepth) return refuse(issues, TOO_DEEP);
        return Array.isArray(item) ? copyArray(item, depth + 1) : copyObject(item, depth + 1);
      }
      return refuse(issues, NOT_JSON);
    }
    function copyArray(items: readonly unknown[], depth: number): unknown {
      // Before any of them, of which there may be holes: a long array is not walked to its end.
      if (items.length > maxNodes) return refuse(issues, TOO_COMPLEX);
      const copied: unknown[] = [];
      for (let index = 0; index < items.length; index++) {
        const made = copy(items[index], depth);
        if (made === INVALID) return INVALID;
        if (run?.bare !== true) copied.push(made);
      }
      return run?.bare === true ? items : copied;
    }
    function copyObject(object: Record<string, unknown>, depth: number): unknown {
      const copied: Record<string, unknown> = {};
      const keys = Object.keys(object);
      chargeKeys(run, object);
      for (const key of keys) {
        characters += key.length;
        if (key === '__proto__' || !key.isWellFormed()) return refuse(issues, NOT_JSON);
        const made = copy(object[key], depth);
        if (made === INVALID) return INVALID;
        if (run?.bare !== true) putKey(copied, key, made);
      }
      return run?.bare === true ? object : copied;
    }
    const copied = copy(value, 0);
    charge(run, nodes);
    charge(run, characters, 1);
    return copied;
  });
}

function readBound(
  options: UnknownOptions,
  name: keyof UnknownOptions,
  otherwise: number,
  least: number,
  most: number,
): number {
  const value = Object.hasOwn(options, name) ? options[name] ?? otherwise : otherwise;
  if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`Cannot create unknown: ${name} must be a whole number from ${least} to ${most}.`);
}
