/**
 * Next.js: a route handler is a fetch handler, so that the handlers are exported as they are.
 *
 * Next.js does not say who the peer is: a limit by client is then one limit for all of them. Set it at the proxy in front, or by principal.
 */
import type { SecuredHandler } from 'sallyport';
import { notes } from '../../notes.ts';

export const GET: SecuredHandler = notes.list;
export const POST: SecuredHandler = notes.create;
