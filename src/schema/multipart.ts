import { Refusal } from '../core/refusal.ts';
import { decodeUtf8, encodeUtf8 } from '../encoding/utf8.ts';
import { parseMediaType } from '../net/media-type.ts';
import { malformedForm, readHead } from './part-head.ts';
import { hasRepeated } from './repeated-parameter.ts';
import type { TextItem } from './text-value.ts';

/** How many parts a form may have. */
export interface FormCounts {
  readonly maxFields: number;
  readonly maxFiles: number;
}

type Bytes = Uint8Array<ArrayBuffer>;

const CR = 13;
const CRLF: Bytes = /* @__PURE__ */ encodeUtf8('\r\n');
const DASHES: Bytes = /* @__PURE__ */ encodeUtf8('--');
const CRLF_CRLF: Bytes = /* @__PURE__ */ encodeUtf8('\r\n\r\n');
const MAX_HEAD_BYTES = 4096;

/** Tells a boundary of RFC 2046 section 5.1.1. */
export function isBoundary(text: string | undefined): text is string {
  return text !== undefined && text.length <= 70 && /^[\w'()+,./:=? -]+$/.test(text) && !text.endsWith(' ');
}

/**
 * Parses multipart/form-data, strictly: nothing before, between or after the parts, one meaning or none.
 *
 * It is tempting to leave it to `Response.formData()`. However, of 28 bodies Node 20, Node 26, Deno and Bun read 21 in different ways: a part without its end as no
 * part at all, the second of two names, a filename up to its NUL, invalid UTF-8 as U+FFFD. And it builds all parts before they can be counted.
 *
 * @param bytes the whole body
 * @param boundary one that {@linkcode isBoundary} takes
 * @param counts how many parts, checked before any is made
 * @returns name and value of every part, in order
 * @throws {Refusal} body_invalid, body_too_large, utf8_malformed
 * @see RFC 7578, RFC 2046 section 5.1
 */
export function parseMultipart(bytes: Bytes, boundary: string, counts: FormCounts): [string, TextItem][] {
  const parts = splitParts(bytes, encodeUtf8(`\r\n--${boundary}`), counts.maxFields + counts.maxFiles);
  let fields = 0;
  let files = 0;
  return parts.map((part): [string, TextItem] => {
    const headEnd = indexOfBytes(part.subarray(0, MAX_HEAD_BYTES), CRLF_CRLF, 0);
    if (headEnd < 0) throw malformedForm();
    const { name, filename, type } = readHead(part.subarray(0, headEnd));
    const content = part.subarray(headEnd + CRLF_CRLF.length);
    if (filename === undefined ? ++fields > counts.maxFields : ++files > counts.maxFiles) {
      throw new Refusal('body_too_large');
    }
    return [name, filename === undefined ? readField(content, type) : new File([content], filename, { type })];
  });
}

/** The bytes between delimiters. A part that starts like its own delimiter is none of any client's making. */
function splitParts(bytes: Bytes, delimiter: Bytes, max: number): Bytes[] {
  const parts: Bytes[] = [];
  // The first delimiter has no line before it.
  let start = delimiter.length - CRLF.length;
  if (!startsWith(bytes, delimiter.subarray(CRLF.length), 0)) throw malformedForm();
  while (!startsWith(bytes, DASHES, start)) {
    const end = startsWith(bytes, CRLF, start) ? indexOfBytes(bytes, delimiter, start) : -1;
    if (end < 0) throw malformedForm();
    if (parts.length === max) throw new Refusal('body_too_large');
    parts.push(bytes.subarray(start + CRLF.length, Math.max(end, start + CRLF.length)));
    start = end + delimiter.length;
  }
  const rest = bytes.subarray(start + DASHES.length);
  if (rest.length > 0 && !(rest.length === CRLF.length && startsWith(rest, CRLF, 0))) throw malformedForm();
  return parts;
}

function readField(bytes: Bytes, type: string): string {
  if (hasRepeated(type, 'charset')) throw malformedForm();
  const charset = parseMediaType(type)?.parameters.get('charset')?.toLowerCase() ?? 'utf-8';
  const text = charset === 'utf-8' ? decodeUtf8(bytes) : undefined;
  if (text === undefined) throw new Refusal('utf8_malformed');
  return text;
}

/** Linear: a delimiter's CR stands at its start alone, so that no two candidates overlap. */
function indexOfBytes(bytes: Bytes, pattern: Bytes, from: number): number {
  let index = bytes.indexOf(CR, from);
  while (index >= 0 && !startsWith(bytes, pattern, index)) index = bytes.indexOf(CR, index + 1);
  return index;
}

function startsWith(bytes: Bytes, prefix: Bytes, from: number): boolean {
  return prefix.every((byte, index) => bytes[from + index] === byte);
}
