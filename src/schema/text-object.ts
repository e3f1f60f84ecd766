import { trimHttpSpace } from '../net/media-type.ts';
import type { Issue } from '../core/refusal.ts';
import { refuse, type Rule } from './issue.ts';
import type { Kind, ObjectKind, Schema } from './schema.ts';
import { issuesOf, MAX_VISITS, readText, REPEATED, type TextItem, unwrap } from './text-value.ts';

const NOT_REPEATED = { code: 'repeated', message: 'must not be repeated' };

/** Every value under its name; or headers, of which only what is declared is asked for. */
type Source = Headers | ReadonlyMap<string, readonly TextItem[]>;

/** An object for the schema's reader, or why there is none. */
type Made = Record<string, unknown> | Issue[];

/** The rule of a source with more parameters than are looked at. */
export function tooMany(max: number): Rule {
  return { code: 'too_many', message: `must be at most ${max} parameters`, params: { max } };
}

/**
 * Makes of parameters the object that JSON would have sent.
 *
 * @param schema the object's schema
 * @param parameters what came
 * @param max the most parameters, for what only splitting tells
 * @returns an object without a prototype, declared keys first and in their order; or issues
 * @throws {TypeError} for a schema of anything but objects
 */
export function readParameters(schema: Schema<unknown>, parameters: Source, max: number): Made {
  return readKind(unwrap(schema), parameters, max, MAX_VISITS);
}

function readKind(kind: Kind, parameters: Source, max: number, visits: number): Made {
  if (kind.type === 'object') return readObject(kind, parameters, max);
  const branches = branchesOf('parse text', kind, visits);
  let best: Made = [];
  let fewest = Infinity;
  for (const branch of branches) {
    const made = readKind(unwrap(branch), parameters, max, visits / branches.length);
    const issues = isRecord(made) ? issuesOf(branch, made) : made;
    if (issues.length === 0) return made;
    // The one that is nearest is the one that was meant, and whose issues help.
    if (issues.length < fewest) [fewest, best] = [issues.length, made];
  }
  return best;
}

/**
 * Refuses a schema of anything but objects, whatever branch a text would have met it in.
 *
 * @param action what was to be done, for the message
 * @param schema a schema of ours
 * @param visits how many schemas may be looked at
 * @throws {TypeError} for such a schema, or for unions within lazy unions, which have no end
 */
export function requireObjects(action: string, schema: Schema<unknown>, visits: number = MAX_VISITS): void {
  const kind = unwrap(schema);
  if (kind.type === 'object') return;
  const branches = branchesOf(action, kind, visits);
  for (const branch of branches) requireObjects(action, branch, visits / branches.length);
}

function branchesOf(action: string, kind: Kind, visits: number): readonly Schema<unknown>[] {
  const branches = kind.type === 'union' ? kind.branches : kind.type === 'variant' ? kind.cases : [];
  if (branches.length === 0 || visits < 1) {
    throw new TypeError(`Cannot ${action}: the schema must be one of an object.`);
  }
  return branches;
}

/** Made key by key as declared: in what order parameters came changes nothing, not even the order of the issues. */
function readObject({ shape }: ObjectKind, parameters: Source, max: number): Made {
  const record: Record<string, unknown> = Object.create(null);
  const issues: Issue[] = [];
  let count = 0;
  for (const [key, schema] of Object.entries(shape)) {
    const items = parameters instanceof Headers ? readHeader(parameters, key, schema, max) : parameters.get(key);
    if (items === undefined) continue;
    count += items.length;
    const value = readText(schema, items);
    if (value === REPEATED) refuse(issues, NOT_REPEATED, key);
    else record[key] = value;
  }
  if (count > max) {
    issues.length = 0;
    refuse(issues, tooMany(max));
  }
  if (issues.length > 0) return issues;
  if (!(parameters instanceof Headers)) {
    // For the object to refuse or to leave out, as it says.
    for (const [name, items] of parameters) if (!Object.hasOwn(shape, name)) record[name] = items[0];
  }
  return record;
}

/** Lines of one name reach us joined by commas, and only a list can tell them apart (RFC 9110 section 5.3). */
function readHeader(headers: Headers, name: string, schema: Schema<unknown>, max: number): TextItem[] | undefined {
  const text = headers.get(name);
  if (text === null) return undefined;
  const { type } = unwrap(schema);
  if (type !== 'array' && type !== 'tuple') return [text];
  const elements = text.split(',', max + 1);
  // Empty elements are no values (RFC 9110 section 5.6.1.2). However, they count: what stands after the last that is split off must not get lost.
  return elements.length > max ? elements : elements.map(trimHttpSpace).filter((element) => element !== '');
}

function isRecord(made: Made): made is Record<string, unknown> {
  return !Array.isArray(made);
}
