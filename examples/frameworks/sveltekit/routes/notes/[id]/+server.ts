/** SvelteKit: the parameter of the route comes with the event. */
import { type Event, notes, toEndpoint } from '../../../notes.ts';

export const GET: (event: Event) => Promise<Response> = toEndpoint(notes.read);
