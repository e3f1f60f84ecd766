import { booleanOption, numberOption } from '../core/option.ts';
import { isStandardSchema, OWN_VENDOR, type StandardSchema } from '../core/standard-schema.ts';
import { checkContentLength, checkJsonType, DEFAULT_BODY_TIMEOUT_MS, DEFAULT_MAX_BODY_BYTES } from '../net/body.ts';
import type { SomePolicy } from './policy.ts';
import type { Made } from './exchange.ts';
import { bodySchemaStage, formStage, jsonBodyStage, noBodyStage } from './stages/body.ts';
import { contentHeadersStage } from './stages/content-headers.ts';
import { refuse } from './stages/roles.ts';
import { paramsStage, queryStage } from './stages/parameters.ts';

/** The default of `bodyLimits.maxDepth`. */
export const DEFAULT_MAX_DEPTH = 32;

/**
 * Makes the stages of what a request brings: path parameters, query, and a body or the proof that there is none.
 *
 * @throws {TypeError} for what is no schema, or two ways to read one body
 * @throws {RangeError} for a number out of bounds
 */
export function inputStages(action: string, policy: SomePolicy): Made {
  const { params, query, idempotency } = policy;
  const { contentHeaders, ...body } = bodyStages(action, policy);
  return {
    params: params && paramsStage(requireTextSchema(action, 'params', params)),
    query: query && queryStage(requireTextSchema(action, 'query', query)),
    // A key is a header as well, and without it nothing of the body need be read.
    contentHeaders: idempotency === undefined ? contentHeaders : (exchange) => {
      refuse(idempotency.checkKey(exchange.request));
      return contentHeaders?.(exchange);
    },
    ...body,
  };
}

function bodyStages(action: string, policy: SomePolicy): Made {
  const { body, form, bodyLimits = {}, dangerouslyAllowUnvalidatedBody = false } = policy;
  const { maxBytes = DEFAULT_MAX_BODY_BYTES, maxDepth = DEFAULT_MAX_DEPTH, timeoutMs = DEFAULT_BODY_TIMEOUT_MS } =
    bodyLimits;
  numberOption(action, 'maxBytes', maxBytes, { min: 1, max: 2 ** 30, integer: true });
  numberOption(action, 'maxDepth', maxDepth, { min: 1, max: 1000, integer: true });
  numberOption(action, 'timeoutMs', timeoutMs, { above: 0, max: 2 ** 31 - 1 });
  const raw = booleanOption(action, 'dangerouslyAllowUnvalidatedBody', dangerouslyAllowUnvalidatedBody);
  if ([body !== undefined, form !== undefined, raw].filter(Boolean).length > 1) {
    throw new TypeError(`Cannot ${action}: a body is JSON, a form, or dangerously unvalidated.`);
  }
  if (raw) return { contentHeaders: contentHeadersStage(() => undefined) };
  if (form !== undefined) {
    return { contentHeaders: contentHeadersStage(form.check), body: formStage(form) };
  }
  if (body === undefined) return { contentHeaders: contentHeadersStage(undefined), body: noBodyStage(timeoutMs) };
  return {
    contentHeaders: contentHeadersStage((request) => checkContentLength(request, maxBytes) ?? checkJsonType(request)),
    body: jsonBodyStage({ maxBytes, maxDepth, timeoutMs }),
    bodySchema: bodySchemaStage(requireSchema(action, 'body', body)),
  };
}

/** Refuses what is no schema (TypeError). */
export function requireSchema(action: string, name: string, schema: unknown): StandardSchema {
  if (!isStandardSchema(schema)) throw new TypeError(`Cannot ${action}: ${name} must be a schema.`);
  if (Object.hasOwn(schema, '~text')) {
    throw new TypeError(`Cannot ${action}: ${name} is JSON, and fromText() is for text.`);
  }
  return schema;
}

/** One of ours would refuse the text of a number, and take that of a list for one. */
function requireTextSchema(action: string, name: string, given: unknown): StandardSchema {
  if (isStandardSchema(given) && Object.hasOwn(given, '~text')) return given;
  const schema = requireSchema(action, name, given);
  if (schema['~standard'].vendor !== OWN_VENDOR) return schema;
  throw new TypeError(`Cannot ${action}: ${name} is text: wrap its schema in fromText().`);
}
