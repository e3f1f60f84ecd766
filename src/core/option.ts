/** Bounds of a numeric option. */
export interface NumberBounds {
  /** The least value allowed. */
  readonly min?: number;
  /** The value must be greater than this. */
  readonly above?: number;
  /** The greatest value allowed. Default: `Number.MAX_SAFE_INTEGER`. */
  readonly max?: number;
  /** Whether only whole numbers are allowed. Default: false. */
  readonly integer?: boolean;
}

/**
 * Refuses options that are not a plain object, hold a key nobody reads, or inherit one that is read: neither a typo nor a polluted
 * `Object.prototype` must weaken a policy.
 *
 * @param action what was to be done, for the message: `create limiter`
 * @param options the options as the caller gave them
 * @param known every key that is read
 * @throws {TypeError} naming the key, or for a Map, an array, an instance: what they inherit or hold is read by nobody
 */
export function refuseUnknownOptions(action: string, options: object, known: readonly string[]): void {
  refuseUnknownKeys(action, options, known);
  for (const key of known) {
    // A caller reads `options.key`, which is also what somebody put on every object.
    if (key in options && !Object.hasOwn(options, key)) {
      throw new TypeError(`Cannot ${action}: the option ${key} is inherited; options must be the object's own.`);
    }
  }
}

/**
 * As {@linkcode refuseUnknownOptions}, for a caller that reads own keys alone and so need not mind what is inherited.
 *
 * @param action what was to be done, for the message
 * @param options the options as the caller gave them
 * @param known every key that is read
 * @throws {TypeError} naming the unknown key, or for what is no plain object
 */
export function refuseUnknownKeys(action: string, options: object, known: readonly string[]): void {
  if (!isPlainObject(options)) throw new TypeError(`Cannot ${action}: options must be a plain object.`);
  for (const key of Reflect.ownKeys(options)) {
    if (typeof key !== 'string' || !known.includes(key)) {
      throw new TypeError(`Cannot ${action}: unknown option ${String(key)}. Known: ${known.join(', ')}.`);
    }
  }
}

/**
 * Returns a numeric option, proved to be within bounds.
 *
 * @param action what was to be done, for the message
 * @param name the option's name
 * @param value the option as the caller gave it, or its default
 * @param bounds what it must lie within
 * @returns the number
 * @throws {RangeError} when it is no finite number, not whole where it must be, or out of bounds
 */
export function numberOption(action: string, name: string, value: unknown, bounds: NumberBounds): number {
  const { min = -Infinity, above = -Infinity, max = Number.MAX_SAFE_INTEGER, integer = false } = bounds;
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new RangeError(`Cannot ${action}: ${name} must be a finite number, received ${describe(value)}.`);
  }
  if (integer && !Number.isSafeInteger(value)) {
    throw new RangeError(`Cannot ${action}: ${name} must be a whole number, received ${value}.`);
  }
  if (value <= above) {
    throw new RangeError(`Cannot ${action}: ${name} must be greater than ${above}, received ${value}.`);
  }
  if (value < min) throw new RangeError(`Cannot ${action}: ${name} must be at least ${min}, received ${value}.`);
  if (value > max) throw new RangeError(`Cannot ${action}: ${name} must be at most ${max}, received ${value}.`);
  return value;
}

/**
 * Returns a string option.
 *
 * @throws {TypeError} when it is no string, or empty
 */
export function stringOption(action: string, name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new TypeError(`Cannot ${action}: ${name} must be a non-empty string.`);
  }
  return value;
}

/**
 * Returns a list option as a frozen copy: one string or several, none empty, none twice.
 *
 * @param action what was to be done, for the message
 * @param name the option's name
 * @param value the option as the caller gave it
 * @returns a copy that later changes do not reach
 * @throws {TypeError} when it is no list of non-empty strings, is empty, or names something twice
 */
export function stringListOption(action: string, name: string, value: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? [...value] : [value];
  const seen = new Set<string>();
  for (const item of list) {
    if (typeof item !== 'string' || item === '') {
      throw new TypeError(`Cannot ${action}: ${name} must be one or more non-empty strings.`);
    }
    if (seen.has(item)) throw new TypeError(`Cannot ${action}: ${name} names ${item} twice.`);
    seen.add(item);
  }
  if (seen.size === 0) throw new TypeError(`Cannot ${action}: ${name} must not be empty.`);
  return Object.freeze([...seen]);
}

/**
 * Returns a boolean option.
 *
 * @param action what was to be done, for the message
 * @param name the option's name
 * @param value the option as the caller gave it, or its default
 * @returns the boolean
 * @throws {TypeError} when it is anything but `true` or `false`: a truthy string must not switch a defence
 */
export function booleanOption(action: string, name: string, value: unknown): boolean {
  if (typeof value !== 'boolean') throw new TypeError(`Cannot ${action}: ${name} must be true or false.`);
  return value;
}

/**
 * Returns a function option as it is.
 *
 * @param action what was to be done, for the message
 * @param name the option's name
 * @param value the option as the caller gave it, or its default
 * @returns the same function
 * @throws {TypeError} when it is no function
 */
export function functionOption<F extends (...args: never[]) => unknown>(action: string, name: string, value: F): F {
  if (typeof value !== 'function') throw new TypeError(`Cannot ${action}: ${name} must be a function.`);
  return value;
}

/** An object literal, also of another realm, or one without a prototype. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function describe(value: unknown): string {
  return typeof value === 'number' ? String(value) : value === null ? 'null' : typeof value;
}
