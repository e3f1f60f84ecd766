/** One value of DER. */
export interface DerValue {
  /** Its identifier octet: class, form and number. */
  readonly tag: number;
  /** What is inside. */
  readonly content: Uint8Array<ArrayBuffer>;
  /** All of it, with tag and length. */
  readonly whole: Uint8Array<ArrayBuffer>;
}

export const DER_INTEGER = 0x02;
export const DER_BIT_STRING = 0x03;
export const DER_OCTET_STRING = 0x04;
export const DER_OBJECT_IDENTIFIER = 0x06;
export const DER_SEQUENCE = 0x30;

/**
 * Takes bytes apart into the values that fill them exactly, without looking inside of these: whoever wants more calls again, so that no
 * input decides how deep this goes.
 *
 * @param bytes the content of a value, or a whole document
 * @param least the fewest values that there may be
 * @param most the most values that there may be
 * @returns the values, or undefined when the bytes are something else, or BER that is no DER
 * @see ITU-T X.690 sections 8.1 and 10.1
 */
export function readDer(bytes: Uint8Array<ArrayBuffer>, least: number, most: number): readonly DerValue[] | undefined {
  const values: DerValue[] = [];
  for (let start = 0; start < bytes.length;) {
    const tag = bytes[start] ?? 0;
    const length = readLength(bytes, start + 1);
    // Numbers of 31 and more, which take further octets, are in no key and in no certificate.
    if (length === undefined || (tag & 31) === 31 || values.length === most) return undefined;
    const end = length.end + length.value;
    if (end > bytes.length) return undefined;
    values.push({ tag, content: bytes.subarray(length.end, end), whole: bytes.subarray(start, end) });
    start = end;
  }
  return values.length < least ? undefined : values;
}

/** Definite and of the fewest octets: every other spelling would give one key many, and platforms read those differently. */
function readLength(bytes: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  const [first = 0x80, second = 0, third = 0] = bytes.subarray(start, start + 3);
  if (first < 0x80) return { value: first, end: start + 1 };
  if (first === 0x81 && second > 0x7f) return { value: second, end: start + 2 };
  // 64 KiB, far beyond what a PEM may hold here.
  if (first === 0x82 && second > 0) return { value: second * 256 + third, end: start + 3 };
  return undefined;
}
