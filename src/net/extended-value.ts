/**
 * Encodes a text as the extended value of a header's parameter (`filename*`, `title*`), in UTF-8 and without a language.
 *
 * @param text well-formed text
 * @returns what stands behind `name*=`
 * @see RFC 8187 section 3.2
 */
export function encodeExtended(text: string): string {
  // `encodeURIComponent` leaves four characters that section 3.2.1 does not.
  const encoded = encodeURIComponent(text).replace(
    /['()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `UTF-8''${encoded}`;
}
