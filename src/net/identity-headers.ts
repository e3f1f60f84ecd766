/**
 * What authenticating proxies, gateways and frameworks tell servers behind them: families first, then names. Also with underscores: who
 * makes variables of names (CGI, WSGI) takes one for the other.
 */
const IDENTITY =
  /^(?:(?:x[-_](?:middleware|internal|auth[-_]request|authenticated|authentik|consumer|goog[-_]authenticated[-_]user|ms[-_]client[-_]principal|remote[-_]extra|webauth)|cf[-_]access[-_]authenticated[-_]user|tailscale[-_]user)(?:[-_]|$)|(?:(?:x[-_])?remote[-_](?:user|name|email|groups?)|x[-_]user(?:[-_](?:id|name|email|roles?|groups?))?|x[-_]forwarded[-_](?:user|email|groups|preferred[-_]username|access[-_]token))$)/;

/**
 * Takes away the headers by which frameworks, gateways and authenticating proxies tell a server behind them who the user is, or that a check was
 * done already: whoever can reach the server itself can write them, too. Call it for what did not come through a proxy of yours that replaces them.
 *
 * Looked for are, in any case and with `_` for `-`: `x-middleware-*`, `x-internal-*`, `x-auth-request-*`, `x-authenticated-*`, `x-authentik-*`, `x-consumer-*`,
 * `x-goog-authenticated-user-*`, `x-ms-client-principal*`, `x-remote-extra-*`, `x-webauth-*`, `cf-access-authenticated-user-*`, `tailscale-user-*`;
 * `remote-` and `x-remote-user`, `-name`, `-email`, `-group(s)`; `x-user`, `x-user-id`, `-name`, `-email`, `-role(s)`, `-group(s)`;
 * `x-forwarded-user`, `-email`, `-groups`, `-preferred-username`, `-access-token`. No others: not signed assertions, which are verified, not forwarding
 * headers (`createClientResolver`), not client certificates, and none of your own naming.
 *
 * @param request any; where one of them is found its body moves on to the answer, and what a runtime keeps beside its own object (its peer's
 *   address, NextRequest's cookies) is read of it before
 * @returns the same request where none is there; else another with the same method, URL, body, signal and other headers
 * @throws {TypeError} where one is there and the body has been read
 * @see OWASP Authentication Cheat Sheet; RFC 9110 section 7.6.1 lets no proxy take away what it does not know
 *
 * @example
 * ```ts
 * import { stripIdentityHeaders } from 'sallyport/net';
 *
 * const request = new Request('https://api.test/', { headers: { 'x-user-id': 'admin', 'accept': 'text/csv' } });
 * console.log([...stripIdentityHeaders(request).headers.keys()]); // ['accept']
 * ```
 */
export function stripIdentityHeaders(request: Request): Request {
  let found: string[] | undefined;
  // Not `for … of`: Deno takes 27 µs to iterate over 15 fresh headers, and 2 this way; Node takes 1.3 to 2.4 either way, as 14 calls of `has` do.
  request.headers.forEach((_value, name) => {
    if (IDENTITY.test(name)) (found ??= []).push(name);
  });
  if (found === undefined) return request;
  const headers = new Headers(request.headers);
  for (const name of found) headers.delete(name);
  return new Request(request, { headers });
}
