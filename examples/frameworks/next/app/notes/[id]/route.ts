/** Next.js: it passes `{ params: Promise }` beside the request, which is what a policy's `params` reads. */
import type { SecuredHandler } from 'sallyport';
import { notes } from '../../../notes.ts';

export const GET: SecuredHandler = notes.read;
