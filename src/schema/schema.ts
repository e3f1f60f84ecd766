import type { Issue } from '../core/refusal.ts';
import type { StandardSchema } from '../core/standard-schema.ts';

/** Whether a key with this schema may be missing from an object; a default stands in for it. */
export type Presence = 'required' | 'optional' | 'default';

/** A compiled, frozen description of a value. It is a Standard Schema, so that every tool that takes one takes it. */
export interface Schema<out Output> extends StandardSchema<unknown, Output> {
  /** Whether a key with this schema may be missing from an object. */
  readonly '~presence': Presence;
  /** What the schema is, as data: text is read by it, objects are composed by it, and JSON Schema is written from it. */
  readonly '~kind': Kind;
  /** For schemas that hold this one, and for `parse` and `check`. */
  readonly '~read': Reader;
}

/**
 * Reads a value: answers the output, or a mark that there is none. With a list it only says why there is none: what it answers then is the mark, or anything.
 * The run is that of the whole value: who reads parts passes it on.
 */
export type Reader = (value: unknown, issues?: Issue[], run?: Run) => unknown;

/** One reading of one value, from `parse` or `check` to the last part. */
export interface Run {
  /** Whether nothing is to be made: any answer but the mark then says that the value is one of the outputs already. */
  readonly bare: boolean;
  /** How deep schemas stand within themselves at the moment. */
  depth: number;
  /** How often any such was met, and what else was done in them, in 256ths of a visit. */
  work: number;
}

/** What a schema is. */
export type Kind =
  | {
    readonly type: 'string';
    readonly min: number;
    readonly max: number;
    readonly pattern?: string;
    readonly flags?: string;
    readonly format?: string;
  }
  | { readonly type: 'number'; readonly integer: boolean; readonly min: number; readonly max: number }
  | { readonly type: 'boolean' | 'unknown' | 'file' }
  | { readonly type: 'literals'; readonly literals: readonly (string | number | boolean)[] }
  | { readonly type: 'array'; readonly item: Schema<unknown>; readonly min: number; readonly max: number }
  | { readonly type: 'tuple'; readonly items: readonly Schema<unknown>[] }
  | { readonly type: 'record'; readonly value: Schema<unknown>; readonly min: number; readonly max: number }
  | ObjectKind
  | { readonly type: 'union'; readonly branches: readonly Schema<unknown>[] }
  | { readonly type: 'variant'; readonly cases: readonly Schema<unknown>[] }
  | { readonly type: 'nullable' | 'refined' | 'mapped'; readonly inner: Schema<unknown> }
  | { readonly type: 'optional'; readonly inner: Schema<unknown>; readonly fallback?: unknown }
  | { readonly type: 'lazy'; readonly inner: () => Schema<unknown> };

/** What an object is: its keys, and whether others are left out. */
export interface ObjectKind<S extends Shape = Shape> {
  /** Tells it from the others. */
  readonly type: 'object';
  /** The schema of each key. */
  readonly shape: S;
  /** Whether undeclared keys are left out; if not, they are refused. */
  readonly strip: boolean;
}

/** The schema of every key that an object may have. */
export type Shape = Readonly<Record<string, Schema<unknown>>>;

/** The type of the values that a schema lets through. */
export type Infer<S extends Schema<unknown>> = NonNullable<S['~standard']['types']>['output'];

/** What {@linkcode parse} answers. */
export type ParseResult<Output> =
  | { readonly ok: true; readonly value: Output }
  | { readonly ok: false; readonly issues: readonly Issue[] };
