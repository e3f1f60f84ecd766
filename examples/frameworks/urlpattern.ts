/** Without a framework: URLPattern, which Deno, Bun, Workers, browsers and Node 24 have. */
import type { SecuredHandler } from 'sallyport';
import { createNotes } from './notes.ts';

/** A fetch handler that routes by pattern. */
export function createApp(): SecuredHandler {
  const { list, create, read, missing } = createNotes();
  const collection = new URLPattern({ pathname: '/notes' });
  const item = new URLPattern({ pathname: '/notes/:id' });
  return (request, ...platform) => {
    if (collection.test(request.url)) return (request.method === 'POST' ? create : list)(request, ...platform);
    if (item.test(request.url)) return read(request, ...platform);
    return missing(request, ...platform);
  };
}
