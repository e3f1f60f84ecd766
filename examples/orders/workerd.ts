import { createOrdersApi, type OrdersApi } from './api.ts';

let api: OrdersApi | undefined;

export default {
  // A Worker makes its key on the first request, not when it starts, and is told the peer by the edge in front of it.
  async fetch(request: Request): Promise<Response> {
    if (api === undefined) {
      api = await createOrdersApi(new URL(request.url).origin);
      console.log(api.guide);
    }
    return api.fetch(request, { peerAddress: request.headers.get('cf-connecting-ip') ?? undefined });
  },
};
