import type { Contender } from './harness.ts';
import { type Handler, ORIGIN } from './secure.contenders.ts';

/** How many clients there are, and how many tokens. */
export const CLIENTS = 256;
export const ORDER = { item: 'espresso', quantity: 2, note: 'no sugar' };
const BODY = JSON.stringify(ORDER);
const URL_OF_ORDERS = 'https://api.example/orders';

/** Whoever answers, and what is expected of the answer. */
export interface Served {
  readonly name: string;
  readonly kind: Contender['kind'];
  readonly handler: Handler;
  readonly status?: number;
  readonly target?: Contender['target'];
  /** Makes its requests, where not those of all. */
  readonly create?: CreateRequest;
}

/** Makes the request of that number. */
export type CreateRequest = (index: number) => Request;

/** Orders with a bearer token: the header's text the same object each time a token comes again, or made anew as a server makes it. */
export function posts(tokens: readonly string[], strings: 'same' | 'fresh'): CreateRequest {
  const texts = tokens.map((token) => `Bearer ${token}`);
  const bytes = texts.map((text) => new TextEncoder().encode(text));
  const decoder = new TextDecoder();
  return (index) => {
    const at = index % tokens.length;
    const authorization = strings === 'same' ? texts[at] : decoder.decode(bytes[at]);
    return new Request(URL_OF_ORDERS, {
      method: 'POST',
      headers: {
        'authorization': authorization ?? '',
        'content-type': 'application/json',
        'content-length': String(BODY.length),
        'origin': ORIGIN,
      },
      body: BODY,
    });
  };
}

/** A request without a body. */
export function get(): Request {
  return new Request(URL_OF_ORDERS, { headers: { origin: ORIGIN } });
}

/** The address of the client of that number. */
export function address(index: number): string {
  return `10.0.0.${index % CLIENTS}`;
}

/** One operation: a request is made, answered, and the answer read. */
export function serve(served: Served, create: CreateRequest, expected: number): Contender {
  const { name, kind, handler, target, status = expected } = served;
  const make = served.create ?? create;
  let index = 0;
  return {
    name,
    kind,
    ...(target === undefined ? {} : { target }),
    async run(operations) {
      for (let operation = 0; operation < operations; operation++, index++) {
        const response = await handler(make(index), address(index));
        if (response.status !== status) throw new Error(`${name} answered ${response.status}.`);
        await response.text();
      }
    },
  };
}
