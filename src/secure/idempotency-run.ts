import { isLate } from '../core/deadline.ts';
import { isRefusal, Refusal } from '../core/refusal.ts';
import { claim } from '../store/claim.ts';
import { drop, swap } from '../store/swap.ts';
import { formatRecord, type IdempotencyRecord, keptHeaders, type KeptResponse } from './idempotency-record.ts';
import type { KeyedStore } from './idempotency-store.ts';
import { type ReadResponse, readResponseBody } from './response-body.ts';

/** What became of a response. */
export interface IdempotencyCompletion {
  /** To be sent in the place of the handler's, whose body has been read. */
  readonly response: Response;
  /** Whether a retry will get it. */
  readonly kept: boolean;
  /** Why the store could not remember: store_unavailable. The response is the client's all the same. */
  readonly refusal: Refusal | undefined;
}

/** The first request with its key. One of the three is to be called, once; what is called later does nothing. */
export interface IdempotencyRun {
  /** The handler may run. */
  readonly first: true;
  /**
   * Keeps what the handler answered, before it is sent. It rejects with what the body fails with, as if the handler had thrown it, and the key is
   * free then. It never rejects because of the store.
   */
  readonly complete: (response: Response) => Promise<IdempotencyCompletion>;
  /** Keeps the key without a response: the handler ran, and what it answered cannot be sent. Retries get 409. Resolves as `abandon` does. */
  readonly forgo: () => Promise<Refusal | undefined>;
  /** Gives the key back: the handler threw. Resolves with store_unavailable where that could not be done, and the claim lapses by itself. */
  readonly abandon: () => Promise<Refusal | undefined>;
}

/** What `begin` answers: that this request is the first with its key, and what to tell afterwards, or the first one's response. */
export type IdempotencyStart =
  | IdempotencyRun
  | {
    /** The handler must not run. */
    readonly first: false;
    /** The response of the first request, with `Idempotency-Replayed: true`. */
    readonly replay: Response;
  };

/** What a run is made of. */
export interface IdempotencyRunParts {
  readonly ask: KeyedStore;
  readonly place: string;
  readonly fingerprint: string;
  /** The record that the claim wrote. */
  readonly running: string;
  readonly ttlMs: number;
  readonly maxBytes: number;
}

/** With these a handler says that it did nothing, and asks for the same request again (RFC 9110 section 15.5.9, RFC 8470, RFC 6585). */
const RETRY_STATUSES: readonly number[] = [408, 425, 429];
/** A body that is not there by then is a stream: nobody may wait for its end. */
const BODY_TIMEOUT_MS = 2000;

/** Makes the run of whoever has claimed a key. */
export function createIdempotencyRun(parts: IdempotencyRunParts): IdempotencyRun {
  const { ask, place, fingerprint, running, ttlMs, maxBytes } = parts;
  let settled = false;

  async function release(): Promise<Refusal | undefined> {
    try {
      await ask(drop, place, { expected: running });
      return undefined;
    } catch (error) {
      return storeRefusal(error);
    }
  }

  /** Writes in the place of our claim, and of nobody else's; tells whether that stands there now. */
  async function write(record: IdempotencyRecord): Promise<boolean> {
    const value = formatRecord(record);
    const { ok, result } = await ask(swap, place, { expected: running, value, ttlMs });
    if (ok || result === value) return true;
    // The claim lapsed, and nobody has taken the key since.
    return result === null && (await ask(claim, place, { value, ttlMs })).ok;
  }

  async function remember(response: KeptResponse | undefined): Promise<Omit<IdempotencyCompletion, 'response'>> {
    let refusal: Refusal | undefined;
    if (response !== undefined) {
      try {
        return { kept: await write({ state: 'kept', fingerprint, response }), refusal };
      } catch (error) {
        refusal = storeRefusal(error);
        if (isLate(refusal)) return { kept: false, refusal };
        // Many a store has no room for so long a value. Without any, the handler would run again as soon as the claim lapses.
      }
    }
    try {
      await write({ state: 'unkept', fingerprint });
    } catch (error) {
      refusal ??= storeRefusal(error);
    }
    return { kept: false, refusal };
  }

  async function complete(response: Response): Promise<IdempotencyCompletion> {
    if (settled) return { response, kept: false, refusal: undefined };
    settled = true;
    const { status } = response;
    // 101 and a network error cannot even be rebuilt.
    if (status < 200 || status > 499 || RETRY_STATUSES.includes(status)) {
      return { response, kept: false, refusal: await release() };
    }
    const headers = keptHeaders(response.headers);
    const room = headers.reduce((bytes, [name, value]) => bytes - name.length - value.length, maxBytes);
    let read: ReadResponse = { response, body: undefined };
    if (room >= 0 && isReadable(response.headers)) {
      try {
        read = await readResponseBody(response, { maxBytes: room, timeoutMs: BODY_TIMEOUT_MS });
      } catch (error) {
        await release();
        throw error;
      }
    }
    const { body } = read;
    return { response: read.response, ...await remember(body === undefined ? undefined : { status, headers, body }) };
  }

  return Object.freeze({
    first: true,
    complete,
    async forgo(): Promise<Refusal | undefined> {
      if (settled) return undefined;
      settled = true;
      return (await remember(undefined)).refusal;
    },
    async abandon(): Promise<Refusal | undefined> {
      if (settled) return undefined;
      settled = true;
      return await release();
    },
  });
}

/** Tells whether a body is worth reading. Events end when the client goes; and who decodes a coded body differs between platforms, so that its bytes may be other ones. */
function isReadable(headers: Headers): boolean {
  return !headers.has('content-encoding') &&
    !(headers.get('content-type') ?? '').trimStart().toLowerCase().startsWith('text/event-stream');
}

function storeRefusal(cause: unknown): Refusal {
  return isRefusal(cause) ? cause : new Refusal('store_unavailable', { cause });
}
