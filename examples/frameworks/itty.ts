/** itty-router: a route that returns a Response ends the request, so the handlers are routes as they are. */
import { Router } from 'itty-router';
import type { SecuredHandler } from 'sallyport';
import { peerAddress } from 'sallyport/net';
import { createNotes } from './notes.ts';

/** A fetch handler that routes with itty-router. */
export function createApp(): SecuredHandler {
  const { list, create, read, missing } = createNotes();
  const router = Router()
    // itty-router passes a Proxy of the request, which no platform takes for one: the request itself comes beside it.
    .get('/notes', (_proxy, request: Request, ...platform) => list(request, ...platform))
    .post('/notes', (_proxy, request: Request, ...platform) => create(request, ...platform))
    .get('/notes/:id', ({ params }, request: Request, info) =>
      // What runtimes pass is no plain object everywhere, and cannot be spread. The parameters are as they were sent: itty-router decodes none.
      read(request, { peerAddress: peerAddress(request, info), params }))
    .all('*', (_proxy, request: Request, ...platform) => missing(request, ...platform));
  return (request, ...platform) => router.fetch(request, request, ...platform);
}
