import { describe, expect, it } from 'vitest';
import { createClientResolver } from '../../src/net/client-resolver.ts';
import { createHostCheck } from '../../src/net/host-check.ts';
import { FOREIGN_HOSTS, NOT_HOSTS } from '../vectors/hosts.ts';

/** What arrives as it was sent: a header holds no others, and is trimmed. */
const HEADER_VALUE = /^(?! )[\x20-\x7e\x80-\xff]*(?<! )$/;

/** A request as a server makes it of `Host`: its URL and its header say the same, or what is given. */
function requestTo(host: string | undefined, url = `http://${host}/`): Request {
  const request = new Request(url);
  // Browsers forbid the name, and so may a runtime's Request; what reaches a server is simulated.
  Object.defineProperty(request, 'headers', { value: new Headers(host === undefined ? {} : { host }) });
  return request;
}

const codeOf = (hosts: readonly string[], request: Request): string | undefined =>
  createHostCheck({ hosts }).check(request)?.code;

describe('createHostCheck()', () => {
  it.each([
    [['example.com'], 'example.com'],
    [['example.com'], 'EXAMPLE.com'],
    [['example.com'], 'example.com.'],
    [['example.com'], 'example.com:80'],
    [['example.com:80'], 'example.com'],
    [['example.com:443'], 'example.com:443'],
    [['a.example', 'example.com:8080'], 'example.com.:8080'],
    [['*.example.com'], 'a.example.com'],
    [['*.example.com:8080'], 'a.example.com:8080'],
    [['localhost:3000'], 'localhost:3000'],
    [['127.0.0.1'], '127.0.0.1'],
    [['[::1]:3000'], '[::1]:3000'],
    [['my_service'], 'my_service'],
  ])('of %j serves %s', (hosts, host) => {
    expect(codeOf(hosts, requestTo(host))).toBe(undefined);
    expect(codeOf(hosts, requestTo(undefined, `http://${host}/`))).toBe(undefined);
  });

  // H4
  it.each(FOREIGN_HOSTS)('refuses %s with host_not_allowed', (host) => {
    expect(codeOf(['example.com'], requestTo(host))).toBe('host_not_allowed');
  });

  // H3, C4: a wildcard is one label, and a port is none of its business.
  it.each([
    'example.com',
    'a.b.example.com',
    'aexample.com',
    'a.example.com:8080',
    'a.example.com.evil.example',
    'a.example.co',
    '[::1]',
  ])('of a wildcard refuses %s', (host) => {
    expect(codeOf(['*.example.com'], requestTo(host))).toBe('host_not_allowed');
  });

  it('takes the port of the scheme, and not of the other, for none', () => {
    expect(codeOf(['example.com'], requestTo('example.com:443', 'https://example.com/'))).toBe(undefined);
    expect(codeOf(['example.com:443'], requestTo('example.com', 'https://example.com/'))).toBe(undefined);
    expect(codeOf(['example.com'], requestTo('example.com:443'))).toBe('host_not_allowed');
    expect(codeOf(['example.com:443'], requestTo('example.com'))).toBe('host_not_allowed');
    expect(codeOf(['example.com:80'], requestTo('example.com', 'https://example.com/'))).toBe('host_not_allowed');
  });

  // H1
  it.each(NOT_HOSTS.filter((text) => HEADER_VALUE.test(text)))('refuses %j with request_malformed', (host) => {
    expect(codeOf(['example.com'], requestTo(host, 'http://example.com/'))).toBe('request_malformed');
  });

  // H2: two hops that read one each would serve two hosts.
  it.each([
    ['evil.example', 'http://example.com/'],
    ['example.com', 'http://evil.example/'],
    ['example.com:8080', 'http://example.com/'],
    ['example.com', 'http://example.com:8080/'],
    ['example.com:443', 'http://example.com/'],
    ['a.example.com', 'http://b.example.com/'],
  ])('refuses Host %s beside %s with request_malformed', (host, url) => {
    expect(codeOf(['example.com', '*.example.com', 'example.com:8080'], requestTo(host, url))).toBe(
      'request_malformed',
    );
  });

  it('takes two spellings of one host for one', () => {
    expect(codeOf(['example.com'], requestTo('Example.COM.:80', 'http://example.com/'))).toBe(undefined);
    expect(codeOf(['[::1]:3000'], requestTo('[0:0::1]:3000', 'http://[::1]:3000/'))).toBe(undefined);
  });

  // H5: the header counts when a trusted proxy wrote it, and then it is checked.
  it('reads X-Forwarded-Host from a trusted proxy alone', () => {
    const hosts = createHostCheck({ hosts: ['example.com'] });
    const clients = createClientResolver({ trustedProxies: ['10.0.0.0/8'], read: 'x-forwarded' });
    const check = (url: string, host: string, peer: string): string | undefined => {
      const headers = { 'x-forwarded-for': '192.0.2.7', 'x-forwarded-host': host, 'x-forwarded-proto': 'https' };
      const request = new Request(url, { headers });
      return hosts.check(request, clients.resolve(request, peer))?.code;
    };
    expect(check('http://inner.test/', 'example.com', '10.0.0.1')).toBe(undefined);
    expect(check('http://inner.test/', 'example.com:443', '10.0.0.1')).toBe(undefined);
    expect(check('http://inner.test/', 'example.com', '192.0.2.1')).toBe('host_not_allowed');
    expect(check('http://example.com/', 'evil.example', '10.0.0.1')).toBe('host_not_allowed');
    expect(check('http://example.com/', 'evil.example', '192.0.2.1')).toBe(undefined);
    expect(check('http://example.com/', 'user@example.com', '10.0.0.1')).toBe('request_malformed');
  });

  it('refuses a URL that names no host with request_malformed', () => {
    const request = new Request('http://example.com/');
    Object.defineProperty(request, 'url', { value: 'data:,example.com' });
    expect(codeOf(['example.com'], request)).toBe('request_malformed');
  });

  // H4: what a client wrote is in no message.
  it('says nothing of the host', () => {
    const refusal = createHostCheck({ hosts: ['example.com'] }).check(requestTo('evil.example'));
    expect([refusal?.status, refusal?.headers, refusal?.issues]).toStrictEqual([421, undefined, undefined]);
    expect(refusal?.message).not.toContain('evil');
  });

  it.each([
    ['no options', undefined],
    ['no hosts', {}],
    ['an empty list', { hosts: [] }],
    ['a host twice', { hosts: ['a.example', 'a.example'] }],
    ['an unknown option', { hosts: ['a.example'], host: 'b.example' }],
    ['a pattern', { hosts: [/example/] }],
  ])('throws a TypeError for %s', (_name, options) => {
    expect(() => Reflect.apply(createHostCheck, undefined, [options])).toThrow(TypeError);
  });

  // C5, C7: what would never match, or match anybody.
  it.each([
    '*',
    '*.com',
    '*.1',
    '*.0.0.1',
    '*.192.0.2.1',
    '*.[::1]',
    '*.*.example.com',
    'a.*.example.com',
    'a*.example.com',
    '.example.com',
    'Example.com',
    'example.com.',
    'example.com:080',
    'example.com/',
    'https://example.com',
    '[0::1]',
    'ex\u00e4mple.com',
    '*.',
    ' example.com',
  ])('throws a TypeError for the host %j', (host) => {
    expect(() => createHostCheck({ hosts: ['a.example', host] })).toThrow(TypeError);
  });

  it('copies the hosts: changing them later changes nothing', () => {
    const hosts = ['example.com'];
    const check = createHostCheck({ hosts });
    hosts[0] = 'evil.example';
    expect(check.check(requestTo('example.com'))).toBe(undefined);
    expect(check.check(requestTo('evil.example'))?.code).toBe('host_not_allowed');
    expect(Object.isFrozen(check)).toBe(true);
  });
});
