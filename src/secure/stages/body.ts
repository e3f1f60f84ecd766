import { isRefusal, Refusal } from '../../core/refusal.ts';
import { type StandardSchema, validateStandard } from '../../core/standard-schema.ts';
import { parseJson } from '../../encoding/json.ts';
import { decodeUtf8 } from '../../encoding/utf8.ts';
import { readBody } from '../../net/body.ts';
import { isBodiless } from '../bodiless.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Bounds of the body, all of them known. */
export interface BodyBounds {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly timeoutMs: number;
}

/**
 * Reads the body once, bounded, and validates it (utf8_malformed, body_invalid, and what `readBody` and `parseJson` refuse with).
 * Without a schema, or where the method has none, it proves that there is no body (body_not_allowed).
 */
export function bodyStage(schema: StandardSchema | undefined, bounds: BodyBounds): Stage {
  const { maxBytes, maxDepth, timeoutMs } = bounds;

  async function read(exchange: Exchange, expected: StandardSchema): Promise<undefined> {
    const bytes = await readBody(exchange.request, { maxBytes, timeoutMs });
    const text = decodeUtf8(bytes);
    if (text === undefined) throw new Refusal('utf8_malformed');
    const value = parseJson(text, { maxDepth, maxLength: maxBytes });
    exchange.body = await validateStandard(expected, value, 'body_invalid');
    return undefined;
  }

  return (exchange: Exchange): undefined | Promise<undefined> => {
    const { request } = exchange;
    if (schema !== undefined && !isBodiless(request.method)) return read(exchange, schema);
    return request.body === null ? undefined : proveEmpty(request, timeoutMs);
  };
}

/** Headers cannot prove it: over HTTP/2 none need announce a body. */
async function proveEmpty(request: Request, timeoutMs: number): Promise<undefined> {
  try {
    await readBody(request, { maxBytes: 0, timeoutMs });
    return undefined;
  } catch (error) {
    throw isRefusal(error) && error.code === 'body_too_large' ? new Refusal('body_not_allowed') : error;
  }
}
