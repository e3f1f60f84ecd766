import { stringListOption } from '../core/option.ts';
import { DEFAULT_PORTS, type Host, parseHost } from './host.ts';

/** Tells whether a host that was asked for over a scheme is on the list. */
export type HostList = (host: Host, scheme: 'http' | 'https') => boolean;

/**
 * Compiles a list of hosts: `api.example.com`, `api.example.com:8443`, `*.example.com`. A lookup takes as long for a thousand as for one.
 *
 * @param action what was to be done, for the message
 * @param name the option's name
 * @param value the option as the caller gave it
 * @returns the compiled list
 * @throws {TypeError} for what is no host in its one spelling, or a wildcard that stands for more than the first of three labels
 */
export function hostListOption(action: string, name: string, value: unknown): HostList {
  const hosts = new Set(stringListOption(action, name, value));
  for (const text of hosts) {
    const wildcard = text.startsWith('*.');
    const host = parseHost(wildcard ? text.slice(2) : text);
    const spelled = host && `${wildcard ? '*.' : ''}${host.name}${host.port === undefined ? '' : `:${host.port}`}`;
    if (spelled !== text) {
      throw new TypeError(
        `Cannot ${action}: ${name} must be hosts in lower case, such as api.example.com, *.example.com, or localhost:8080.`,
      );
    }
    // `*.com` would be anybody, and an address has no labels.
    if (wildcard && !/^[^.]+\..*[a-z]/.test(host?.name ?? '')) {
      throw new TypeError(`Cannot ${action}: ${name} must have two labels or more behind a wildcard.`);
    }
  }
  return (host, scheme) => {
    const port = host.port ?? DEFAULT_PORTS[scheme];
    const hasEither = (name: string): boolean =>
      hosts.has(`${name}:${port}`) || (port === DEFAULT_PORTS[scheme] && hosts.has(name));
    // A wildcard stands for exactly one label, so that there is one text to look up.
    return hasEither(host.name) || hasEither(`*${host.name.slice(host.name.indexOf('.'))}`);
  };
}
