import type { Issue } from '../core/refusal.ts';
import { createSchema, requireSchema } from './create-schema.ts';
import { INVALID, refuse } from './issue.ts';
import type { Infer, Run, Schema } from './schema.ts';

const MAX_BRANCHES = 16;
const NO_BRANCH = { code: 'no_branch', message: 'must be one of the allowed kinds' };

/**
 * The first of several schemas that lets a value through. Where objects differ by the value of one key, take `variant`: it is faster, and says what is wrong.
 *
 * When none does, the issues are those of the branch that got deepest; of several such, of the first, unless they all refuse the value as a whole. Branches run in turn, so that
 * unions within unions cost the product of their numbers of branches; `lazy` bounds what recursion makes of that.
 *
 * @param branches 2 to 16 schemas
 * @returns the schema
 * @throws {TypeError} for fewer or more, or one that is no schema
 *
 * @example
 * ```ts
 * import { int, parse, string, union } from 'sallyport/schema';
 *
 * const id = union(int({ min: 1 }), string({ min: 1, max: 36 }));
 * console.log(parse(id, 7).ok, parse(id, true).ok); // true false
 * ```
 */
export function union<const Branches extends readonly Schema<unknown>[]>(
  ...branches: Branches
): Schema<Infer<Branches[number]>> {
  for (const branch of branches) requireSchema('create union', branch);
  if (branches.length < 2 || branches.length > MAX_BRANCHES) {
    throw new TypeError(`Cannot create union: name 2 to ${MAX_BRANCHES} schemas.`);
  }
  return createSchema({ type: 'union', branches: Object.freeze(branches) }, (value, issues, run) => {
    for (const branch of branches) {
      const result = branch['~read'](value, undefined, run);
      if (result !== INVALID) return result;
    }
    return issues === undefined ? INVALID : explain(branches, value, issues, run);
  });
}

function explain(
  branches: readonly Schema<unknown>[],
  value: unknown,
  issues: Issue[],
  run: Run | undefined,
): unknown {
  let deepest: readonly Issue[] = [];
  let most = 0;
  for (const branch of branches) {
    const found: Issue[] = [];
    branch['~read'](value, found, run);
    const depth = Math.max(0, ...found.map(({ path }) => path.length));
    if (depth > most) [most, deepest] = [depth, found];
  }
  if (most === 0) return refuse(issues, NO_BRANCH);
  for (const issue of deepest) {
    const index = issues.length;
    refuse(issues, issue);
    // Unless the list is full.
    if (issues.length > index) issues[index] = issue;
  }
  return INVALID;
}
