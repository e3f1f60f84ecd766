import { Refusal } from '../../core/refusal.ts';
import { type StandardSchema, validateStandard } from '../../core/standard-schema.ts';
import { parseJson } from '../../encoding/json.ts';
import { decodeUtf8 } from '../../encoding/utf8.ts';
import { readBody } from '../../net/body.ts';
import type { Exchange, Stage } from '../exchange.ts';

/** Bounds of the body, all of them known. */
export interface BodyBounds {
  readonly maxBytes: number;
  readonly maxDepth: number;
  readonly timeoutMs: number;
}

/** Reads the body once, bounded, and validates it (utf8_malformed, body_invalid, and what `readBody` and `parseJson` refuse with). */
export function bodyStage(schema: StandardSchema, bounds: BodyBounds): Stage {
  const { maxBytes, maxDepth, timeoutMs } = bounds;
  return async (exchange: Exchange): Promise<undefined> => {
    const { request } = exchange;
    if (request.method === 'GET' || request.method === 'HEAD' || request.method === 'OPTIONS') return undefined;
    const bytes = await readBody(request, { maxBytes, timeoutMs });
    const text = decodeUtf8(bytes);
    if (text === undefined) throw new Refusal('utf8_malformed');
    const value = parseJson(text, { maxDepth, maxLength: maxBytes });
    exchange.body = await validateStandard(schema, value, 'body_invalid');
    return undefined;
  };
}
