import type { Issue } from '../core/refusal.ts';
import type { Kind, Schema } from './schema.ts';

/** What a parameter can be: text, or a file of a form. */
export type TextItem = string | File;

/** Stands for a value where several came for one. */
export const REPEATED: unique symbol = /* @__PURE__ */ Symbol('repeated');

// A decimal without exponent, plus, leading zeros or space: two spellings of one number are two cache keys, two log lines, and one record. What is left of
// them are zeros at the end of a fraction, and the sign of zero.
const DECIMAL = /^-?(?:0|[1-9]\d*)(?:\.\d+)?$/;
const MAX_WRAPPERS = 32;
/** How many schemas a text may be tried on: unions within lazy unions would try for ever. */
export const MAX_VISITS = 256;

/**
 * Makes of a parameter's text what JSON would have sent, by the kind of a schema alone. Text outside of the kind's grammar stays text, so that the schema's
 * own rule refuses it: nothing is validated here.
 *
 * @param schema the parameter's schema
 * @param items every value that came under its name, at least one
 * @param visits how many schemas may be tried
 * @returns a value for the schema's reader, or {@linkcode REPEATED}
 */
export function readText(schema: Schema<unknown>, items: readonly TextItem[], visits: number = MAX_VISITS): unknown {
  return convert(schema['~kind'], items, visits);
}

/** A list is what came under one name; within an array each item stands alone, so that arrays of arrays have no text. */
type Given = TextItem | readonly TextItem[];
type ArrayKind = Extract<Kind, { readonly type: 'array' }>;

function convert(kind: Kind, given: Given, visits: number): unknown {
  if (visits < 1) return asRaw(given);
  switch (kind.type) {
    case 'array':
      return isList(given) ? convertList(kind, withoutNoFiles(given), visits) : given;
    case 'tuple':
      if (!isList(given) || given.length !== kind.items.length) return given;
      return kind.items.map((item, index) => convert(item['~kind'], given[index] ?? '', visits));
    case 'union':
      return convertUnion(kind.branches, given, visits / kind.branches.length);
    default: {
      const inner = innerOf(kind);
      if (inner !== undefined) return convert(inner['~kind'], given, visits - 1);
      const item = isList(given) && given.length === 1 ? given[0] : given;
      return isList(item) ? REPEATED : typeof item === 'string' ? convertLeaf(kind, item) : item;
    }
  }
}

function convertList({ item, max }: ArrayKind, given: readonly TextItem[], visits: number): unknown {
  // Too many for the array are too many to convert.
  return given.length > max ? given : given.map((one) => convert(item['~kind'], one, visits));
}

/** The first branch that reads what its own kind makes of the text. */
function convertUnion(branches: readonly Schema<unknown>[], given: Given, visits: number): unknown {
  let repeated = true;
  for (const branch of branches) {
    const value = convert(branch['~kind'], given, visits);
    if (value === REPEATED) continue;
    if (issuesOf(branch, value).length === 0) return value;
    repeated = false;
  }
  return repeated ? REPEATED : asRaw(given);
}

function convertLeaf(kind: Kind, text: string): unknown {
  switch (kind.type) {
    case 'number':
      return convertNumber(text, kind.integer);
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text;
    case 'literals':
      return kind.literals.find((literal) => String(literal) === text) ?? text;
    default:
      return text;
  }
}

function convertNumber(text: string, integer: boolean): number | string {
  if (!DECIMAL.test(text) || (integer && text.includes('.'))) return text;
  const value = Number(text);
  // Beyond, the number that comes out is not always the one that was written: 9007199254740993 becomes ...992.
  return Math.abs(value) > Number.MAX_SAFE_INTEGER ? text : value;
}

/**
 * Why a schema refuses a value; nothing where it does not. On the pass that lists issues a `map` makes nothing: it runs once, when all is parsed.
 */
export function issuesOf(schema: Schema<unknown>, value: unknown): Issue[] {
  const issues: Issue[] = [];
  schema['~read'](value, issues, { bare: false, depth: 0, work: 0 });
  return issues;
}

/** What browsers send for a file field in which nobody has chosen one (HTML section 4.10.22.4). */
export function isNoFile(item: TextItem): boolean {
  return item instanceof File && item.name === '' && item.size === 0;
}

/** Of several file fields those that were used; what stands beside text is nothing of a browser's making, and stays. */
export function withoutNoFiles(items: readonly TextItem[]): readonly TextItem[] {
  return items.every((item) => item instanceof File) ? items.filter((item) => !isNoFile(item)) : items;
}

function isList(given: Given | undefined): given is readonly TextItem[] {
  return Array.isArray(given);
}

function asRaw(given: Given): unknown {
  return isList(given) && given.length === 1 ? given[0] : given;
}

/** What a schema is below what was put around it. */
export function unwrap(schema: Schema<unknown>): Kind {
  let kind = schema['~kind'];
  for (let count = 0; count < MAX_WRAPPERS; count++) kind = innerOf(kind)?.['~kind'] ?? kind;
  return kind;
}

function innerOf(kind: Kind): Schema<unknown> | undefined {
  switch (kind.type) {
    case 'optional':
    case 'nullable':
    case 'refined':
    case 'mapped':
      return kind.inner;
    case 'lazy':
      return kind.inner();
    default:
      return undefined;
  }
}
