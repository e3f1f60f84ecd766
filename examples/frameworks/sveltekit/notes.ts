/** One module that all endpoints import, and what they do with an event of SvelteKit. */
import type { SecuredHandler } from 'sallyport';
import { createNotes, type Notes } from '../notes.ts';

/** An event of SvelteKit (`RequestEvent`), as far as it is needed here. */
export interface Event {
  readonly request: Request;
  readonly params: Readonly<Record<string, string>>;
  readonly getClientAddress: () => string;
}

export const notes: Notes = createNotes();

/** Makes an endpoint of a handler. */
export function toEndpoint(handler: SecuredHandler): (event: Event) => Promise<Response> {
  return ({ request, params, getClientAddress }) => handler(request, { peerAddress: getClientAddress(), params });
}
