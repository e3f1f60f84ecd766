type Bytes = Uint8Array<ArrayBuffer>;

/** Writes one value of DER: tag, length, and what is inside. */
export function der(tag: number, ...parts: readonly (Bytes | readonly number[])[]): Bytes {
  const content = parts.flatMap((part) => [...part]);
  const { length } = content;
  const lengths = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return new Uint8Array([tag, ...lengths, ...content]);
}

/** Writes a PEM as RFC 7468 asks for. */
export function toPem(label: string, bytes: Bytes, lineLength = 64, lineEnd = '\n'): string {
  const base64 = btoa(String.fromCharCode(...bytes));
  const lines: string[] = [];
  for (let start = 0; start < base64.length; start += lineLength) lines.push(base64.slice(start, start + lineLength));
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ''].join(lineEnd);
}

/** Reads the bytes of a PEM that is known to be good. */
export function fromPem(pem: string): Bytes {
  const base64 = pem.split('\n').filter((line) => !line.startsWith('-')).join('');
  return Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
}

/** Reads hexadecimal with spaces. */
export function fromHex(text: string): Bytes {
  return new Uint8Array(text.split(' ').filter((byte) => byte !== '').map((byte) => parseInt(byte, 16)));
}
