import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import { encodeExtended } from './extended-value.ts';

/** How a response is to be shown. */
export interface ContentDispositionOptions {
  /** Lets the browser show it in place of saving it; what a user uploaded then runs in your origin. Default: false. */
  readonly dangerouslyAllowInline?: boolean;
}

const ACTION = 'format content disposition';
const MAX_LENGTH = 200;
const UNNAMED = 'download';
// Controls, and characters that are not seen or turn the text around: `gpj.exe` looks like `exe.jpg`. Two joiners stay, which words and emoji
// need. Then what ends a path, a quoted text or a name on Windows; a lone surrogate has no encoding.
const UNSAFE = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}"*:<>?|]/gu;

/**
 * Formats a `Content-Disposition` value that makes browsers save a response under a name, whatever that name holds.
 *
 * The name may be one that a user chose: what stands before a slash or a backslash is left out, what is not safe in a file's name becomes
 * `_`, dots and spaces go from both ends, and of more than 200 characters the last are kept. It does not judge extensions.
 *
 * @param filename the name that the file should get; `download` when nothing is left of it
 * @param options whether the browser may show it instead
 * @returns the header value, with `filename*` where ASCII does not do
 * @throws {TypeError} when the name is no text
 * @see RFC 6266 sections 4.3 and 7, RFC 8187
 *
 * @example
 * ```ts
 * import { formatContentDisposition } from 'sallyport/net';
 *
 * console.log(formatContentDisposition('../naïve.pdf'));
 * // attachment; filename="na_ve.pdf"; filename*=UTF-8''na%C3%AFve.pdf
 * ```
 */
export function formatContentDisposition(filename: string, options: ContentDispositionOptions = {}): string {
  if (typeof filename !== 'string') throw new TypeError(`Cannot ${ACTION}: filename must be a string.`);
  refuseUnknownOptions(ACTION, options, ['dangerouslyAllowInline']);
  const inline = booleanOption(ACTION, 'dangerouslyAllowInline', options.dangerouslyAllowInline ?? false);
  const name = safeName(filename);
  // Some browsers decode %-escapes here, others do not (RFC 6266 appendix D).
  const ascii = name.replace(/[^\x20-\x24\x26-\x7e]/gu, '_');
  const extended = ascii === name ? '' : `; filename*=${encodeExtended(name)}`;
  return `${inline ? 'inline' : 'attachment'}; filename="${ascii}"${extended}`;
}

function safeName(filename: string): string {
  const base = filename.slice(Math.max(filename.lastIndexOf('/'), filename.lastIndexOf('\\')) + 1).slice(-MAX_LENGTH);
  const name = base.replace(UNSAFE, '_');
  let start = 0;
  let end = name.length;
  // A leading dot hides a file, a trailing one is dropped on Windows: `a.exe.` is saved as `a.exe`.
  while (start < end && isDotOrSpace(name.charAt(start))) start++;
  while (start < end && isDotOrSpace(name.charAt(end - 1))) end--;
  return name.slice(start, end) || UNNAMED;
}

function isDotOrSpace(character: string): boolean {
  return character === '.' || character.trim() === '';
}
