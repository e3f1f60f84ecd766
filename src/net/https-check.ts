import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import type { Client } from './client.ts';
import { parseHost } from './host.ts';
import { hostListOption } from './host-list.ts';

/** Options of {@linkcode createHttpsCheck}. */
export interface HttpsCheckOptions {
  /** The hosts, written as for `createHostCheck`, to which a browser is redirected. Default: none, and everything is refused. */
  readonly redirectHosts?: readonly string[];
  /** Whether GET and HEAD of `/.well-known/acme-challenge/<token>` pass over http, for HTTP-01 validation. Default: false. */
  readonly acmeChallenges?: boolean;
}

/** A compiled check. */
export interface HttpsCheck {
  /** Returns a refusal for a request that did not come over https, else undefined. */
  readonly check: (request: Request, client: Client) => Refusal | undefined;
  /** Returns a redirect to https where one is safe and leads somewhere, else undefined: ask `check` then. */
  readonly redirect: (request: Request, client: Client) => Response | undefined;
}

const ACTION = 'create https check';
// The token is base64url (RFC 8555 section 8.3): nothing else hides behind the path.
const ACME = /^\/\.well-known\/acme-challenge\/[A-Za-z0-9_-]+$/;
/** A path, and nothing that a header cannot hold. */
const TARGET = /^\/[\x21-\x7e]*$/;

/**
 * Compiles the demand for https. It refuses; a redirect is an option for what people type into browsers, because a program that is
 * redirected sends its credentials in clear again and again, and nobody notices.
 *
 * It believes the scheme that `createClientResolver` found, and no header by itself (Deno itself believes a client that writes `https:` into
 * an absolute request target: close the plain port there, or put a proxy in front). A redirect is for GET and HEAD without
 * `Authorization` or `Upgrade`, to a listed host on https' own port; there is none where the scheme is not certain, because behind a
 * proxy that is not configured it would lead back to itself for ever.
 *
 * @param options redirects, and ACME challenges
 * @returns the check, whose refusal is https_required (403)
 * @throws {TypeError} for an unknown option, or a host that is not in its one spelling
 * @see RFC 9110 section 15.4.9, OWASP REST Security Cheat Sheet (HTTPS)
 *
 * @example
 * ```ts
 * import { createClientResolver, createHttpsCheck } from 'sallyport/net';
 *
 * const https = createHttpsCheck({ redirectHosts: ['example.com'] });
 * const request = new Request('http://example.com/a?b');
 * const client = createClientResolver().resolve(request, '192.0.2.1');
 * console.log(https.redirect(request, client)?.headers.get('location')); // https://example.com/a?b
 * ```
 */
export function createHttpsCheck(options: HttpsCheckOptions = {}): HttpsCheck {
  refuseUnknownOptions(ACTION, options, ['redirectHosts', 'acmeChallenges']);
  const { redirectHosts, acmeChallenges = false } = options;
  const isListed = redirectHosts === undefined ? undefined : hostListOption(ACTION, 'redirectHosts', redirectHosts);
  const letsAcmePass = booleanOption(ACTION, 'acmeChallenges', acmeChallenges);

  function isRefused(request: Request, client: Client): boolean {
    const isProved = client.scheme === 'https' && client.isSchemeKnown;
    return !isProved && !(letsAcmePass && isSafe(request) && ACME.test(targetOf(request.url)));
  }

  return Object.freeze({
    check(request: Request, client: Client): Refusal | undefined {
      return isRefused(request, client) ? new Refusal('https_required') : undefined;
    },
    redirect(request: Request, client: Client): Response | undefined {
      const host = parseHost(client.host ?? '');
      const target = targetOf(request.url);
      if (
        isListed === undefined || host === undefined || !isListed(host, 'http') || !isRefused(request, client) ||
        !mayRedirect(request, client) || !TARGET.test(target)
      ) return undefined;
      // Texts, never resolved: `new URL('//evil.example', base)` would leave the host. No cache may keep what was said in clear.
      return new Response(null, {
        status: 308,
        headers: { 'location': `https://${host.name}${target}`, 'cache-control': 'no-store' },
      });
    },
  });
}

/** Whether a redirect sends nothing again that is secret, and leads to a place that is not here. */
function mayRedirect(request: Request, client: Client): boolean {
  const { headers } = request;
  if (!isSafe(request) || headers.has('authorization') || headers.has('upgrade') || !client.isSchemeKnown) return false;
  // A proxy that is not trusted ends the TLS, says it, and will again.
  const proto = headers.get('x-forwarded-proto');
  return client.isProxied || (!headers.has('forwarded') && (proto === null || proto === 'http'));
}

function isSafe({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Path and query as the URL spells them. */
function targetOf(url: string): string {
  return /^https?:\/\/[^/?#]*(\/[^#]*)/.exec(url)?.[1] ?? '';
}
