import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createPlainServer, type RequestListener } from 'node:http';
import { createServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { load } from './install.ts';

/** A certificate for localhost that signs itself. */
export interface Certificate {
  readonly key: string;
  readonly cert: string;
  /** Where the certificate is, for a process that is to trust it. */
  readonly path: string;
  readonly remove: () => void;
}

/** What listens. */
export interface Listening {
  /** Host and port, for https and for http alike. */
  readonly authority: string;
  readonly close: () => void;
}

/** The part of the package that is used. */
interface SelfSigned {
  readonly generate: (
    subject: readonly { readonly name: string; readonly value: string }[],
    options: object,
  ) => Promise<{ readonly private: string; readonly cert: string }>;
}

/** The first byte of a TLS handshake (RFC 8446 section 5.1). */
const HANDSHAKE = 22;

export async function createCertificate(): Promise<Certificate> {
  // The cast: it is the shape that the pinned version has.
  const { generate } = load('selfsigned') as SelfSigned;
  const made = await generate([{ name: 'commonName', value: 'localhost' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true },
      { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }] },
    ],
  });
  const folder = mkdtempSync(join(tmpdir(), 'sallyport-scanners-'));
  const path = join(folder, 'localhost.pem');
  writeFileSync(path, made.cert);
  return { key: made.private, cert: made.cert, path, remove: () => rmSync(folder, { recursive: true }) };
}

/** Serves https; on the same port http, which is sent to https as every site that is scanned here does. */
export async function serve(listener: RequestListener, { key, cert }: Certificate): Promise<Listening> {
  const secure = createServer({ key, cert }, listener);
  const plain = createPlainServer((request, response) => {
    response.writeHead(308, {
      location: `https://${request.headers.host}${request.url}`,
    }).end();
  });
  const sockets = new Set<Socket>();
  const server = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket)).once('data', (bytes) => {
      socket.pause().unshift(bytes);
      (bytes[0] === HANDSHAKE ? secure : plain).emit('connection', socket);
      process.nextTick(() => socket.resume());
    });
  });
  server.listen(0, 'localhost');
  await once(server, 'listening');
  // The cast: a server that listens on TCP has such an address.
  const { port } = server.address() as AddressInfo;
  return {
    authority: `localhost:${port}`,
    close(): void {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}
