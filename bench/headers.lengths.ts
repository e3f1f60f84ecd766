/** 1 KB to 1 MB of UTF-16 code units, doubled each time. */
export const LENGTHS: readonly number[] = Array.from({ length: 11 }, (_, power) => 1024 * 2 ** power);
