import {
  createRemoteKeySet,
  exportPublicJwk,
  generateJwtKeyPair,
  type JwksFetch,
  type RemoteKeySet,
  type RemoteKeySetOptions,
} from '../../src/jwt/index.ts';
import { NOW_SECONDS } from './forge.ts';

export const URL_OF_KEYS = 'https://id.test/jwks';

export type Answer = () => Response | Promise<Response>;

export interface KeyServer {
  readonly set: RemoteKeySet;
  /** How often it was fetched. */
  readonly fetches: () => number;
  readonly requests: readonly (readonly [string, RequestInit])[];
  readonly answer: (next: Answer) => void;
  readonly pass: (seconds: number) => void;
}

/** A key server that lives in a function, and a set that fetches from it under a clock of its own. */
export function serve(first: Answer, options: RemoteKeySetOptions = {}): KeyServer {
  let now = NOW_SECONDS * 1000;
  let current = first;
  const requests: (readonly [string, RequestInit])[] = [];
  const fetcher: JwksFetch = async (url, init) => {
    requests.push([url, init]);
    return await current();
  };
  return {
    set: createRemoteKeySet(URL_OF_KEYS, { fetch: fetcher, clock: () => now, ...options }),
    fetches: () => requests.length,
    requests,
    answer: (next) => void (current = next),
    pass: (seconds) => void (now += seconds * 1000),
  };
}

export async function makeJwk(kid: string): Promise<object> {
  return await exportPublicJwk((await generateJwtKeyPair('ES256', { keyId: kid })).publicKey);
}

export async function jwks(...kids: readonly string[]): Promise<Answer> {
  return json({ keys: await Promise.all(kids.map(makeJwk)) });
}

export function json(document: unknown): Answer {
  return () => new Response(JSON.stringify(document), { headers: { 'content-type': 'application/json' } });
}

export function down(): Promise<Response> {
  return Promise.reject(new TypeError('fetch failed'));
}

export async function ids(set: RemoteKeySet, kid: string | undefined): Promise<readonly (string | undefined)[]> {
  return (await set.find('ES256', kid)).map((key) => key.keyId);
}

/** Waits for what happens behind, where no request waits for it. */
export async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  for (let look = 0; look < 400; look++) {
    if (await holds()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error('It did not happen.');
}

/** Lets a fetch that runs behind end, where the server answers at once. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 20));
}
