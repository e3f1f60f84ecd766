import { refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';
import type { Client } from './client.ts';
import { canonicalHost, parseHost, splitUrl } from './host.ts';
import { hostListOption } from './host-list.ts';

/** Options of {@linkcode createHostCheck}. */
export interface HostCheckOptions {
  /**
   * The hosts that are served: `api.example.com`, one label before a domain as `*.example.com`, and with a port where it is not the
   * scheme's own: `localhost:8080`. No default: it must be said.
   */
  readonly hosts: readonly string[];
}

/** A compiled check. */
export interface HostCheck {
  /** Returns a refusal for a request to another host, or to two; else undefined. Pass the client where proxies may name the host. */
  readonly check: (request: Request, client?: Client) => Refusal | undefined;
}

const ACTION = 'create host check';

/**
 * Compiles which hosts are served: whoever makes a server believe in another name poisons links, caches and redirects.
 *
 * `Host` and the URL of the request must agree, or two hops serve two hosts. Names are compared in lower case and without one trailing
 * dot, ports as numbers. `X-Forwarded-Host` counts only as `createClientResolver` found it. The refusal says nothing of the
 * host that was asked for.
 *
 * @param options the hosts
 * @returns the check, whose refusals are host_not_allowed (421), and request_malformed (400) for a host that is none or contradicts the URL
 * @throws {TypeError} for an unknown option, or a host that is not in its one spelling
 * @see RFC 9110 sections 4.2.3, 7.2, 7.4
 *
 * @example
 * ```ts
 * import { createHostCheck } from 'sallyport/net';
 *
 * const hosts = createHostCheck({ hosts: ['api.example.com', '*.preview.example.com'] });
 * console.log(hosts.check(new Request('https://evil.example/'))?.code); // host_not_allowed
 * ```
 */
export function createHostCheck(options: HostCheckOptions): HostCheck {
  refuseUnknownOptions(ACTION, options, ['hosts']);
  const isServed = hostListOption(ACTION, 'hosts', options.hosts);
  return Object.freeze({
    check(request: Request, client?: Client): Refusal | undefined {
      const { scheme, authority } = splitUrl(request.url);
      const own = canonicalHost(authority, scheme);
      const named = request.headers.get('host');
      if (named !== null && canonicalHost(named, scheme) !== own) return new Refusal('request_malformed');
      const host = parseHost((client === undefined ? own : client.host) ?? '');
      if (own === undefined || host === undefined) return new Refusal('request_malformed');
      return isServed(host, client?.scheme ?? scheme) ? undefined : new Refusal('host_not_allowed');
    },
  });
}
