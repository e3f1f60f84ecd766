/** Fastify 5: its routes get `toFastify` of the handlers, which answer before Fastify reads a body, and get its parameters. */
import fastify, { type FastifyInstance } from 'fastify';
import { toFastify } from 'sallyport/node';
import { createNotes } from './notes.ts';

/** An application of Fastify. */
export function createApp(): FastifyInstance {
  const { list, create, read, missing } = createNotes();
  const app = fastify();
  app.route({ method: 'GET', url: '/notes', ...toFastify(list) });
  app.route({ method: 'POST', url: '/notes', ...toFastify(create) });
  app.route({ method: 'GET', url: '/notes/:id', ...toFastify(read) });
  app.route({ method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'], url: '/*', ...toFastify(missing) });
  return app;
}

export { fastify };
