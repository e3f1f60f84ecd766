import { stringListOption } from '../core/option.ts';

/**
 * Returns a list option as a frozen copy, in which every item was checked.
 *
 * @param action what was to be done, for the message
 * @param name the option's name
 * @param value as the caller gave it; it may be empty
 * @param findFault tells what is wrong with an item, or undefined
 * @returns a copy that later changes do not reach
 * @throws {TypeError} for what is no list of texts, names something twice, or holds an item with a fault
 */
export function checkedListOption(
  action: string,
  name: string,
  value: unknown,
  findFault: (item: string) => string | undefined,
): readonly string[] {
  if (Array.isArray(value) && value.length === 0) return Object.freeze([]);
  const list = stringListOption(action, name, value);
  for (const item of list) {
    const fault = findFault(item);
    if (fault !== undefined) throw new TypeError(`Cannot ${action}: ${name} ${fault}.`);
  }
  return list;
}
