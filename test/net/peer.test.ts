import { describe, expect, it } from 'vitest';
import { peerAddress, workerPeerAddress } from '../../src/net/peer.ts';

describe('peerAddress', () => {
  const request = (): Request => new Request('http://api.test/', { headers: { 'x-forwarded-for': '6.6.6.6' } });

  it.each([
    ["Deno's info", { remoteAddr: { transport: 'tcp', hostname: '192.0.2.1', port: 5 } }],
    ["Bun's server", { requestIP: () => ({ address: '192.0.2.1', port: 5, family: 'IPv4' }) }],
    ["a node:http message's", { socket: { remoteAddress: '192.0.2.1' }, headers: { 'x-forwarded-for': '6.6.6.6' } }],
    ['its own', { peerAddress: '192.0.2.1' }],
  ])('peerAddress() reads %s address', (_name, source) => {
    expect(peerAddress(request(), source)).toBe('192.0.2.1');
  });

  it("peerAddress() calls Bun's requestIP as a method, with the request", () => {
    const asked = request();
    const server = {
      addresses: new Map([[asked, '192.0.2.1']]),
      requestIP(of: Request): { address: string } {
        return { address: this.addresses.get(of) ?? '' };
      },
    };
    expect(peerAddress(asked, server)).toBe('192.0.2.1');
  });

  it.each([
    ['nothing', undefined],
    ['null', null],
    ['text', '192.0.2.1'],
    ['an empty object', {}],
    ["a Worker's bindings", { KV: {}, DB: {} }],
    ['no address', { peerAddress: undefined }],
    ['an empty address', { peerAddress: '' }],
    ['an address that is no text', { peerAddress: 3_232_235_777 }],
    ['a socket that is gone', { socket: { remoteAddress: undefined } }],
    ['no socket', { socket: null }],
    ['a Unix socket', { remoteAddr: { transport: 'unix', path: '/run/x' } }],
    ['a null remote address', { remoteAddr: null }],
    ['a closed connection', { requestIP: () => null }],
    ['a requestIP that is no function', { requestIP: '192.0.2.1' }],
  ])('peerAddress() answers undefined for %s', (_name, source) => {
    expect(peerAddress(request(), source)).toBe(undefined);
  });
});

describe('workerPeerAddress', () => {
  function requestOf(headers: Record<string, string>, platform?: unknown): Request {
    const request = new Request('https://api.test/', { headers });
    if (platform !== undefined) Object.defineProperty(request, 'cf', { value: platform });
    return request;
  }

  it('workerPeerAddress() reads what the platform wrote', () => {
    const request = requestOf({ 'cf-connecting-ip': '192.0.2.1', 'x-real-ip': '6.6.6.6' }, { colo: 'FRA' });
    expect(workerPeerAddress(request)).toBe('192.0.2.1');
  });

  // P1: on any other platform the client writes the header.
  it('workerPeerAddress() reads no header of a request that the platform did not make', () => {
    expect(workerPeerAddress(requestOf({ 'cf-connecting-ip': '6.6.6.6', 'cf': '{}' }))).toBe(undefined);
    expect(workerPeerAddress(requestOf({ 'cf-connecting-ip': '6.6.6.6' }, null))).toBe(undefined);
    expect(workerPeerAddress(requestOf({ 'cf-connecting-ip': '6.6.6.6' }, 'x'))).toBe(undefined);
  });

  it('workerPeerAddress() answers undefined where there is no header', () => {
    expect(workerPeerAddress(requestOf({ 'x-forwarded-for': '6.6.6.6' }, {}))).toBe(undefined);
    expect(workerPeerAddress(requestOf({ 'cf-connecting-ip': '' }, {}))).toBe(undefined);
  });
});
