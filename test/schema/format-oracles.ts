/** RFC 1123 section 2.1 and RFC 1035 section 2.3.4, letter by letter. */
export function isHostName(text: string): boolean {
  const letters = 'abcdefghijklmnopqrstuvwxyz0123456789-';
  const labels = text.split('.');
  if (text.length > 253) return false;
  for (const label of labels) {
    if (label.length < 1 || label.length > 63 || label.startsWith('-') || label.endsWith('-')) return false;
    for (const letter of label) {
      // Not `toLowerCase` of all: U+212A would become a k.
      if (!letters.includes(letter) && !letters.toUpperCase().includes(letter)) return false;
    }
  }
  const last = labels.at(-1) ?? '';
  // As `Number` reads it, and the prefix alone, which is a zero to browsers; `1e5` and Infinity are names.
  const isNumber = [...last].every((letter) => '0123456789'.includes(letter)) ||
    (last.slice(0, 2).toLowerCase() === '0x' && (last.length === 2 || !Number.isNaN(Number(last))));
  return !isNumber;
}

/** RFC 3339 section 5.6 (full-date), by a calendar that is counted through. */
export function isDay(text: string): boolean {
  if (text.length !== 10 || text[4] !== '-' || text[7] !== '-') return false;
  const [year, month, day] = [text.slice(0, 4), text.slice(5, 7), text.slice(8)].map(readDigits);
  if (year === undefined || month === undefined || day === undefined) return false;
  const when = new Date(0);
  // Not `Date.UTC`, which takes the year 20 for 1920.
  when.setUTCFullYear(year, month - 1, day);
  return when.getUTCFullYear() === year && when.getUTCMonth() === month - 1 && when.getUTCDate() === day;
}

/** A number of decimal digits alone, or undefined. */
export function readDigits(text: string): number | undefined {
  return text !== '' && [...text].every((letter) => '0123456789'.includes(letter)) ? Number(text) : undefined;
}
