import { expect, test } from 'vitest';
import { createOrdersApi } from '../../examples/orders/api.ts';

// Some runtimes pass a bare path where Host is malformed: the example's own router must not throw before anything guards it.
test.each(['/orders', '', 'http://', 'not a url'])('the example refuses a request whose URL is %j', async (url) => {
  const api = await createOrdersApi('http://127.0.0.1:8787');
  const request = new Request('http://127.0.0.1:8787/orders');
  Object.defineProperty(request, 'url', { value: url });
  const response = await api.fetch(request, { peerAddress: '192.0.2.1' });
  expect([response.status, response.headers.get('x-content-type-options')]).toEqual([400, 'nosniff']);
});
