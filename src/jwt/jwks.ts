import { withDeadline } from '../core/deadline.ts';
import { Refusal } from '../core/refusal.ts';
import { type JsonValue, parseJson } from '../encoding/json.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';
import { readStream } from '../net/stream.ts';
import type { JwtAlgorithm } from './algorithm.ts';
import { readMaxAge } from './cache-control.ts';
import { importJwksKeys, type JwksKeys } from './jwks-keys.ts';
import { isObject, own } from './parse.ts';

/** The part of `fetch` that is used here. */
export type JwksFetch = (url: string, init: RequestInit) => Promise<Response>;

/** Where a JWKS is and how much of it is taken. */
export interface JwksSource {
  readonly url: string;
  readonly fetch: JwksFetch;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly maxKeys: number;
  readonly defaultAlgorithm: JwtAlgorithm | undefined;
}

/** What a fetch brought. */
export interface Jwks {
  /** The keys that are of use, in their order. */
  readonly keys: JwksKeys;
  /** For how many more seconds the server says that it is fresh. */
  readonly maxAgeSeconds: number | undefined;
}

/** Deep enough for any JWKS, whose certificates are a list in a key in a list. */
const MAX_DEPTH = 8;

/**
 * Fetches a JWKS document once and imports those of its keys that are not known already. Whatever it throws is the cause of a refusal.
 *
 * The media type is not looked at: servers call a JWKS many things, and what is none is refused for what it holds.
 */
export async function fetchJwks(source: JwksSource, known: JwksKeys): Promise<Jwks> {
  const controller = new AbortController();
  try {
    // The signal frees the socket. The race is there besides, because not every `fetch` that can be passed in heeds the signal.
    return await withDeadline(load(source, known, controller.signal), source.timeoutMs, tooLate);
  } catch (cause) {
    controller.abort();
    throw cause;
  }
}

async function load(source: JwksSource, known: JwksKeys, signal: AbortSignal): Promise<Jwks> {
  // Called by itself: workerd's own fetch refuses to be anybody's method ("Illegal invocation").
  const { fetch } = source;
  const response = await fetch(source.url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    // A redirect could lead inside our network or to plain http. `manual` and not `error`, which workerd does not have.
    redirect: 'manual',
    signal,
  });
  // A `fetch` that does not heed the signal can answer when all is over, and the body would then be read without a deadline.
  // One that follows redirects all the same says so.
  if (response.status !== 200 || response.redirected || signal.aborted) {
    // Nobody waits for the cancellation of a body that nobody wants.
    response.body?.cancel().catch(() => undefined);
    throw unavailable(`answered with status ${response.status}${response.redirected ? ' after a redirect' : ''}`);
  }
  const text = decodeUtf8(await readBytes(response, source, signal));
  if (text === undefined) throw unavailable('answered with text that is not UTF-8');
  const listed = readKeys(parseJson(text, { maxLength: source.maxBytes, maxDepth: MAX_DEPTH }));
  if (listed.length > source.maxKeys) throw unavailable(`answered with more than ${source.maxKeys} keys`);
  const keys = await importJwksKeys(listed, known, source.defaultAlgorithm);
  return { keys, maxAgeSeconds: readMaxAge(response.headers) };
}

async function readBytes(response: Response, source: JwksSource, signal: AbortSignal): Promise<Uint8Array> {
  if (response.body === null) return new Uint8Array(0);
  try {
    return await readStream(response.body, { maxBytes: source.maxBytes, timeoutMs: source.timeoutMs, signal });
  } catch (cause) {
    const message = `The key server answered with a body that broke off or is larger than ${source.maxBytes} bytes.`;
    throw new Refusal('key_set_unavailable', { message, cause });
  }
}

function readKeys(document: JsonValue): readonly JsonValue[] {
  const keys: unknown = isObject(document) ? own(document, 'keys') : undefined;
  if (!Array.isArray(keys)) throw unavailable('answered with JSON that is no JWKS');
  return keys;
}

function tooLate(): Refusal {
  return unavailable('did not answer in time');
}

function unavailable(what: string): Refusal {
  return new Refusal('key_set_unavailable', { message: `The key server ${what}.` });
}
