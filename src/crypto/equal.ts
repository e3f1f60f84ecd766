/**
 * Compares two byte strings in a time that depends on their lengths alone, not on where they differ.
 *
 * It does not hide a difference in length, and no JavaScript engine promises constant time: where an attacker measures nanoseconds
 * on the same machine, compare digests of both sides instead.
 *
 * @param left bytes
 * @param right bytes
 * @returns whether they are the same bytes
 *
 * @example
 * ```ts
 * import { timingSafeEqual } from 'sallyport/crypto';
 *
 * console.log(timingSafeEqual(new Uint8Array([1, 2]), new Uint8Array([1, 2]))); // true
 * ```
 */
export function timingSafeEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  let difference = 0;
  for (let index = 0; index < left.length; index++) difference |= (left[index] ?? 0) ^ (right[index] ?? 0);
  return difference === 0;
}
