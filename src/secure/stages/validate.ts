import type { MaybePromise } from '../../core/clock.ts';
import { type StandardSchema, validateStandard } from '../../core/standard-schema.ts';
import type { Exchange } from '../exchange.ts';

/** Puts in the place of what was parsed what its schema makes of it (params_invalid, query_invalid, body_invalid). */
export function validateField(
  exchange: Exchange,
  field: 'params' | 'query' | 'body',
  schema: StandardSchema,
): MaybePromise<undefined> {
  const value = validateStandard(schema, exchange[field], `${field}_invalid`);
  if (value instanceof Promise) return value.then((settled) => void (exchange[field] = settled));
  exchange[field] = value;
  return undefined;
}
