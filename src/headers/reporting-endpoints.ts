import { serializeDictionary } from '../net/structured-field-serialize.ts';

const ACTION = 'format reporting endpoints';
/** The path of this origin: not `//host`, and nothing that a parser would read as another path. */
const PATH = /^\/(?:[A-Za-z0-9._~!$&()*+,;=:@%?-][A-Za-z0-9._~!$&()*+,;=:@%/?-]*)?$/;

/**
 * Formats `Reporting-Endpoints`. Reports hold URLs of your pages and pieces of their content: send them only to whom you trust with both.
 *
 * @param endpoints an https URL or a path for each name: `csp` is where the preset of `createHeaderPolicy` reports to, `default` where browsers
 * report what belongs to no policy
 * @returns the header's value, for `reporting` of `createHeaderPolicy`
 * @throws {TypeError} for no endpoints, a name that is not lower-case letters, digits and `_-.*`, or what is no such URL
 * @see Reporting API, RFC 9651 section 3.2
 *
 * @example
 * ```ts
 * import { createHeaderPolicy, formatReportingEndpoints } from 'sallyport/headers';
 *
 * const reporting = formatReportingEndpoints({ csp: 'https://reports.example/csp' });
 * createHeaderPolicy({ reporting });
 * console.log(reporting); // csp="https://reports.example/csp"
 * ```
 */
export function formatReportingEndpoints(endpoints: Readonly<Record<string, string>>): string {
  const members = Object.entries(endpoints).map(([name, url]) => {
    if (!/^[a-z*][a-z0-9_.*-]*$/.test(name)) throw new TypeError(`Cannot ${ACTION}: a name must be in lower case.`);
    if (!isEndpoint(url)) {
      throw new TypeError(
        `Cannot ${ACTION}: ${name} must be an https URL with its path, as browsers write it, or a path.`,
      );
    }
    return [name, { type: 'string', value: url }] as const;
  });
  if (members.length === 0) throw new TypeError(`Cannot ${ACTION}: there are none.`);
  return serializeDictionary(new Map(members));
}

function isEndpoint(url: unknown): url is string {
  if (typeof url !== 'string') return false;
  if (PATH.test(url)) return true;
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  // Browsers ignore what is not https. Written as it is parsed, it is read alike by everybody.
  return parsed?.protocol === 'https:' && parsed.href === url && parsed.username + parsed.password + parsed.hash === '';
}
