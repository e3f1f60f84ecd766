import { type MediaType, parseMediaType, trimHttpSpace } from './media-type.ts';

// A comma is left out even where quotes allow it: two header lines reach us joined by one.
const PARAMETER =
  /[\t ]*;[\t ]*(?:([!#$%&'*+.^_`|~0-9A-Za-z-]+=)(?:[!#-+\--:<-~]+|"[\t !#-+\--[\]-~]*(?:\\[ -+\--~][\t !#-+\--[\]-~]*)*"))?/y;

/**
 * Parses a media type as {@linkcode parseMediaType} does, where everybody else reads the same.
 *
 * Browsers ignore what they do not understand and take the first of a repeated parameter; others take the last, or trim a space. Where
 * bytes are then read by two of them (a filter in front and we), one sees another text: `charset=utf-8; charset=utf-7`, `charset =utf-7`.
 *
 * @param text a `Content-Type` value
 * @returns the media type, or undefined where it is none, something in it would be ignored, a parameter is given twice, or it holds a comma
 * @see RFC 9110 sections 5.6.6 and 8.3
 */
export function parseExactMediaType(text: string): MediaType | undefined {
  const type = parseMediaType(text);
  if (type === undefined) return undefined;
  const input = trimHttpSpace(text);
  let position = type.essence.length;
  let count = 0;
  while (position < input.length) {
    PARAMETER.lastIndex = position;
    const match = PARAMETER.exec(input);
    if (match === null) return undefined;
    position = PARAMETER.lastIndex;
    if (match[1] !== undefined) count++;
  }
  // One of a repeated name is missing among those that were kept.
  return count === type.parameters.size ? type : undefined;
}
