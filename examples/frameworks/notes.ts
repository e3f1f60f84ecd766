/** Notes, as fetch handlers behind policies: what every framework here routes to. */
import { createLimits, definePolicy, Refusal, secure, type SecuredHandler } from 'sallyport';
import { fromText, int, object, string } from 'sallyport/schema';
import { memoryStore } from 'sallyport/store';

/** The handlers of two resources, whatever routes to them. */
export interface Notes {
  /** `GET /notes`. */
  readonly list: SecuredHandler;
  /** `POST /notes`. */
  readonly create: SecuredHandler;
  /** `GET /notes/:id`. */
  readonly read: SecuredHandler;
  /** Everything else. */
  readonly missing: SecuredHandler;
}

/** Creates them over notes of their own. */
export function createNotes(): Notes {
  const notes = new Map<number, { readonly text: string }>();
  const base = definePolicy({
    methods: ['GET'],
    auth: 'public',
    store: memoryStore(),
    limits: createLimits({ client: [{ name: 'client', limit: 100, windowSeconds: 60 }] }),
  });

  return {
    list: secure(base.extend({ resourceMethods: ['GET', 'POST'] }), () => Response.json([...notes.values()])),
    create: secure(
      base.extend({
        methods: ['POST'],
        resourceMethods: ['GET', 'POST'],
        body: object({ text: string({ min: 1, max: 200 }) }),
      }),
      (_request, { body, client, url }) => {
        const id = notes.size + 1;
        notes.set(id, body);
        return Response.json({ id, path: url.pathname, client: client.address ?? null }, { status: 201 });
      },
    ),
    // What the router found in the path comes beside the request, as `{ params }`.
    read: secure(base.extend({ params: fromText(object({ id: int({ min: 1 }) })) }), (_request, { params }) => {
      const note = notes.get(params.id);
      if (note === undefined) throw new Refusal('not_found');
      return Response.json(note);
    }),
    missing: secure(base.extend({ methods: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] }), () => {
      throw new Refusal('not_found');
    }),
  };
}
