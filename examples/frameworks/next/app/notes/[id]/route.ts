/** Next.js: the URL is whole, so that the handler finds its own parameter. */
import type { SecuredHandler } from 'sallyport';
import { notes } from '../../../notes.ts';

export const GET: SecuredHandler = notes.read;
