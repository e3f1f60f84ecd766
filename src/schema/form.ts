import { withDeadline } from '../core/deadline.ts';
import { numberOption } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import type { StandardSchema } from '../core/standard-schema.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';
import {
  type BodyOptions,
  DEFAULT_BODY_TIMEOUT_MS,
  DEFAULT_MAX_BODY_BYTES,
  readBody,
  readContentType,
} from '../net/body.ts';
import { type FormCounts, isBoundary, parseMultipart } from './multipart.ts';
import { malformedForm } from './part-head.ts';
import { hasRepeated } from './repeated-parameter.ts';
import { parseText, requireTextSchema } from './text.ts';
import type { TextItem } from './text-value.ts';

/** Bounds of a form. */
export interface FormLimits extends BodyOptions {
  /** The most fields that are no files. Default: 100. */
  readonly maxFields?: number;
  /** The most files. Default: 10. */
  readonly maxFiles?: number;
}

/** The same, all of them known. */
export interface FormBounds extends FormCounts {
  readonly maxBytes: number;
  readonly timeoutMs: number;
}

/** Their names. */
export const FORM_BOUNDS: readonly string[] = ['maxBytes', 'timeoutMs', 'maxFields', 'maxFiles'];

type Pairs = Iterable<readonly [string, TextItem]>;

/**
 * Checks what forms are to be read by, before one is there.
 *
 * @param action what was to be done, for the messages
 * @param schema what a caller gave as a schema
 * @param limits bounds, of which the unknown ones have been refused
 * @returns the bounds
 * @throws {TypeError} for a schema that no form can be read through
 * @throws {RangeError} for a limit out of its bounds
 */
export function formBounds(action: string, schema: unknown, limits: FormLimits): FormBounds {
  requireTextSchema(action, schema);
  const { maxBytes = DEFAULT_MAX_BODY_BYTES, timeoutMs = DEFAULT_BODY_TIMEOUT_MS } = limits;
  const { maxFields = 100, maxFiles = 10 } = limits;
  const count = { min: 0, integer: true };
  return {
    maxBytes: numberOption(action, 'maxBytes', maxBytes, count),
    timeoutMs: numberOption(action, 'timeoutMs', timeoutMs, { above: 0, max: 2_147_483_647 }),
    maxFields: numberOption(action, 'maxFields', maxFields, count),
    maxFiles: numberOption(action, 'maxFiles', maxFiles, count),
  };
}

/**
 * Chooses by the headers alone how a form is to be parsed.
 *
 * @param request the request
 * @returns what parses its bytes; undefined where the type is no form's, or two readers could take it for two
 */
export function chooseParser(
  request: Request,
): ((bytes: Uint8Array<ArrayBuffer>, counts: FormCounts) => Pairs) | undefined {
  const type = readContentType(request);
  const header = request.headers.get('content-type') ?? '';
  if (type === undefined || ['boundary', 'charset'].some((name) => hasRepeated(header, name))) return undefined;
  if (type.essence === 'application/x-www-form-urlencoded') return parseUrlEncoded;
  const boundary = type.parameters.get('boundary');
  if (type.essence !== 'multipart/form-data' || !isBoundary(boundary)) return undefined;
  return (bytes, counts) => parseMultipart(bytes, boundary, counts);
}

/** Reads a form, by bounds that have been checked: {@linkcode readForm} without the checks. */
export async function readFormBody<Output>(
  request: Request,
  schema: StandardSchema<unknown, Output>,
  bounds: FormBounds,
  signal?: AbortSignal,
): Promise<Output> {
  const parse = chooseParser(request);
  if (parse === undefined) throw new Refusal('media_type_unsupported');
  const { maxBytes, timeoutMs, maxFields, maxFiles } = bounds;
  const bytes = await readBody(request, { maxBytes, timeoutMs, ...(signal === undefined ? {} : { signal }) });
  if (bytes.length === 0) throw malformedForm();
  const maxParameters = Math.min(maxFields + maxFiles, Number.MAX_SAFE_INTEGER);
  // A foreign schema may ask others, who may never answer.
  const late = (): Refusal => new Refusal('deadline_exceeded', { message: 'The schema of a form took too long.' });
  const parsed = parseText(schema, parse(bytes, bounds), { maxParameters });
  const result = parsed instanceof Promise ? await withDeadline(parsed, timeoutMs, late) : parsed;
  if (!result.ok) throw new Refusal('body_invalid', { issues: result.issues });
  return result.value;
}

function parseUrlEncoded(bytes: Uint8Array, { maxFields }: FormCounts): Pairs {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Refusal('utf8_malformed');
  let fields = 1;
  for (let at = text.indexOf('&'); at >= 0; at = text.indexOf('&', at + 1)) fields++;
  if (fields > maxFields) throw new Refusal('body_too_large');
  // URLSearchParams lets "%", "%zz" and "%ff" pass, as they are or as U+FFFD.
  if (!isPercentEncoded(text)) throw malformedForm();
  // It also takes a "?" at the start for the one of a URL; an empty field before it is none.
  return new URLSearchParams(`&${text}`);
}

function isPercentEncoded(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}
