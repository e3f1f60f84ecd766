import type { Kind, Schema } from './schema.ts';

/** A JSON Schema. */
export type JsonSchemaObject = Record<string, unknown>;

/** What a kind of schema is told when it is written. */
export interface JsonWriter {
  readonly target: string;
  readonly side: 'input' | 'output';
  /** Writes a part. */
  readonly write: (part: Schema<unknown>) => Record<string, unknown>;
  /** Writes a part once, in a place of its own, and answers a reference to it. */
  readonly refer: (part: Schema<unknown>) => Record<string, unknown>;
}

type Writers = {
  readonly [Type in Kind['type']]: (
    kind: Extract<Kind, { readonly type: Type }>,
    writer: JsonWriter,
  ) => Record<string, unknown>;
};

/** Formats as JSON Schema names them; `ip` is two of its. */
const FORMATS: ReadonlyMap<string, Record<string, unknown>> = /* @__PURE__ */ new Map([
  ['email', { format: 'email' }],
  ['uuid', { format: 'uuid' }],
  ['url', { format: 'uri' }],
  ['ipv4', { format: 'ipv4' }],
  ['ipv6', { format: 'ipv6' }],
  ['ip', { anyOf: [{ format: 'ipv4' }, { format: 'ipv6' }] }],
  ['date', { format: 'date' }],
  ['datetime', { format: 'date-time' }],
  ['duration', { format: 'duration' }],
  ['hostname', { format: 'hostname' }],
  ['base64url', { pattern: '^[A-Za-z0-9_-]*$' }],
]);

/** JSON Schema has no flags, and reads every pattern as with u, under which some are none. */
function isPortable(pattern: string, flags: string | undefined): boolean {
  if (flags !== '' && flags !== 'u') return false;
  try {
    return new RegExp(pattern, 'u').unicode;
  } catch {
    return false;
  }
}

/** One row for each kind: what it is in JSON Schema. */
export const WRITERS: Writers = {
  string: ({ min, max, pattern, flags, format }) => ({
    type: 'string',
    ...(min > 0 ? { minLength: min } : {}),
    maxLength: max,
    ...(pattern !== undefined && isPortable(pattern, flags) ? { pattern } : {}),
    ...(format === undefined ? {} : structuredClone(FORMATS.get(format) ?? {})),
  }),
  number: ({ integer, min, max }) => ({
    type: integer ? 'integer' : 'number',
    ...(min === -Number.MAX_VALUE ? {} : { minimum: min }),
    ...(max === Number.MAX_VALUE ? {} : { maximum: max }),
  }),
  boolean: () => ({ type: 'boolean' }),
  unknown: () => ({}),
  file: () => ({ type: 'string', format: 'binary' }),
  literals: ({ literals }) => ({ enum: [...literals] }),
  array: ({ item, min, max }, { write }) => ({
    type: 'array',
    items: write(item),
    ...(min > 0 ? { minItems: min } : {}),
    maxItems: max,
  }),
  tuple({ items }, { target, write }): JsonSchemaObject {
    const parts = items.map(write);
    const bounds = { type: 'array', minItems: parts.length, maxItems: parts.length };
    // A list of schemas must not be empty.
    if (parts.length === 0) return target === 'openapi-3.0' ? { ...bounds, items: {} } : bounds;
    if (target === 'draft-2020-12') return { ...bounds, prefixItems: parts };
    // OpenAPI 3.0 has one schema for all items.
    return { ...bounds, items: target === 'draft-07' ? parts : { anyOf: parts } };
  },
  record: ({ value, min, max }, { write }) => ({
    type: 'object',
    additionalProperties: write(value),
    ...(min > 0 ? { minProperties: min } : {}),
    maxProperties: max,
  }),
  object({ shape, strip }, { side, write }): JsonSchemaObject {
    const entries = Object.entries(shape);
    const isRequired = ({ '~presence': presence }: Schema<unknown>): boolean =>
      presence === 'required' || (presence === 'default' && side === 'output');
    const required = entries.filter(([, part]) => isRequired(part)).map(([key]) => key);
    return {
      type: 'object',
      properties: Object.fromEntries(entries.map(([key, part]) => [key, write(part)])),
      ...(required.length === 0 ? {} : { required }),
      ...(strip && side === 'input' ? {} : { additionalProperties: false }),
    };
  },
  union: ({ branches }, { write }) => ({ anyOf: branches.map(write) }),
  variant: ({ cases }, { write }) => ({ oneOf: cases.map(write) }),
  nullable({ inner }, { target, write }): JsonSchemaObject {
    const written = write(inner);
    // OpenAPI 3.0 has no type of null, and `nullable` says nothing without a type beside it.
    if (target === 'openapi-3.0') return { anyOf: [written, { type: 'string', enum: [null], nullable: true }] };
    return { anyOf: [written, { type: 'null' }] };
  },
  refined: ({ inner }, { write }) => write(inner),
  mapped: ({ inner }, { side, write }) => side === 'output' ? {} : write(inner),
  optional({ inner, fallback }, { side, write }): JsonSchemaObject {
    const written = write(inner);
    return fallback === undefined || side === 'output' ? written : { ...written, default: structuredClone(fallback) };
  },
  lazy: ({ inner }, { refer }) => refer(inner()),
};
