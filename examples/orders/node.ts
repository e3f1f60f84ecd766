import { createServer } from 'node:http';
import process from 'node:process';
import { toNodeHandler } from 'sallyport/node';
import { createOrdersApi } from './api.ts';

const port = Number(process.env['PORT'] ?? 8787);
const api = await createOrdersApi(`http://127.0.0.1:${port}`);
createServer(toNodeHandler(api.fetch))
  .on('error', (error) => {
    console.error(`Cannot listen on 127.0.0.1:${port}: ${error.message}. Choose another with PORT=8788 npm start.`);
    process.exitCode = 1;
  })
  .listen(port, '127.0.0.1', () => console.log(api.guide));
