/** SvelteKit: an endpoint gets an event, which has the request and says who the peer is. */
import type { SecuredHandler } from 'sallyport';
import { createNotes } from '../../../notes.ts';

/** An event of SvelteKit (`RequestEvent`), as far as it is needed here. */
interface Event {
  readonly request: Request;
  readonly getClientAddress: () => string;
}

const { list, create } = createNotes();

export const GET = (event: Event): Promise<Response> => answer(list, event);
export const POST = (event: Event): Promise<Response> => answer(create, event);

function answer(handler: SecuredHandler, { request, getClientAddress }: Event): Promise<Response> {
  return handler(request, { peerAddress: getClientAddress() });
}
