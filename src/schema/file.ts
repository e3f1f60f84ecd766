import { numberOption, refuseUnknownKeys, stringListOption } from '../core/option.ts';
import { parseMediaType } from '../net/media-type.ts';
import { createLeaf } from './create-schema.ts';
import type { Schema } from './schema.ts';

/** Options of {@linkcode file}. */
export interface FileOptions {
  /** The most bytes. Default: 1,048,576. */
  readonly maxBytes?: number;
  /** The media types that the client may claim, without parameters: `image/png`. Default: any, or none. */
  readonly types?: string | readonly string[];
}

const MAX_NAME = 255;
const NOT_FILE = { code: 'not_file', message: 'must be a file' };
const NAME_NOT_SAFE = { code: 'name_not_safe', message: 'must have the name of a file, not a path' };
const TYPE_NOT_ALLOWED = { code: 'type_not_allowed', message: 'must be of one of the allowed media types' };
// Both separators, drives and streams of Windows, what cuts a name short or breaks a line, what shows it in another order than it is; and at the end
// what Windows leaves out, so that `a.php.` becomes `a.php` behind a rule about extensions. `.` and `..` are among these.
const UNSAFE = /[/\\:\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]|[. ]$/u;
// What Windows opens in place of a file, whatever stands behind the first dot.
const DEVICE = /^(?:aux|con|conin\$|conout\$|nul|prn|(?:com|lpt)[0-9\u00b9\u00b2\u00b3])(?: *\.|$)/i;

/**
 * A file of a form: a `File`, with a bound on its size, its claimed type and its name.
 *
 * Type and name are the client's word: no byte is looked at, so what says `image/png` may be anything, and must never be served from your origin by that type alone.
 * A name with `/`, `\`, `:`, a control character or one that sets the direction of writing, with a dot or a space at its end, of a device of Windows (`nul.png`), an empty one
 * or one above 255 UTF-16 units is refused, not mended; it can still be an existing one, or `.htaccess`: store under a name of your own.
 *
 * @param options bounds
 * @returns the schema
 * @throws {TypeError} on an unknown option, or a type that is none or has parameters
 * @throws {RangeError} when maxBytes is no whole number
 * @see RFC 7578 sections 4.2 and 4.4
 *
 * @example
 * ```ts
 * import { file, parse } from 'sallyport/schema';
 *
 * const avatar = file({ maxBytes: 100_000, types: ['image/png', 'image/jpeg'] });
 * console.log(parse(avatar, new File(['x'], 'me.png', { type: 'image/png' })).ok); // true
 * ```
 */
export function file(options: FileOptions = {}): Schema<File> {
  refuseUnknownKeys('create file', options, ['maxBytes', 'types']);
  // Own options alone: a polluted Object.prototype must not loosen a bound.
  const own: FileOptions = Object.assign(Object.create(null), options);
  const { maxBytes: most = 1_048_576 } = own;
  const maxBytes = numberOption('create file', 'maxBytes', most, { min: 0, integer: true });
  const types = own.types === undefined ? undefined : compileTypes(own.types);
  const tooLarge = { code: 'too_large', message: `must have at most ${maxBytes} bytes`, params: { maxBytes } };
  return createLeaf({ type: 'file' }, (value) => {
    if (!(value instanceof File)) return NOT_FILE;
    if (value.size > maxBytes) return tooLarge;
    if (!isSafeName(value.name)) return NAME_NOT_SAFE;
    // Decided on the parsed essence: `text/html;image/png` is text.
    return types === undefined || types.has(parseMediaType(value.type)?.essence) ? undefined : TYPE_NOT_ALLOWED;
  });
}

function compileTypes(given: string | readonly string[]): ReadonlySet<string | undefined> {
  const types = stringListOption('create file', 'types', given);
  for (const type of types) {
    if (parseMediaType(type)?.essence !== type) {
      throw new TypeError('Cannot create file: types must be media types in lower case, without parameters.');
    }
  }
  return new Set(types);
}

function isSafeName(name: string): boolean {
  return name !== '' && name.length <= MAX_NAME && name.isWellFormed() && !UNSAFE.test(name) && !DEVICE.test(name);
}
