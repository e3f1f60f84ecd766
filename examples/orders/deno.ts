import { createOrdersApi } from './api.ts';

const port = Number(Deno.env.get('PORT') ?? 8787);
const api = await createOrdersApi(`http://127.0.0.1:${port}`);
try {
  Deno.serve({ hostname: '127.0.0.1', port, onListen: () => console.log(api.guide) }, api.fetch);
} catch (error) {
  console.error(`Cannot listen on 127.0.0.1:${port}:`, error instanceof Error ? error.message : error);
  Deno.exit(1);
}
