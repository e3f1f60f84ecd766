/** Hono: its routes call the handlers with the raw request and their parameters; on Node its server says who the peer is. */
import { type HttpBindings, serve } from '@hono/node-server';
import { Hono } from 'hono';
import { createNotes } from './notes.ts';

type Variables = { Bindings: HttpBindings };

/** An application of Hono. */
export function createApp(): Hono<Variables> {
  const { list, create, read, missing } = createNotes();
  const peer = (env: HttpBindings): { readonly peerAddress: string | undefined } => ({
    peerAddress: env.incoming?.socket.remoteAddress,
  });
  return new Hono<Variables>()
    .get('/notes', ({ req, env }) => list(req.raw, peer(env)))
    .post('/notes', ({ req, env }) => create(req.raw, peer(env)))
    .get('/notes/:id', ({ req, env }) => read(req.raw, { ...peer(env), params: req.param() }))
    .all('*', ({ req, env }) => missing(req.raw, peer(env)));
}

/** Serves it on Node. */
export function start(port: number): ReturnType<typeof serve> {
  return serve({ fetch: createApp().fetch, port, hostname: '127.0.0.1' });
}
