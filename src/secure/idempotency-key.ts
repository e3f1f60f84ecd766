import { sha256 } from '../crypto/digest.ts';
import { encodeBase64Url } from '../encoding/base64url.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';

const QUOTE = 0x22;

/** What tells one request under a key from all others, and whose key it is. */
export interface IdempotencyScope {
  /** The principal, with its issuer where there are several: no other may have the same text. Undefined for a request of nobody in particular. */
  readonly principal: string | undefined;
  /** Where there is no principal: the client's key, as limits use it. All clients behind it share their idempotency keys. */
  readonly client: string;
  /** The policy's id: the same key means another thing elsewhere. */
  readonly policy: string;
  /** The path as the router sees it. With another one, or another method, the same key is a mismatch. */
  readonly path: string;
  /** Makes what the request asks for, all of it (query and body): text or bytes that are the same for a retry. Only called when there is a key. */
  readonly fingerprint: () => string | Uint8Array | Promise<string | Uint8Array>;
}

/**
 * Reads an idempotency key: a String of structured fields, as the draft has it, or the bare text that most clients send. `"a"` and `a` are
 * one key; `a` and `A` are two. A parameter behind it is refused: the draft defines none.
 *
 * @param text the field value
 * @returns 1 to 255 printable ASCII characters; undefined for anything else, and so for two header lines, which reach us joined by a comma
 * @see draft-ietf-httpapi-idempotency-key-header-07 section 2.1, RFC 9651 section 3.3.3
 */
export function parseIdempotencyKey(text: string): string | undefined {
  // Not the parser of structured fields: it is a sixth of the whole, and nothing else here is one.
  if (text.charCodeAt(0) !== QUOTE) return /^[\x21\x23-\x2b\x2d-\x3a\x3c-\x7e]{1,255}$/.test(text) ? text : undefined;
  if (!/^"(?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\]){1,255}"$/.test(text)) return undefined;
  return text.slice(1, -1).replace(/\\(.)/g, '$1');
}

/**
 * Names the place of a key in a store. JSON keeps the parts apart, and a principal from a client that is spelt alike; the digest is
 * short, and tells nobody who reads the store's keys whose they are.
 */
export async function placeOf(key: string, { principal, client, policy }: IdempotencyScope): Promise<string> {
  const caller = principal === undefined ? ['client', client] : ['principal', principal];
  return await digestOf(encodeUtf8(JSON.stringify([...caller, policy, key])));
}

/** Digests what is asked for. Text is spelt in JSON, which alone tells halves of surrogate pairs apart, and bytes stand behind a NUL, which JSON never holds. */
export async function digestRequest(method: string, path: string, content: string | Uint8Array): Promise<string> {
  if (typeof content === 'string') return await digestOf(encodeUtf8(JSON.stringify([method, path, content])));
  const head = encodeUtf8(JSON.stringify([method, path]));
  const bytes = new Uint8Array(head.length + 1 + content.length);
  bytes.set(head);
  bytes.set(content, head.length + 1);
  return await digestOf(bytes);
}

async function digestOf(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  return encodeBase64Url(await sha256(bytes));
}
