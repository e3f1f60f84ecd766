import { workerPeerAddress } from 'sallyport/net';
import { createOrdersApi, type OrdersApi } from './api.ts';

let api: OrdersApi | undefined;

export default {
  // A Worker makes its key on the first request, not when it starts, and is told the peer by the edge in front of it. ORIGIN is a binding:
  // taken from the request, the Host of whoever came first would choose the issuer whose keys are believed.
  async fetch(request: Request, env: { readonly ORIGIN: string }): Promise<Response> {
    if (api === undefined) {
      api = await createOrdersApi(env.ORIGIN);
      console.log(api.guide);
    }
    return api.fetch(request, { peerAddress: workerPeerAddress(request) });
  },
};
