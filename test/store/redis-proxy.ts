import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** Stands between a client and a server, and loses what the server replies. */
export interface Proxy {
  readonly port: number;
  /** `pass` replies on, `drop` the connection when the next one comes, or `swallow` them and leave the client waiting. */
  mode: 'pass' | 'drop' | 'swallow';
  /** How many replies it has lost: so often the server had done what it was told. */
  readonly lost: () => number;
  readonly close: () => Promise<void>;
}

/** Starts a proxy on a free port. */
export async function startProxy(toPort: number): Promise<Proxy> {
  let lost = 0;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(toPort, '127.0.0.1');
    for (const [socket, other] of [[near, far], [far, near]] as const) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
    near.on('data', (chunk) => void far.write(chunk));
    far.on('data', (chunk) => {
      if (proxy.mode === 'pass') return void near.write(chunk);
      lost++;
      if (proxy.mode === 'swallow') return;
      proxy.mode = 'pass';
      near.destroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const proxy: Proxy = {
    port,
    mode: 'pass',
    lost: () => lost,
    async close() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
  return proxy;
}
