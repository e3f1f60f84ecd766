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
}

/** Which preset. */
export type HeaderKind = 'api' | 'html';

/** A compiled header policy. */
export interface HeaderPolicy {
  /** Returns the response with the headers of its kind: the same response where its headers can change, else a rebuilt one. */
  apply(response: Response, context: HeaderContext): Response;
  /** Returns the headers of a kind for another framework; set `content-security-policy` and `cache-control` only where absent. */
  list(kind: HeaderKind, context: HeaderContext): readonly HeaderRow[];
}

const NOT_MODIFIED = 304;
const HTML = /^[\t\n\r ]*(?:text\/html|application\/xhtml\+xml)[\t\n\r ]*(?:;|$)/i;

/**
 * Compiles the security headers of an API and its pages. Each response gets the preset of its own media type: HTML and XHTML the one
 * for documents, everything else the one for data.
 *
 * A `Content-Security-Policy` or `Cache-Control` that the handler set stays; every other header of the preset replaces the
 * handler's, and `Server` and `X-Powered-By` go. A 304 gets only what is the same for both presets: its headers replace those of the stored
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
  refuseUnknownOptions(ACTION, options, ['api', 'html', 'hsts']);
  const { api = {}, html = {}, hsts = {} } = options;
  const hstsRows: readonly HeaderRow[] = hsts === false ? [] : [['strict-transport-security', formatHsts(hsts)]];
  const ofApi = apiRows(api);
  const ofHtml = htmlRows(html);
  const lists = {
    api: compileKind(() => ofApi, hstsRows),
    html: compileKind(ofHtml, hstsRows),
    notModified: compileKind(() => COMMON, hstsRows),
  };
  return Object.freeze({
    apply(response: Response, context: HeaderContext): Response {
      return editHeaders(response, (headers) => {
        const kind = response.status === NOT_MODIFIED
          ? 'notModified'
          : isHtml(headers.get('content-type'))
          ? 'html'
          : 'api';
        write(headers, lists[kind](context));
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
function compileKind(rows: MakeRows, hsts: readonly HeaderRow[]): MakeRows {
  const compile = (context: HeaderContext): readonly HeaderRow[] =>
    Object.freeze([...rows(context), ...(context.secure ? hsts : [])].map((row) => Object.freeze(row)));
  const plain = compile({ secure: false });
  const secure = compile({ secure: true });
  return (context) => {
    if (context.nonce === undefined) return context.secure ? secure : plain;
    if (!isNonce(context.nonce)) {
      throw new TypeError('Cannot apply header policy: nonce must be 128 bits of base64, as of createNonce.');
    }
    return compile(context);
  };
}

function write(headers: Headers, rows: readonly HeaderRow[]): void {
  headers.delete('server');
  headers.delete('x-powered-by');
  for (const [name, value] of rows) {
    if (!yields(name) || !headers.has(name)) headers.set(name, value);
  }
}

/** Only the handler knows what its document loads and how long its answer keeps; nothing else of its making replaces a row. */
function yields(name: string): boolean {
  return name === CONTENT_SECURITY_POLICY || name === NO_STORE[0];
}

/**
 * Tells whether the media type is HTML or XHTML: what `parseMediaType` says, without reading the parameters of every JSON response.
 */
function isHtml(contentType: string | null): boolean {
  return contentType !== null && HTML.test(contentType);
}
