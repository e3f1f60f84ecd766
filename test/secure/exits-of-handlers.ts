import { CANARY, type Exit, leak, refuseLoudly, type Rules, type Sent, serve } from './exit-world.ts';

const never = (): Promise<never> => new Promise(() => undefined);
const throwing = (make: () => unknown): Rules => ({
  handler: () => {
    throw make();
  },
});
/** A policy for pages, which have neither a body nor a key. */
const reading = { body: undefined, bodyLimits: undefined, idempotency: undefined, methods: ['GET'] };
const pages: Readonly<Record<string, unknown>> = { ...reading, limits: undefined, response: undefined };
const get: Sent = { method: 'GET', body: null, headers: { 'content-type': undefined } };

function failingStream(): ReadableStream<Uint8Array> {
  let pulled = 0;
  return new ReadableStream({
    pull(controller): void {
      if (pulled++ === 0) controller.enqueue(new Uint8Array([0x7b]));
      else controller.error(new Error(`${CANARY}stream`));
    },
  });
}

function alreadyRead(): Promise<Response> {
  const response = serve();
  return response.text().then(() => response);
}

/** The ways out of the handler, and of what is done with its response. */
export const HANDLER_EXITS: readonly Exit[] = [
  { name: 'success', status: 200 },
  { name: 'a thrown error', status: 500, code: 'internal_error', rules: { handler: leak } },
  { name: 'a rejection', status: 500, code: 'internal_error', rules: { handler: async () => leak() } },
  { name: 'a thrown text', status: 500, code: 'internal_error', rules: throwing(() => `${CANARY}text`) },
  { name: 'a thrown null', status: 500, code: 'internal_error', rules: throwing(() => null) },
  { name: 'a thrown Response', status: 500, code: 'internal_error', rules: throwing(serve) },
  { name: 'a thrown refusal', status: 403, code: 'forbidden', rules: { handler: refuseLoudly } },
  { name: 'undefined', status: 500, code: 'internal_error', rules: { handler: () => undefined } },
  { name: 'no Response', status: 500, code: 'internal_error', rules: { handler: () => ({ [CANARY]: 200 }) } },
  { name: 'a network error', status: 500, code: 'internal_error', rules: { handler: () => Response.error() } },
  { name: 'what was read already', status: 500, code: 'internal_error', rules: { handler: alreadyRead } },
  {
    name: 'a handler that never ends',
    status: 503,
    code: 'deadline_exceeded',
    rules: { handler: never, fields: { timeouts: { handlerMs: 20 } } },
  },
  {
    name: 'a redirect, whose headers are immutable',
    status: 303,
    rules: { handler: () => Response.redirect('https://api.test/other', 303) },
  },
  { name: 'no content', status: 204, rules: { handler: () => new Response(null, { status: 204 }) } },
  { name: 'reset content', status: 205, rules: { handler: () => new Response(null, { status: 205 }) } },
  { name: 'an error of its own', status: 404, rules: { handler: () => new Response(null, { status: 404 }) } },
  {
    name: 'response: what does not fit',
    status: 500,
    code: 'internal_error',
    rules: { handler: () => Response.json({ id: `${CANARY}column` }) },
  },
  {
    name: 'response: no JSON',
    status: 500,
    code: 'internal_error',
    rules: { handler: () => new Response(`${CANARY}text`) },
  },
  {
    name: 'response: a stream that fails',
    status: 500,
    code: 'internal_error',
    rules: {
      handler: () => new Response(failingStream(), { headers: { 'content-type': 'application/json' } }),
      fields: { idempotency: undefined },
    },
  },
  { name: 'a page', status: 200, sent: get, rules: { fields: pages, handler: page } },
  { name: 'a page for HEAD', status: 200, sent: { ...get, method: 'HEAD' }, rules: { fields: pages, handler: page } },
  {
    name: 'a page that did not change',
    status: 304,
    sent: get,
    rules: { fields: pages, handler: () => new Response(null, { status: 304 }) },
  },
  {
    name: 'a refusal for HEAD',
    status: 404,
    sent: { ...get, method: 'HEAD' },
    rules: { fields: pages, load: () => undefined },
  },
];

function page(): Response {
  return new Response('<p>hello</p>', { headers: { 'content-type': 'text/html' } });
}
