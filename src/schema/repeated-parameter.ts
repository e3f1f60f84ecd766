import { trimHttpSpace } from '../net/media-type.ts';

/**
 * Tells whether a header names a parameter twice, to the laxest of readers: within quotes, with space around it, or with the star of RFC 2231, whose pieces mail's
 * parsers put together. Ours takes the first; somebody in front may have believed another.
 */
export function hasRepeated(header: string, parameter: string): boolean {
  const names = header.toLowerCase().split(';').map((piece) => trimHttpSpace(piece.split('=', 1)[0] ?? ''));
  return names.filter((name) => name === parameter || name.startsWith(`${parameter}*`)).length > 1;
}
