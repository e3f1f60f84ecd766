import { refuseUnknownOptions } from '../core/option.ts';
import { editHeaders } from '../core/response.ts';
import { type ApiHeaderOptions, apiRows } from './api.ts';
import { formatHsts, type HstsOptions } from './hsts.ts';
import { type HtmlHeaderOptions, htmlRows } from './html.ts';
import { isNonce } from './nonce.ts';
import { ACTION, COMMON, CONTENT_SECURITY_POLICY, type HeaderContext, type HeaderRow, NO_STORE } from './row.ts';

/** Options of {@linkcode createHeaderPolicy}. */
export interface HeaderPolicyOptions {
  /** For every response that is not HTML. Default: the strictest preset. */
  readonly api?: ApiHeaderOptions;
  /** For HTML responses. Default: the strictest preset. */
  readonly html?: HtmlHeaderOptions;
  /** `Strict-Transport-Security`, or false where something in front of the server sends it. Default: two years with subdomains. */
  readonly hsts?: HstsOptions | false;
  /** `Reporting-Endpoints` for pages, from `formatReportingEndpoints`; the preset's CSP reports to the one called `csp`. Default: none. */
  readonly reporting?: string;
  /** Names of headers to remove besides `Server` and `X-Powered-By`, such as `owaspStrip`. Default: none. */
  readonly strip?: readonly string[];
}

/** Which preset. */
export type HeaderKind = 'api' | 'html';

/** A compiled header policy. */
export interface HeaderPolicy {
  /**
   * Returns the response with the headers of its kind: the same response where its headers can change, else a rebuilt one. It never reads or
   * clones the body. Without a nonce, scripts come from the page's own origin; a 304 is given neither policy nor nonce.
   */
  apply(response: Response, context: HeaderContext): Response;
  /** Returns the headers of a kind for another framework; set the CSP, one on trial and `cache-control` only where absent, and none of them on a 304. */
  list(kind: HeaderKind, context: HeaderContext): readonly HeaderRow[];
}

const NOT_MODIFIED = 304;
/** Words with one space between. */
const VALUE = /^[!-~]+(?: [!-~]+)*$/;
/** What `parseMediaType` says, without reading the parameters of every JSON response. */
const HTML = /^[\t\n\r ]*(?:text\/html|application\/xhtml\+xml)[\t\n\r ]*(?:;|$)/i;

/**
 * Compiles the security headers of an API and its pages. Each response gets the preset of its own media type: HTML and XHTML the one
 * for documents, everything else the one for data.
 *
 * A `Content-Security-Policy` or `Cache-Control` that the handler set stays; every other header of the preset replaces the
 * handler's, and `Server`, `X-Powered-By` and what `strip` names go. A 304 gets only what is the same for both presets: its headers replace those of the stored
 * response, whose kind and nonce it does not know. It sends no CORS headers: see `sallyport/cross-origin`.
 *
 * @param options what differs from the defaults
 * @returns a policy that is cheap to apply
 * @throws {TypeError} on an unknown option or value
 * @throws {RangeError} when a number is out of bounds
 * @see OWASP REST Security and HTTP Headers cheat sheets
 *
 * @example
 * ```ts
 * import { createHeaderPolicy } from 'sallyport/headers';
 *
 * const policy = createHeaderPolicy();
 * const response = policy.apply(Response.json({ ok: true }), { secure: true });
 * console.log([...response.headers]);
 * ```
 */
export function createHeaderPolicy(options: HeaderPolicyOptions = {}): HeaderPolicy {
  refuseUnknownOptions(ACTION, options, ['api', 'html', 'hsts', 'reporting', 'strip']);
  const { api = {}, html = {}, hsts = {}, reporting, strip = [] } = options;
  const hstsRows: readonly HeaderRow[] = hsts === false ? [] : [['strict-transport-security', formatHsts(hsts)]];
  const removed = new Set(['server', 'x-powered-by', ...strip.map((name) => name.toLowerCase())]);
  // It throws for what is no name: a header would keep it in silence.
  removed.forEach((name) => new Headers().delete(name));
  const lists = {
    api: compileKind(apiRows(api), hstsRows),
    html: compileKind(htmlRows(html, reporting), hstsRows, true),
    notModified: compileKind(() => COMMON, hstsRows),
  };
  return Object.freeze({
    apply(response: Response, context: HeaderContext): Response {
      // It is tempting to ask `get` and `has`. However one look at all that is there costs less than asking after five names; and `for … of` takes
      // three times as long on Deno.
      let html = false;
      const names: string[] = [];
      const values: string[] = [];
      const gone: string[] = [];
      response.headers.forEach((value, name) => {
        if (name === 'content-type') {
          html = HTML.test(value);
        } else if (removed.has(name)) {
          gone.push(name);
          // One that is a row, too, is set again.
          return;
        }
        names.push(name);
        values.push(value);
      });
      const rows = lists[response.status === NOT_MODIFIED ? 'notModified' : html ? 'html' : 'api'](context);
      return editHeaders(response, (headers) => {
        for (const name of gone) headers.delete(name);
        for (const [name, value] of rows) {
          const at = names.indexOf(name);
          // A refusal has most rows already: setting one takes longer than comparing it. An empty policy is none, and nobody's decision.
          if (at < 0 || !(values[at] === value || (values[at] && yields(name)))) headers.set(name, value);
        }
      });
    },
    list(kind: HeaderKind, context: HeaderContext): readonly HeaderRow[] {
      if (kind !== 'api' && kind !== 'html') throw new TypeError('Cannot list headers: kind must be api or html.');
      return lists[kind](context);
    },
  });
}

type MakeRows = (context: HeaderContext) => readonly HeaderRow[];

/** Makes the lists without a nonce once; one with a nonce is new for every response anyway. */
function compileKind(rows: MakeRows, hsts: readonly HeaderRow[], hasScripts = false): MakeRows {
  const compile = (context: HeaderContext): readonly HeaderRow[] => [...rows(context), ...(context.secure ? hsts : [])];
  const plain = freezeRows(compile({ secure: false }));
  const secure = freezeRows(compile({ secure: true }));
  return (context) => {
    if (context.nonce === undefined || !hasScripts) return context.secure ? secure : plain;
    if (!isNonce(context.nonce)) {
      throw new TypeError('Cannot apply header policy: nonce must be 128 bits of base64, as of createNonce.');
    }
    return compile(context);
  };
}

/**
 * Freezes a list whose values are the caller's in part. The platforms refuse CR, LF and NUL, but not alike, not at creation, and some trim
 * edges or pass other controls on.
 */
function freezeRows(rows: readonly HeaderRow[]): readonly HeaderRow[] {
  for (const [name, value] of rows) {
    if (typeof value !== 'string' || !VALUE.test(value)) {
      throw new TypeError(`Cannot ${ACTION}: ${name} must be words of printable ASCII.`);
    }
  }
  return Object.freeze(rows.map((row) => Object.freeze(row)));
}

/** Only the handler knows what its document loads and how long its answer keeps; nothing else of its making replaces a row. */
function yields(name: string): boolean {
  return name.startsWith(CONTENT_SECURITY_POLICY) || name === NO_STORE[0];
}
