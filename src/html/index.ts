/**
 * Escapers for every place in a page, URLs that run nothing, and a sanitiser that is safe by what it writes.
 *
 * @module
 */
export { escapeAttribute, escapeHtml, escapeUrlComponent } from './escape.ts';
export { escapeJsString, serializeJsonForScript } from './script.ts';
export { escapeCssIdent, escapeCssString } from './css.ts';
export { safeUrl, type SafeUrlOptions } from './url.ts';
export { sanitizeHtml, type SanitizeOptions } from './sanitize.ts';
