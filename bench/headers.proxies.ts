import { strictEqual } from 'node:assert/strict';
import { BlockList } from 'node:net';
import ipaddr from 'ipaddr.js';
import proxyAddress from 'proxy-addr';
import { createClientResolver, createIpList } from 'sallyport/net';
import { compare, type Contender, type Effort, type Report } from './harness.ts';

const PROXIES: readonly string[] = ['10.0.0.0/8', '192.168.0.0/16', 'fd00::/8'];
const PEER = '10.0.0.1';
const CLIENT = '203.0.113.7';
const FORWARDED_FOR = `${CLIENT}, 10.1.2.3`;
const ADDRESSES = 128;

export async function* proxyReports(effort: Effort): AsyncGenerator<Report> {
  yield await resolve(effort);
  for (const size of [10, 1000, 10_000]) yield await lookUp(effort, size);
  yield await growth(effort);
}

async function resolve(effort: Effort): Promise<Report> {
  const byXff = createClientResolver({ trustedProxies: PROXIES, read: 'x-forwarded' });
  const byForwarded = createClientResolver({ trustedProxies: PROXIES, read: 'forwarded' });
  const trust = proxyAddress.compile(PROXIES);
  const xff = new Request('http://api.example/', {
    headers: { 'x-forwarded-for': FORWARDED_FOR, 'x-forwarded-proto': 'https', 'x-forwarded-host': 'api.example' },
  });
  const forwarded = new Request('http://api.example/', {
    headers: { forwarded: `for=${CLIENT};proto=https;host=api.example, for=10.1.2.3` },
  });
  const message = { headers: { 'x-forwarded-for': FORWARDED_FOR }, socket: { remoteAddress: PEER } };
  strictEqual(byXff.resolve(xff, PEER).address, CLIENT);
  strictEqual(byForwarded.resolve(forwarded, PEER).address, CLIENT);
  strictEqual(proxyAddress(message, trust), CLIENT);
  const contenders: readonly Contender[] = [
    {
      name: 'sallyport, X-Forwarded-For: address, scheme, host',
      kind: 'ours',
      run(operations) {
        let found = 0;
        for (let operation = 0; operation < operations; operation++) {
          if (byXff.resolve(xff, PEER).address === CLIENT) found++;
        }
        expectAll(found, operations);
      },
    },
    {
      name: 'sallyport, Forwarded: the same',
      kind: 'ours',
      run(operations) {
        let found = 0;
        for (let operation = 0; operation < operations; operation++) {
          if (byForwarded.resolve(forwarded, PEER).address === CLIENT) found++;
        }
        expectAll(found, operations);
      },
    },
    {
      name: 'proxy-addr, X-Forwarded-For: address',
      kind: 'rival',
      run(operations) {
        let found = 0;
        for (let operation = 0; operation < operations; operation++) {
          if (proxyAddress(message, trust) === CLIENT) found++;
        }
        expectAll(found, operations);
      },
    },
  ];
  return await compare({
    id: 'headers/client',
    title: 'Who sent it: two trusted hops of three networks',
    unit: 'ns',
    contenders,
  }, effort);
}

/** Half of the addresses lie in one of the networks. */
async function lookUp(effort: Effort, size: number): Promise<Report> {
  const networks = Array.from({ length: size }, (_, index) => `${addressOf(index * 2)}/24`);
  const addresses = Array.from({ length: ADDRESSES }, (_, index) => {
    // Spread over the list, and not in its order.
    const network = (index * 7919) % (size * 2);
    return addressOf(network).replace(/0$/, String(1 + index % 250));
  });
  const ours = createIpList(networks);
  const parsed = networks.map((network) => ipaddr.parseCIDR(network));
  const list = new BlockList();
  for (const network of networks) {
    list.addSubnet(network.replace(/\/24$/, ''), 24);
  }
  const hits = addresses.filter((address) => ours.has(address)).length;
  for (const address of addresses) {
    strictEqual(ours.has(address), list.check(address));
    strictEqual(ours.has(address), isInAny(address, parsed));
  }
  const contenders: readonly Contender[] = [
    {
      name: 'sallyport',
      kind: 'ours',
      run(operations) {
        let found = 0;
        for (let operation = 0; operation < operations; operation++) {
          for (const address of addresses) if (ours.has(address)) found++;
        }
        expectAll(found, operations * hits);
      },
    },
    {
      name: 'node:net BlockList',
      kind: 'rival',
      run(operations) {
        let found = 0;
        for (let operation = 0; operation < operations; operation++) {
          for (const address of addresses) if (list.check(address)) found++;
        }
        expectAll(found, operations * hits);
      },
    },
    {
      name: 'ipaddr.js, one network after another',
      kind: 'rival',
      run(operations) {
        let found = 0;
        for (let operation = 0; operation < operations; operation++) {
          for (const address of addresses) {
            if (isInAny(address, parsed)) found++;
          }
        }
        expectAll(found, operations * hits);
      },
    },
  ];
  return await compare({
    id: `headers/ip-list-${size}`,
    title: `One address, as text, among ${size.toLocaleString('en-US')} networks`,
    unit: 'ns',
    jobsPerOperation: ADDRESSES,
    contenders,
  }, effort);
}

/** Beside no rival, but beside itself: a thousand times as many networks must not cost a thousand times as much. */
async function growth(effort: Effort): Promise<Report> {
  const contenders = [10, 1000, 10_000].map((size): Contender => {
    const { networks, addresses } = sample(size);
    const { has } = createIpList(networks);
    const contender: Contender = {
      name: `sallyport, ${size.toLocaleString('en-US')} networks`,
      kind: 'ours',
      run(operations) {
        let found = 0;
        for (let operation = 0; operation < operations; operation++) {
          for (const address of addresses) if (has(address)) found++;
        }
        if (found === 0) throw new Error('No address was found.');
      },
    };
    return size === 10_000 ? { ...contender, target: { of: 'ratio', atMost: 10 } } : contender;
  });
  return await compare({
    id: 'headers/ip-list-growth',
    title: 'One address, as text, among more and more networks; the ratio is to the fewest',
    unit: 'ns',
    jobsPerOperation: ADDRESSES,
    contenders,
  }, effort);
}

/** Networks, and addresses of which half lie in one of them; spread over the list, and not in its order. */
function sample(size: number): { readonly networks: readonly string[]; readonly addresses: readonly string[] } {
  const networks = Array.from({ length: size }, (_, index) => `${addressOf(index * 2)}/24`);
  const addresses = Array.from({ length: ADDRESSES }, (_, index) => {
    return addressOf((index * 7919) % (size * 2)).replace(/0$/, String(1 + index % 250));
  });
  return { networks, addresses };
}

function isInAny(text: string, networks: readonly [ipaddr.IPv4 | ipaddr.IPv6, number][]): boolean {
  const address = ipaddr.parse(text);
  for (const [network, bits] of networks) {
    if (address.kind() === network.kind() && address.match(network, bits)) {
      return true;
    }
  }
  return false;
}

/** `20.0.0.0`, `20.0.1.0`, … */
function addressOf(index: number): string {
  return `${20 + (index >>> 16)}.${(index >>> 8) & 255}.${index & 255}.0`;
}

function expectAll(found: number, wanted: number): void {
  if (found !== wanted) throw new Error('An address was taken for another.');
}
