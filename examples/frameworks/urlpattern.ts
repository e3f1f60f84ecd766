/** Without a framework: URLPattern, which Deno, Bun, Workers, browsers and Node 24 have. */
import type { SecuredHandler } from 'sallyport';
import { peerAddress } from 'sallyport/net';
import { createNotes } from './notes.ts';

/** A fetch handler that routes by pattern. */
export function createApp(): SecuredHandler {
  const { list, create, read, missing } = createNotes();
  const collection = new URLPattern({ pathname: '/notes' });
  const item = new URLPattern({ pathname: '/notes/:id' });
  return (request, ...platform) => {
    if (collection.test(request.url)) return (request.method === 'POST' ? create : list)(request, ...platform);
    const params = item.exec(request.url)?.pathname.groups;
    // What runtimes pass is no plain object everywhere, and cannot be spread. The parameters are as they were sent: URLPattern decodes none.
    if (params !== undefined) return read(request, { peerAddress: peerAddress(request, platform[0]), params });
    return missing(request, ...platform);
  };
}
