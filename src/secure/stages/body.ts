import { isRefusal, Refusal } from '../../core/refusal.ts';
import type { StandardSchema } from '../../core/standard-schema.ts';
import { parseJson } from '../../encoding/json.ts';
import { decodeUtf8 } from '../../encoding/utf8.ts';
import { readCheckedBody } from '../../net/body.ts';
import type { FormReader } from '../../schema/form-reader.ts';
import type { Exchange, Stage } from '../exchange.ts';
import { validateField } from './validate.ts';

/** Bounds of the body, all of them known. */
export interface BodyBounds {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly timeoutMs: number;
}

/** Reads a JSON body once, bounded, and parses it (utf8_malformed, and what `readCheckedBody` and `parseJson` refuse with). */
export function jsonBodyStage({ maxBytes, maxDepth, timeoutMs }: BodyBounds): Stage {
  const limits = Object.freeze({ maxDepth, maxLength: maxBytes });
  const parse = (exchange: Exchange, bytes: Uint8Array): undefined => {
    const text = decodeUtf8(bytes);
    if (text === undefined) throw new Refusal('utf8_malformed');
    exchange.text = text;
    exchange.body = parseJson(text, limits);
    return undefined;
  };
  return (exchange: Exchange) => {
    const { request, signal } = exchange;
    // Its headers have been checked: by the stage that stands before who may send it.
    const bytes = readCheckedBody(request, { maxBytes, timeoutMs, signal });
    return bytes instanceof Promise ? bytes.then((read) => parse(exchange, read)) : parse(exchange, bytes);
  };
}

/** Validates what was parsed (body_invalid). */
export function bodySchemaStage(schema: StandardSchema): Stage {
  return (exchange: Exchange) => validateField(exchange, 'body', schema);
}

/** Reads and validates a form (body_invalid, and what `createFormReader` refuses with). */
export function formStage(form: FormReader<unknown>): Stage {
  return async (exchange: Exchange): Promise<undefined> => {
    exchange.body = await form.read(exchange.request);
    return undefined;
  };
}

/** Proves that there is no body (body_not_allowed). Headers cannot: over HTTP/2 none need announce one. */
export function noBodyStage(timeoutMs: number): Stage {
  const fail = (error: unknown): never => {
    throw isRefusal(error) && error.code === 'body_too_large' ? new Refusal('body_not_allowed') : error;
  };
  return ({ request, signal }: Exchange) => {
    const bytes = readCheckedBody(request, { maxBytes: 0, timeoutMs, signal });
    return bytes instanceof Promise ? bytes.then(() => undefined, fail) : undefined;
  };
}
