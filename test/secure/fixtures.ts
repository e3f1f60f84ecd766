import { Refusal } from '../../src/core/refusal.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';

export const ORIGIN = 'https://api.test';
export const PEER = { peerAddress: '192.0.2.1' };

/** The least policy. Fields, not a `Policy`: spreading one of those would carry its types along. */
export const open = { methods: ['GET'], auth: 'public' } as const;
/** For policies whose errors are meant: nothing on the console. */
export const quiet = { onError: (): void => undefined };

export const ok = (): Response => Response.json({ ok: true });

/** The `code` of a problem document. */
export async function codeOf(response: Response): Promise<string> {
  const problem: unknown = await response.json();
  return problem !== null && typeof problem === 'object' ? String(Reflect.get(problem, 'code')) : '';
}

const TOKENS: ReadonlyMap<string, Readonly<Record<string, unknown>>> = new Map([
  ['reader', { iss: 'https://issuer.test', sub: 'alice', scope: 'orders:read' }],
  ['writer', { iss: 'https://issuer.test', sub: 'bob', scope: 'orders:read orders:write' }],
  ['nobody', { iss: 'https://issuer.test', scope: 'orders:read' }],
]);

/** A bearer authenticator whose tokens are names, and how often it was asked. */
export function bearer(): { readonly auth: ReturnType<typeof createBearerAuth>; readonly verified: string[] } {
  const verified: string[] = [];
  const auth = createBearerAuth({
    realm: 'api',
    verify: (token): { readonly claims: Readonly<Record<string, unknown>> } => {
      verified.push(token);
      const claims = TOKENS.get(token);
      if (claims === undefined) throw new Refusal('jwt_signature_invalid');
      return { claims };
    },
  });
  return { auth, verified };
}

export function get(path = '/', headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`${ORIGIN}${path}`, { headers });
}

export function as(token: string): Readonly<Record<string, string>> {
  return { authorization: `Bearer ${token}` };
}

export function post(body: string, headers: Readonly<Record<string, string>> = {}): Request {
  return new Request(`${ORIGIN}/`, {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  });
}
