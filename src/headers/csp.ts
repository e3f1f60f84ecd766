import { booleanOption, refuseUnknownKeys, refuseUnknownOptions } from '../core/option.ts';
import { type CspDirectives, READERS } from './csp-directive.ts';
import { runsAnything } from './csp-source.ts';
import { dangerouslyAllowInline, nonce as noncePlace, none } from './csp-token.ts';
import { kebab } from './kebab.ts';
import { isNonce } from './nonce.ts';
import type { Csp, HeaderContext } from './row.ts';

const ACTION = 'create CSP';
const RESTRICTS_NOTHING: readonly string[] = ['reportTo', 'reportUri', 'upgradeInsecureRequests'];

/** Options of {@linkcode createCsp}. */
export interface CspOptions {
  /** Whether violations are only reported, through `reportTo`, and nothing is blocked. Default: false. */
  readonly reportOnly?: boolean;
}

/**
 * Compiles a Content Security Policy. Hosts and schemes are strings, every keyword is a constant, and directives that browsers gave up
 * (`plugin-types`, `block-all-mixed-content`, …) do not exist. It adds nothing to what is given: the preset of `createHeaderPolicy` is
 * where to start from.
 *
 * Scripts from a bare scheme, `*` or `*.com` are refused unless `strictDynamic` is beside them. Formatted without a nonce, a policy allows
 * nothing in its place. `format` throws a TypeError for a nonce that is not 128 bits of base64.
 *
 * @param directives one property each, under the directive's name in camel case
 * @param options whether to report only
 * @returns its header's name, and what formats its value for a response; `createHeaderPolicy` takes it as `csp`
 * @throws {TypeError} for an unknown directive, or a value that would end its directive, say nothing, or contradict another
 * @see CSP Level 3
 *
 * @example
 * ```ts
 * import { createCsp, createNonce, none, nonce, self, strictDynamic } from 'sallyport/headers';
 *
 * const csp = createCsp({ defaultSrc: [self], scriptSrc: [nonce, strictDynamic], objectSrc: [none], baseUri: [none] });
 * console.log(csp.name, csp.format({ secure: true, nonce: createNonce() }));
 * ```
 */
export function createCsp(directives: CspDirectives, options?: { readonly reportOnly?: false }): Csp<'enforce'>;
/** The same for a policy on trial, which `createHeaderPolicy` takes as `cspReportOnly`. */
export function createCsp(directives: CspDirectives, options: { readonly reportOnly: true }): Csp<'report'>;
/** The same where only the running program knows which of the two it is. */
export function createCsp(directives: CspDirectives, options?: CspOptions): Csp;
export function createCsp(directives: CspDirectives, options: CspOptions = {}): Csp {
  refuseUnknownKeys(ACTION, directives, Object.keys(READERS));
  refuseUnknownOptions(ACTION, options, ['reportOnly']);
  const reportOnly = booleanOption(ACTION, 'reportOnly', options.reportOnly ?? false);
  const parts = new Map<string, readonly string[]>();
  for (const [name, read] of Object.entries(READERS)) {
    if (Object.hasOwn(directives, name)) parts.set(name, read(name, Reflect.get(directives, name)));
  }
  refuseMistakes(parts, reportOnly);
  const secure = compile(parts);
  parts.delete('upgradeInsecureRequests');
  const plain = compile(parts);
  return Object.freeze({
    name: `content-security-policy${reportOnly ? '-report-only' : ''}`,
    format: (context: HeaderContext) => (context.secure ? secure : plain)(context.nonce),
  });
}

function refuseMistakes(parts: ReadonlyMap<string, readonly string[]>, reportOnly: boolean): void {
  const wrong = (why: string): TypeError => new TypeError(`Cannot ${ACTION}: ${why}.`);
  // Over plain http the upgrade is left out, and the header could be empty.
  if ([...parts.keys()].every((name) => RESTRICTS_NOTHING.includes(name))) {
    throw wrong('it needs a directive that restricts');
  }
  if (parts.has('reportUri') && !parts.has('reportTo')) {
    throw wrong('reportUri is for browsers without reportTo; give both');
  }
  for (const name of [parts.has('scriptSrc') ? 'scriptSrc' : 'defaultSrc', 'scriptSrcElem', 'scriptSrcAttr']) {
    if (runsAnything(parts.get(name) ?? [])) throw wrong(`${name} runs scripts of any host; name hosts, or use nonces`);
  }
  if (!reportOnly) return;
  if (!parts.has('reportTo')) throw wrong('reportOnly needs reportTo, or nobody learns of anything');
  if (parts.has('sandbox') || parts.has('upgradeInsecureRequests')) {
    throw wrong('sandbox and upgradeInsecureRequests do nothing with reportOnly');
  }
}

/** Joins everything now; per response a nonce is put into its places. */
function compile(parts: ReadonlyMap<string, readonly string[]>): (nonce: string | undefined) => string {
  const text = join(parts, (words) => words);
  const places = text.split(noncePlace.token);
  const bare = join(parts, (words) => {
    if (!words.includes(noncePlace.token)) return words;
    // Beside a nonce browsers ignore `unsafe-inline`, which is there for old ones; left alone it would allow what the nonce withholds.
    const others = words.filter((word) => word !== noncePlace.token && word !== dangerouslyAllowInline.token);
    return others.length === 0 ? [none.token] : others;
  });
  return (nonce) => {
    if (nonce === undefined) return bare;
    if (!isNonce(nonce)) {
      throw new TypeError('Cannot format CSP: nonce must be 128 bits of base64, as of createNonce.');
    }
    return places.join(`'nonce-${nonce}'`);
  };
}

function join(
  parts: ReadonlyMap<string, readonly string[]>,
  edit: (words: readonly string[]) => readonly string[],
): string {
  return Array.from(parts, ([name, words]) => [kebab(name), ...edit(words)].join(' ')).join('; ');
}
