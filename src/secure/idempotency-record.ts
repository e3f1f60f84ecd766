import { decodeBase64Url, encodeBase64Url } from '../encoding/base64url.ts';
import { parseJson } from '../encoding/json.ts';

const VERSION = 1;
/** Above what the largest `maxBytes` becomes. */
const JSON_LIMITS = { maxLength: 33_554_432, maxDepth: 3 };
/**
 * What describes the body or the resource, and nothing else: a cookie is one client's session, and hardening, CORS and limits are those of
 * the moment of the replay.
 */
const KEPT_HEADERS: readonly string[] = [
  'content-type',
  'content-language',
  'content-disposition',
  'content-location',
  'etag',
  'last-modified',
  'link',
  'location',
  'preference-applied',
  'retry-after',
];
export const REPLAYED_HEADER = 'idempotency-replayed';

/** A name and a value. */
type Field = readonly [name: string, value: string];

/** What stands under a key: a request that still runs, its response, or that it was answered with one that is not kept. */
export type IdempotencyRecord =
  /** The token is this run's alone: who lost the key cannot take it for another's. */
  | { readonly state: 'running'; readonly fingerprint: string; readonly token: string }
  | { readonly state: 'kept'; readonly fingerprint: string; readonly response: KeptResponse }
  | { readonly state: 'unkept'; readonly fingerprint: string };

/** As much of a response as is sent again. */
export interface KeptResponse {
  readonly status: number;
  readonly headers: readonly Field[];
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** The headers of a response that are kept. */
export function keptHeaders(headers: Headers): readonly Field[] {
  return KEPT_HEADERS.flatMap((name): readonly Field[] => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  });
}

/** Writes a record down as a JSON list: the version first, then what {@linkcode parseRecord} reads. */
export function formatRecord(record: IdempotencyRecord): string {
  const head = [VERSION, record.state, record.fingerprint];
  if (record.state === 'running') return JSON.stringify([...head, record.token]);
  if (record.state === 'unkept') return JSON.stringify(head);
  const { status, headers, body } = record.response;
  // Base64url for text too: a body need not be UTF-8, and escapes would make six characters of one.
  return JSON.stringify([...head, status, headers, body === null ? null : encodeBase64Url(body)]);
}

/** Reads a record; undefined for whatever none of us wrote: nobody can decide with that. */
export function parseRecord(text: string): IdempotencyRecord | undefined {
  const [version, state, fingerprint, ...rest] = readList(text);
  if (version !== VERSION || typeof fingerprint !== 'string') return undefined;
  const [first] = rest;
  if (state === 'running') return typeof first === 'string' ? { state, fingerprint, token: first } : undefined;
  if (state === 'unkept') return { state, fingerprint };
  const response = state === 'kept' ? readResponse(rest) : undefined;
  return response && { state: 'kept', fingerprint, response };
}

/** Makes the response again, and says that it is one. */
export function replay({ status, headers, body }: KeptResponse): Response {
  const response = new Response(body, { status });
  for (const [name, value] of headers) response.headers.set(name, value);
  response.headers.set(REPLAYED_HEADER, 'true');
  return response;
}

function readList(text: string): readonly unknown[] {
  try {
    const value = parseJson(text, JSON_LIMITS);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function readResponse([status, headers, text]: readonly unknown[]): KeptResponse | undefined {
  // What the platform would throw for: it makes no response of such a status.
  if (typeof status !== 'number' || !Number.isInteger(status) || status < 200 || status > 499) return undefined;
  if (!Array.isArray(headers) || !headers.every(isKeptField)) return undefined;
  if (text === null) return { status, headers, body: null };
  const body = typeof text === 'string' && !isNullBody(status) ? decodeBase64Url(text) : undefined;
  return body && { status, headers, body };
}

/** A name that we keep, and a value that ends where it ends: whoever can write to the store must not set cookies with it, or split a response. */
function isKeptField(field: unknown): field is Field {
  if (!Array.isArray(field)) return false;
  const [name, value]: readonly unknown[] = field;
  return typeof name === 'string' && KEPT_HEADERS.includes(name) &&
    typeof value === 'string' && /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}

function isNullBody(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}
