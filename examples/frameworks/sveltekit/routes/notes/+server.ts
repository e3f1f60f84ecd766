/** SvelteKit: an endpoint gets an event, which has the request and its parameters, and says who the peer is. */
import { type Event, notes, toEndpoint } from '../../notes.ts';

export const GET: (event: Event) => Promise<Response> = toEndpoint(notes.list);
export const POST: (event: Event) => Promise<Response> = toEndpoint(notes.create);
