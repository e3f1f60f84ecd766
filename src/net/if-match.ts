import { booleanOption, functionOption, refuseUnknownOptions } from '../core/option.ts';
import { Refusal } from '../core/refusal.ts';

/** Options of {@linkcode createIfMatch}. */
export interface IfMatchOptions<Resource> {
  /** Tells the version of a resource: a row version, a hash; printable ASCII without spaces or `"`. Undefined where it has none: then only `*` matches. */
  readonly versionOf: (resource: Resource) => string | undefined;
  /** Whether requests that change something must name the version they change. Default: false. */
  readonly required?: boolean;
}

/** What must hold of a resource before a request is carried out. */
export interface Precondition<in Resource> {
  /** Returns a refusal where the precondition does not hold, else undefined. */
  readonly check: (request: Request, resource: Resource) => Refusal | undefined;
}

const ACTION = 'create If-Match';
/** RFC 9110 section 8.8.3, without what is above ASCII, which no two systems decode alike. */
const VERSION = /^[!#-~]{1,1024}$/;
/** An element of the list; a comma may stand in a tag, and elements may be empty (section 5.6.1.2). */
const ELEMENT = /[\t ]*(?:(W\/)?("[!#-~\x80-\uffff]*")[\t ]*)?(?:,|$)/y;
const SAFE: ReadonlySet<string> = /* @__PURE__ */ new Set(['GET', 'HEAD', 'OPTIONS']);

/**
 * Compiles the check of `If-Match`: whoever changes a resource names the version that they saw, and nobody overwrites what they have not seen.
 *
 * It compares with what was loaded before, and between that and your write others write. So **the write itself must be conditional on the same
 * version** (`UPDATE … SET version = version + 1 WHERE id = ? AND version = ?`; no row: `precondition_failed`). Send the version with
 * {@linkcode formatEtag}. It reads no `If-None-Match`, and no dates: they are exact to a second. A policy asks it after `authorize`.
 *
 * Comparison is strong, so that a weak tag (`W/"1"`) matches nothing; `*` matches what was loaded, whatever its version.
 *
 * @param options where the version is found, and whether one must be named
 * @returns the check, whose refusals are precondition_failed (412), request_malformed (400) for what is no list of entity tags, and
 *   precondition_required (428) for other methods than GET, HEAD and OPTIONS without the header where it is required; it throws a TypeError where
 *   `versionOf` answers what is no version
 * @throws {TypeError} for an unknown option, or one of the wrong type
 * @see RFC 9110 sections 8.8.3 and 13.1.1; RFC 6585 section 3
 *
 * @example
 * ```ts
 * import { createIfMatch } from 'sallyport/net';
 *
 * const ifMatch = createIfMatch({ versionOf: (order: { version: number }) => String(order.version), required: true });
 * const request = new Request('https://api.test/orders/1', { method: 'PUT', headers: { 'if-match': '"6"' } });
 * console.log(ifMatch.check(request, { version: 7 })?.code); // precondition_failed
 * ```
 */
export function createIfMatch<Resource>(options: IfMatchOptions<Resource>): Precondition<Resource> {
  refuseUnknownOptions(ACTION, options, ['versionOf', 'required']);
  const { versionOf, required = false } = options;
  functionOption(ACTION, 'versionOf', versionOf);
  booleanOption(ACTION, 'required', required);
  return Object.freeze({
    check(request: Request, resource: Resource): Refusal | undefined {
      const field = request.headers.get('if-match');
      if (field === null) {
        return required && !SAFE.has(request.method) ? new Refusal('precondition_required') : undefined;
      }
      if (field === '*') return undefined;
      const version = versionOf(resource);
      const matches = hasTag(field, version === undefined ? undefined : formatEtag(version));
      if (matches === undefined) return new Refusal('request_malformed');
      return matches ? undefined : new Refusal('precondition_failed');
    },
  });
}

/**
 * Formats a version as a strong entity tag, for the `ETag` of a response: `7` is `"7"`.
 *
 * @param version 1 to 1,024 characters of printable ASCII without spaces or `"`; hash or encode what has others
 * @returns the value of `ETag`
 * @throws {TypeError} for any other version: another one would be sent than is compared
 * @see RFC 9110 section 8.8.3
 *
 * @example
 * ```ts
 * import { formatEtag } from 'sallyport/net';
 *
 * console.log(Response.json({ id: 1 }, { headers: { etag: formatEtag('7') } }).headers.get('etag')); // "7"
 * ```
 */
export function formatEtag(version: string): string {
  if (typeof version !== 'string' || !VERSION.test(version)) {
    throw new TypeError('Cannot format ETag: version must be 1 to 1,024 printable ASCII characters, no space, no ".');
  }
  return `"${version}"`;
}

/** Whether a list of entity tags holds a strong one; undefined for what is no such list. */
function hasTag(field: string, wanted: string | undefined): boolean | undefined {
  let count = 0;
  let isFound = false;
  for (let position = 0; position < field.length; position = ELEMENT.lastIndex) {
    ELEMENT.lastIndex = position;
    const match = ELEMENT.exec(field);
    if (match === null) return undefined;
    const [, weak, tag] = match;
    if (tag !== undefined) count++;
    isFound ||= tag !== undefined && weak === undefined && tag === wanted;
  }
  return count === 0 ? undefined : isFound;
}
