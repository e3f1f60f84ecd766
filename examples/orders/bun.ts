import { createOrdersApi } from './api.ts';

const port = Number(Bun.env.PORT ?? 8787);
const api = await createOrdersApi(`http://127.0.0.1:${port}`);
try {
  Bun.serve({ hostname: '127.0.0.1', port, fetch: (request, server) => api.fetch(request, server) });
  console.log(api.guide);
} catch (error) {
  console.error(`Cannot listen on 127.0.0.1:${port}:`, error instanceof Error ? error.message : error);
  process.exit(1);
}
