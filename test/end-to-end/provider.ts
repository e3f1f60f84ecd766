import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { vi } from 'vitest';

/** What its metadata says (OpenID Connect Discovery 1.0 section 3), as far as it is used here. */
export interface Metadata {
  readonly issuer: string;
  readonly jwks_uri: string;
  readonly authorization_endpoint: string;
  readonly token_endpoint: string;
}

/** An OpenID provider that nobody here wrote, on a port of this machine. */
export interface OpenIdProvider {
  /** What it publishes about itself, fetched. */
  readonly metadata: Metadata;
  /** Asks its token endpoint. */
  readonly exchange: (form: Readonly<Record<string, string>>, headers?: HeadersInit) => Promise<Answer>;
  /** Goes through its sign-in as a browser does, and returns what it then sends to the client. */
  readonly signIn: (request: Readonly<Record<string, string>>) => Promise<URLSearchParams>;
  readonly stop: () => Promise<void>;
}

/** An answer of the token endpoint, whatever it is. */
export interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The algorithms that it signs with; each has a key of its own. */
export const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'Ed25519', 'EdDSA'] as const;
export const REDIRECT_URI = 'https://shop.test/callback';
/** The one client without a user. */
export const MACHINE: Readonly<Record<string, string>> = {
  client_id: 'machine',
  client_secret: 'a-secret-of-nobody',
  grant_type: 'client_credentials',
};

const RSA = { modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' };
const MAX_REDIRECTS = 12;

/** The API of a test; each signs its access tokens with the algorithm that ends its name. */
export function apiOf(algorithm: string): string {
  return `https://api.test/${algorithm}`;
}

/** The client whose ID tokens are signed with an algorithm. */
export function clientOf(algorithm: string): string {
  return `shop-${algorithm}`;
}

/** Starts a provider; without `named`, its RSA key does not say which algorithm it is for, as many a real one does not. */
export async function startProvider({ named = true }: { readonly named?: boolean } = {}): Promise<OpenIdProvider> {
  const { Provider } = await loadPackage();
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  const issuer = `http://127.0.0.1:${port}`;
  const keys = named ? await Promise.all(ALGORITHMS.map(makeKey)) : [{ ...await makeKey('RS256'), alg: undefined }];
  server.on('request', new Provider(issuer, configure(keys)).callback());
  const metadata: Metadata = await (await fetch(`${issuer}/.well-known/openid-configuration`)).json();

  async function exchange(form: Readonly<Record<string, string>>, headers: HeadersInit = {}): Promise<Answer> {
    const response = await fetch(metadata.token_endpoint, { method: 'POST', body: new URLSearchParams(form), headers });
    return { status: response.status, body: await response.json() };
  }

  async function signIn(request: Readonly<Record<string, string>>): Promise<URLSearchParams> {
    const query = new URLSearchParams({ redirect_uri: REDIRECT_URI, scope: 'openid', ...request });
    return await browse(new URL(`${metadata.authorization_endpoint}?${query}`));
  }

  async function stop(): Promise<void> {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }

  return { metadata, exchange, signIn, stop };
}

/** It reminds everybody who starts it of what a real deployment would change. */
async function loadPackage(): Promise<typeof import('oidc-provider')> {
  vi.spyOn(console, 'info').mockReturnValue();
  vi.spyOn(console, 'warn').mockReturnValue();
  // All that it needs and the oldest Node that we support lacks.
  if (!('parse' in URL)) {
    const parse = (text: string): URL | null => URL.canParse(text) ? new URL(text) : null;
    Object.defineProperty(URL, 'parse', { value: parse, configurable: true });
  }
  return await import('oidc-provider');
}

function configure(keys: readonly object[]): object {
  const clients = ALGORITHMS.slice(0, keys.length).map((algorithm) => ({
    client_id: clientOf(algorithm),
    redirect_uris: [REDIRECT_URI],
    response_types: ['code', 'code id_token token'],
    grant_types: ['authorization_code', 'implicit'],
    token_endpoint_auth_method: 'none',
    id_token_signed_response_alg: algorithm,
  }));
  const { client_id, client_secret, grant_type } = MACHINE;
  const machine = { client_id, client_secret, redirect_uris: [], response_types: [], grant_types: [grant_type] };
  return {
    jwks: { keys },
    clients: [...clients, { ...machine, token_endpoint_auth_method: 'client_secret_post' }],
    responseTypes: ['code', 'code id_token token'],
    cookies: { keys: ['signs-the-cookies'] },
    features: {
      clientCredentials: { enabled: true },
      resourceIndicators: { enabled: true, getResourceServerInfo: describeApi, useGrantedResource: () => true },
    },
    findAccount: (_context: unknown, accountId: string) => ({ accountId, claims: () => ({ sub: accountId }) }),
  };
}

/** RFC 8707: for an API that asked for them, its access tokens are JWTs. */
function describeApi(_context: unknown, api: string): object {
  const alg = api.slice(api.lastIndexOf('/') + 1);
  return { scope: 'orders:read', audience: api, accessTokenTTL: 300, accessTokenFormat: 'jwt', jwt: { sign: { alg } } };
}

async function makeKey(algorithm: (typeof ALGORITHMS)[number]): Promise<object> {
  const params = {
    RS256: { name: 'RSASSA-PKCS1-v1_5', ...RSA },
    PS256: { name: 'RSA-PSS', ...RSA },
    ES256: { name: 'ECDSA', namedCurve: 'P-256' },
    Ed25519: { name: 'Ed25519' },
    EdDSA: { name: 'Ed25519' },
  }[algorithm];
  const { privateKey } = await generate(params);
  const { key_ops: _ops, ext: _ext, ...jwk } = await crypto.subtle.exportKey('jwk', privateKey);
  return { ...jwk, kid: `key-${algorithm}`, use: 'sig', alg: algorithm };
}

async function generate(params: { readonly name: string }): Promise<{ readonly privateKey: CryptoKey }> {
  const made = await crypto.subtle.generateKey(params, true, ['sign', 'verify']);
  if (!('privateKey' in made)) throw new Error(`${params.name} makes no pair.`);
  return made;
}

/** A browser: it follows redirects, keeps cookies, signs in as ada, consents, and stops where the provider sends it back to the client. */
async function browse(start: URL): Promise<URLSearchParams> {
  const jar = new Map<string, string>();
  let [url, prompt] = [start, ''];
  for (let step = 0; step < MAX_REDIRECTS; step++) {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const form = new URLSearchParams({ prompt, login: 'ada', password: 'any' });
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(prompt === '' ? {} : { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [pair = ''] = line.split(';');
      jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1));
    }
    const page = await response.text();
    const location = response.headers.get('location');
    prompt = '';
    if (location === null) prompt = /name="prompt" value="(\w+)"/.exec(page)?.[1] ?? fail(response.status, page);
    else url = new URL(location, url);
    if (url.href.startsWith(REDIRECT_URI)) return new URLSearchParams(url.hash === '' ? url.search : url.hash.slice(1));
  }
  return fail(0, 'The provider redirects for ever.');
}

function fail(status: number, page: string): never {
  throw new Error(`The provider answered ${status}: ${page}`);
}
