const MAX_INTEGER = 999_999_999_999_999;

/**
 * Writes an Integer.
 *
 * @param value any value
 * @returns its digits, or undefined when it is no whole number of at most 15 digits
 * @see RFC 9651 section 4.1.4
 */
export function formatInteger(value: unknown): string | undefined {
  // String() writes -0 as "0".
  return typeof value === 'number' && Number.isInteger(value) && Math.abs(value) <= MAX_INTEGER
    ? String(value)
    : undefined;
}

/**
 * Writes a Decimal, rounding to three places and a tie to the even digit.
 *
 * It rounds the digits that the number is written with: multiplying by 1,000 makes 0.0025 more than a tie, which its digits are not.
 *
 * @param value any value
 * @returns its digits, or undefined when it is no number or needs more than 12 digits before the point
 * @see RFC 9651 section 4.1.5
 */
export function formatDecimal(value: unknown): string | undefined {
  // From 1e21 on, and below 1e-6, String() writes an exponent.
  if (typeof value !== 'number' || !(Math.abs(value) < 1e12)) return undefined;
  if (Math.abs(value) < 1e-6) return '0.0';
  const [whole = '', fraction = ''] = String(Math.abs(value)).split('.');
  const rest = fraction.slice(3);
  // At most 15 digits, so exact.
  let thousandths = Number(whole + fraction.slice(0, 3).padEnd(3, '0'));
  // Digits compare as text: "5" is the tie, "51" is more than it, "49" less.
  if (rest > '5' || (rest === '5' && thousandths % 2 === 1)) thousandths++;
  if (thousandths > MAX_INTEGER) return undefined;
  const places = String(thousandths % 1000).padStart(3, '0').replace(/0{1,2}$/, '');
  return `${value < 0 && thousandths > 0 ? '-' : ''}${Math.floor(thousandths / 1000)}.${places}`;
}
