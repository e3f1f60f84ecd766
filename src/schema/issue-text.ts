import type { Issue } from '../core/refusal.ts';

/** What is said for each code, with `{name}` for its params: a translation. */
export type IssueMessages = Readonly<Record<string, string>>;

/**
 * Writes a path as a JSON Pointer: `/items/0/sku`.
 *
 * @param path the path of an issue
 * @returns the pointer; empty for the whole value
 * @see RFC 6901 section 3
 *
 * @example
 * ```ts
 * import { formatPointer } from 'sallyport/schema';
 *
 * console.log(formatPointer(['items', 0, 'a/b'])); // /items/0/a~1b
 * ```
 */
export function formatPointer(path: Issue['path']): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/**
 * Says the same in another language, or in other words.
 *
 * @param issues what `parse` has found
 * @param messages a sentence for each code that you translate; the others keep theirs
 * @returns new issues
 *
 * @example
 * ```ts
 * import { int, parse, translateIssues } from 'sallyport/schema';
 *
 * const result = parse(int({ min: 1 }), 0);
 * if (!result.ok) console.log(translateIssues(result.issues, { too_small: 'muss mindestens {min} sein' })[0]?.message);
 * ```
 */
export function translateIssues(issues: readonly Issue[], messages: IssueMessages): readonly Issue[] {
  return issues.map((issue) => {
    const sentence = Object.hasOwn(messages, issue.code) ? messages[issue.code] : undefined;
    if (sentence === undefined) return issue;
    const params = new Map(Object.entries(issue.params ?? {}));
    // In one pass and through a function: neither `$&` nor `{max}` in a value means anything.
    return { ...issue, message: sentence.replace(/\{(\w+)\}/g, (hole, name) => `${params.get(name) ?? hole}`) };
  });
}
