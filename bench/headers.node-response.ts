import { IncomingMessage, ServerResponse } from 'node:http';
import { Socket } from 'node:net';

/** The least that a middleware of Node needs: a map of what was set. What a real response costs comes on top. */
export interface NodeResponse {
  statusCode: number;
  readonly headers: Map<string, string>;
  setHeader(name: string, value: string): void;
  getHeader(name: string): string | undefined;
  removeHeader(name: string): void;
  end(): void;
}

export function createStub(): NodeResponse {
  const headers = new Map<string, string>();
  return {
    statusCode: 200,
    headers,
    setHeader: (name, value) => void headers.set(name.toLowerCase(), value),
    getHeader: (name) => headers.get(name.toLowerCase()),
    removeHeader: (name) => void headers.delete(name.toLowerCase()),
    end: () => undefined,
  };
}

/** A response of node:http that nobody reads. */
export function createServerResponse(): ServerResponse {
  return new ServerResponse(new IncomingMessage(new Socket()));
}
