import { Refusal } from '../core/refusal.ts';
import { type JsonValue, parseJson } from '../encoding/json.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';
import { readStream } from '../net/stream.ts';
import type { JwtAlgorithm } from './algorithm.ts';
import { importJwk } from './import-jwk.ts';
import type { Jwk } from './jwk.ts';
import type { JwtKey } from './key.ts';
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

/** Deep enough for any JWKS, whose certificates are a list in a key in a list. */
const MAX_DEPTH = 8;

/**
 * Fetches a JWKS document once and imports its keys. Keys that are not public signature keys of a supported algorithm are skipped:
 * a key server may serve encryption keys and algorithms of tomorrow beside them. Whatever it throws is the cause of a refusal.
 */
export async function fetchJwks(source: JwksSource): Promise<readonly JwtKey[]> {
  const controller = new AbortController();
  try {
    // The signal frees the socket. The race is there besides, because not every `fetch` that can be passed in heeds the signal.
    return await withDeadline(load(source, controller.signal), source.timeoutMs);
  } catch (cause) {
    controller.abort();
    throw cause;
  }
}

/** Settles as the work does, or refuses after a time. */
export async function withDeadline<T>(work: Promise<T>, timeoutMs: number): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const deadline = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(unavailable('did not answer in time')), timeoutMs);
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}

async function load(source: JwksSource, signal: AbortSignal): Promise<readonly JwtKey[]> {
  // Called by itself: workerd's own fetch refuses to be anybody's method ("Illegal invocation").
  const { fetch } = source;
  const response = await fetch(source.url, {
    headers: { accept: 'application/jwk-set+json, application/json' },
    // A redirect could lead inside our network or to plain http. `manual` and not `error`, which workerd does not have.
    redirect: 'manual',
    signal,
  });
  // A `fetch` that does not heed the signal can answer when all is over, and the body would then be read without a deadline.
  if (response.status !== 200 || signal.aborted) {
    // Nobody waits for the cancellation of a body that nobody wants.
    response.body?.cancel().catch(() => undefined);
    throw unavailable(`answered with status ${response.status}`);
  }
  const text = decodeUtf8(await readBytes(response, source, signal));
  if (text === undefined) throw unavailable('answered with text that is not UTF-8');
  const listed = readKeys(parseJson(text, { maxLength: source.maxBytes, maxDepth: MAX_DEPTH }));
  if (listed.length > source.maxKeys) throw unavailable(`answered with more than ${source.maxKeys} keys`);
  const imported = await Promise.all(listed.map((jwk) => importUsable(jwk, source.defaultAlgorithm)));
  return imported.filter((key) => key !== undefined);
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

async function importUsable(jwk: JsonValue, defaultAlgorithm: JwtAlgorithm | undefined): Promise<JwtKey | undefined> {
  // A private key that somebody published is everybody's key: nothing it signed is worth anything.
  if (!isObject(jwk) || Object.hasOwn(jwk, 'd')) return undefined;
  const bind = defaultAlgorithm !== undefined && !Object.hasOwn(jwk, 'alg');
  try {
    // importJwk checks every member it reads, whatever the type says.
    return await importJwk(jwk as Jwk, bind ? { algorithm: defaultAlgorithm } : {});
  } catch {
    return undefined;
  }
}

function unavailable(what: string): Refusal {
  return new Refusal('key_set_unavailable', { message: `The key server ${what}.` });
}
