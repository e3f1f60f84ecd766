import { type Issue, Refusal, type RefusalCode } from './refusal.ts';
import type { MaybePromise } from './clock.ts';

/**
 * The Standard Schema contract, version 1: what zod, valibot, arktype and this package's own schemas all implement.
 *
 * @see https://standardschema.dev
 */
export interface StandardSchema<out Input = unknown, out Output = Input> {
  /** The contract's one property. */
  readonly '~standard': StandardSchemaProps<Input, Output>;
}

/** The members behind `~standard`. */
export interface StandardSchemaProps<out Input = unknown, out Output = Input> {
  /** The version of the contract. */
  readonly version: 1;
  /** The library that made the schema. */
  readonly vendor: string;
  /** Validates a value; it may do so asynchronously. */
  readonly validate: (value: unknown) => MaybePromise<StandardResult<Output>>;
  /** Types only. */
  readonly types?: { readonly input: Input; readonly output: Output } | undefined;
}

/** What a Standard Schema that has a JSON Schema writes it with; throws for a dialect that it does not know. */
export interface StandardJsonSchema {
  /** Of what goes in. */
  readonly input: (options: { readonly target: string }) => Record<string, unknown>;
  /** Of what comes out. */
  readonly output: (options: { readonly target: string }) => Record<string, unknown>;
}

/** What a Standard Schema answers: a value, or issues. */
export type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly StandardIssue[] };

/** One issue of a Standard Schema; ours carry a `code` as well. */
export interface StandardIssue {
  /** A sentence. */
  readonly message: string;
  /** Keys, or objects that hold a key. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

const MAX_ISSUES = 8;
// A path holds the client's own keys: unbounded, a problem response would echo a whole body eight times.
const MAX_PATH = 32;
const MAX_KEY_LENGTH = 128;

/** The `vendor` of our own schemas: their issues are known to hold no input, so their words may reach a client. */
export const OWN_VENDOR = 'sallyport';

/** The output type of any Standard Schema. */
export type OutputOf<S> = S extends StandardSchema<infer _Input, infer Output> ? Output : never;

/**
 * Tells whether a value implements the contract; arktype's schemas are functions, so those count too.
 *
 * @param value anything that was passed as a schema
 * @returns true when it has a `~standard` of version 1 with a `validate`
 */
export function isStandardSchema(value: unknown): value is StandardSchema {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  const standard: unknown = Reflect.get(value, '~standard');
  if (typeof standard !== 'object' || standard === null) return false;
  return Reflect.get(standard, 'version') === 1 && typeof Reflect.get(standard, 'validate') === 'function';
}

/**
 * Validates a value through any Standard Schema and refuses it when the schema does, or when the answer makes no sense.
 *
 * A foreign validator is not trusted to keep the contract: an answer with issues is a failure whatever else it holds, and an answer
 * that is neither a value nor issues is one too. What it throws is passed on: it is the programmer's error, not the client's.
 *
 * @param schema ours or anybody's
 * @param value the parsed value
 * @param code the refusal to throw
 * @returns the schema's output
 * @throws {Refusal} the given code, with at most 8 issues that name paths and never values
 * @throws {TypeError} when the schema breaks the contract: its answer is neither a value nor a list of issues
 * @see https://standardschema.dev
 */
export function validateStandard<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
  code: RefusalCode,
): MaybePromise<Output> {
  const ours = schema['~standard'].vendor === OWN_VENDOR;
  const result = runStandard(schema, value);
  return result instanceof Promise
    ? result.then((settled) => acceptResult(settled, code, ours))
    : acceptResult(result, code, ours);
}

/**
 * Runs any Standard Schema and holds its answer to the contract, for callers with a refusal of their own.
 *
 * @param schema ours or anybody's
 * @param value the parsed value
 * @returns a value, or issues as the schema gave them: they may hold input
 * @throws {TypeError} when the schema breaks the contract: its answer is neither a value nor a list of issues
 */
export function runStandard<Output>(
  schema: StandardSchema<unknown, Output>,
  value: unknown,
): MaybePromise<StandardResult<Output>> {
  const result = schema['~standard'].validate(value);
  // It is tempting to call its own `then`. However, a thenable that answers nothing there would pass as a valid `undefined`.
  return isThenable(result) ? Promise.resolve(result).then(requireResult) : requireResult(result);
}

function requireResult<Output>(result: StandardResult<Output>): StandardResult<Output> {
  if (typeof result === 'object' && result !== null) {
    const { issues } = result;
    if (Array.isArray(issues) || (issues === undefined && 'value' in result)) return result;
  }
  throw new TypeError('A schema answered neither a value nor issues.');
}

function acceptResult<Output>(result: StandardResult<Output>, code: RefusalCode, ours: boolean): Output {
  if (result.issues !== undefined) throw new Refusal(code, { issues: readIssues(result.issues, ours) });
  return result.value;
}

/**
 * Reads issues as a client may see them.
 *
 * @param issues whatever a schema answered
 * @param ours whether this package made them: of foreign ones only the places are kept
 * @returns at most 8, bounded in length
 */
export function readIssues(issues: readonly StandardIssue[], ours: boolean): readonly Issue[] {
  const list: Issue[] = [];
  for (const issue of issues.slice(0, MAX_ISSUES)) {
    if (typeof issue !== 'object' || issue === null) continue;
    const code: unknown = Reflect.get(issue, 'code');
    const path = readPath(issue.path);
    // A foreign message may repeat the input or a secret literal, so only where it happened is passed on.
    const known = ours && typeof code === 'string';
    list.push(known ? { ...issue, code, path } : { code: 'invalid', path, message: 'is not valid' });
  }
  return list;
}

function readPath(path: unknown): readonly (string | number)[] {
  // A list of our own: arktype's is a class, whose slice and map make more of their kind.
  return Array.isArray(path) ? Array.from(path.slice(0, MAX_PATH), readSegment) : [];
}

function readSegment(segment: unknown): string | number {
  const key: unknown = typeof segment === 'object' && segment !== null ? Reflect.get(segment, 'key') : segment;
  if (typeof key === 'number') return key;
  if (typeof key === 'symbol') return String(key).slice(0, MAX_KEY_LENGTH);
  return typeof key === 'string' ? key.slice(0, MAX_KEY_LENGTH) : '?';
}

function isThenable<T>(value: MaybePromise<T>): value is Promise<T> {
  if ((typeof value !== 'object' && typeof value !== 'function') || value === null) return false;
  return typeof Reflect.get(value, 'then') === 'function';
}
