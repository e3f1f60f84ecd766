import type { Kind, Schema } from './schema.ts';

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

/** One row for each kind: what it is in JSON Schema. */
export const WRITERS: Writers = {
  string: ({ min, max, pattern, format }) => ({
    type: 'string',
    ...(min > 0 ? { minLength: min } : {}),
    maxLength: max,
    ...(pattern === undefined ? {} : { pattern }),
    ...(format === undefined ? {} : FORMATS.get(format) ?? {}),
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
  tuple({ items }, { target, write }) {
    const parts = items.map(write);
    const bounds = { type: 'array', minItems: parts.length, maxItems: parts.length };
    if (target === 'draft-2020-12') return { ...bounds, prefixItems: parts };
    // OpenAPI 3.0 has one schema for all items.
    return { ...bounds, items: target === 'draft-07' ? parts : parts.length === 0 ? {} : { anyOf: parts } };
  },
  record: ({ value, max }, { write }) => ({
    type: 'object',
    additionalProperties: write(value),
    maxProperties: max,
  }),
  object({ shape, strip }, { side, write }) {
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
  nullable({ inner }, { target, write }) {
    const written = write(inner);
    // OpenAPI 3.0 has no type of null.
    if (target === 'openapi-3.0') return { anyOf: [written, { enum: [null], nullable: true }] };
    return { anyOf: [written, { type: 'null' }] };
  },
  refined: ({ inner }, { write }) => write(inner),
  mapped: ({ inner }, { side, write }) => side === 'output' ? {} : write(inner),
  optional({ inner, fallback }, { side, write }) {
    const written = write(inner);
    return fallback === undefined || side === 'output' ? written : { ...written, default: fallback };
  },
  lazy: ({ inner }, { refer }) => refer(inner()),
};
