/** Texts in the one spelling of RFC 4648 sections 3.5 and 5. */
export const BASE64URLS: readonly string[] = [
  // Section 10, without padding (section 3.2).
  '',
  'Zg',
  'Zm8',
  'Zm9v',
  'Zm9vYg',
  'Zm9vYmE',
  'Zm9vYmFy',
  // Section 5: the letters of 62 and 63.
  '-_-_',
  '__8',
  '_w',
  '-A',
  'AA',
  'AAA',
  'AAAA',
  // SHA-256 of nothing.
  '47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU',
];

/** Texts that are not. */
export const NOT_BASE64URLS: readonly string[] = [
  // Section 4: one letter is no byte.
  'A',
  'AAAAA',
  // Section 3.2: padding.
  '=',
  'Zg==',
  'Zg=',
  'Zm8=',
  'Zm9v=',
  'Zm9vZg==',
  // Section 3.5: bits that are left over must be zero.
  'Zh',
  'Zv',
  'Z_',
  'Zm9',
  'Zm-',
  'Zm9vYh',
  // Section 4: the other alphabet.
  '+_8A',
  '/_8A',
  '++++',
  // Section 3.3: nothing from outside.
  'Zm9v\n',
  'Zm9v\r\nZm9v',
  ' Zm9v',
  'Zm 9v',
  'Zm.v',
  'Zm9~',
  'Zm9%',
  'Zm9\0',
  'Zm9\u00e9',
  'Zm9\u212a',
  'Zm9\uff21',
  '\ud83d\ude00AA',
];
