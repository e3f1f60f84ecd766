import {
  date,
  int,
  lazy,
  map,
  object,
  optional,
  record,
  refine,
  type Schema,
  string,
  tuple,
  union,
  unknown,
  url,
} from '../../src/schema/index.ts';

/** Where `parse` and the JSON Schema that is written for it differ, by intention: the table of the README. */
export interface Difference {
  readonly what: string;
  /** What each makes of the value. */
  readonly parse: boolean;
  readonly json: boolean;
  readonly why: string;
  readonly schema: Schema<unknown>;
  readonly value: unknown;
}

const chain: Schema<unknown> = lazy(() => object({ next: optional(chain) }), { maxDepth: 2 });

export const DIFFERENCES: readonly Difference[] = [
  {
    what: 'the greatest length',
    parse: false,
    json: true,
    why: 'UTF-16 code units here, code points there: a character outside the BMP counts twice',
    schema: string({ max: 1 }),
    value: '\u{1f600}',
  },
  {
    what: 'the least length',
    parse: true,
    json: false,
    why: 'the same; the one case in which JSON Schema refuses more',
    schema: string({ min: 2 }),
    value: '\u{1f600}',
  },
  {
    what: 'lone surrogates',
    parse: false,
    json: true,
    why: 'JSON Schema has no word for them',
    schema: string(),
    value: '\ud800',
  },
  {
    what: 'a pattern without the flag u',
    parse: false,
    json: true,
    why: 'JSON Schema reads every pattern as with it, so that `.` is a code point',
    schema: string({ pattern: /./ }),
    value: '\u{1f600}',
  },
  {
    what: 'a pattern with another flag, or none under u',
    parse: false,
    json: true,
    why: 'JSON Schema has no flags: the pattern is left out',
    schema: string({ pattern: /a/i }),
    value: 'b',
  },
  {
    what: 'a format',
    parse: false,
    json: true,
    why: 'an annotation to most readers, and looser where it is checked',
    schema: url(),
    value: 'ftp://example.com/',
  },
  {
    what: 'keys of a record',
    parse: false,
    json: true,
    why: 'OpenAPI 3.0 has no word for names: `__proto__`, more than 256 units and lone surrogates',
    schema: record(int()),
    value: { ['k'.repeat(257)]: 1 },
  },
  {
    what: '`__proto__` where undeclared keys are taken',
    parse: false,
    json: true,
    why: 'to JSON Schema a key as others',
    schema: unknown(),
    value: JSON.parse('{"__proto__":1}'),
  },
  {
    what: 'the depth and number of unknown()',
    parse: false,
    json: true,
    why: 'JSON Schema counts neither',
    schema: unknown({ maxDepth: 1 }),
    value: [[]],
  },
  {
    what: 'the depth and visits of lazy()',
    parse: false,
    json: true,
    why: 'JSON Schema counts neither',
    schema: chain,
    value: { next: { next: {} } },
  },
  {
    what: 'refine()',
    parse: false,
    json: true,
    why: 'a function cannot be written',
    schema: refine(int(), (n) => n % 2 === 0, 'odd'),
    value: 1,
  },
];

/** Differences of one dialect alone. */
export const OPENAPI_DIFFERENCE: Difference = {
  what: 'the places of a tuple(), in OpenAPI 3.0',
  parse: false,
  json: true,
  why: 'it has one schema for all items: each may stand anywhere',
  schema: tuple(int(), string()),
  value: ['a', 1],
};

/** Of the side of the output alone. */
export const OUTPUT_DIFFERENCE: Difference = {
  what: 'what map() makes, on the side of the output',
  parse: false,
  json: true,
  why: 'a function cannot be written: anything',
  schema: union(map(int(), String), date()),
  value: { any: 'thing' },
};
