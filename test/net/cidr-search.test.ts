import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIpList } from '../../src/net/cidr.ts';
import { formatIp, type IpAddress, parseIp } from '../../src/net/ip.ts';

/** A network as numbers: of how many bits the address is, which of them count, and their value. */
interface Network {
  readonly width: 32 | 128;
  readonly bits: number;
  readonly value: bigint;
}

function addressOf(value: bigint, width: 32 | 128): IpAddress {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffff_ffffn);
  return width === 32 ? { version: 4, words: [word(0n)] } : { version: 6, words: [96n, 64n, 32n, 0n].map(word) };
}

function masked(value: bigint, bits: number, width: number): bigint {
  const dropped = BigInt(width - bits);
  return (value >> dropped) << dropped;
}

const textOf = ({ width, bits, value }: Network): string => `${formatIp(addressOf(value, width))}/${bits}`;

/** What the list must say, with no trick at all. */
function naiveHas(networks: readonly Network[], value: bigint, width: 32 | 128): boolean {
  return networks.some((network) => network.width === width && masked(value, network.bits, width) === network.value);
}

// Few distinct bits, so that networks lie in and beside one another, and addresses in them.
const IPV4 = fc.array(fc.constantFrom(0n, 1n, 127n, 128n, 255n), { minLength: 4, maxLength: 4 })
  .map((octets) => octets.reduce<bigint>((value, octet) => (value << 8n) | octet, 0n));
const IPV6 = fc.array(fc.constantFrom(0n, 1n, 0x7fffn, 0x8000n, 0xffffn), { minLength: 8, maxLength: 8 })
  // A mapped address is one of IPv4.
  .map((groups) => groups.reduce<bigint>((value, group) => (value << 16n) | group, 0n)).filter((value) =>
    value >> 32n !== 0xffffn
  );
const network = fc.oneof(
  fc.record({ width: fc.constant<32>(32), bits: fc.nat(32), value: IPV4 }),
  fc.record({ width: fc.constant<128>(128), bits: fc.nat(128), value: IPV6 }),
).map((one): Network => ({ ...one, value: masked(one.value, one.bits, one.width) }))
  // Masking can make one a mapped address, which would be written with other bits.
  .filter(({ width, value }) => width === 32 || value >> 32n !== 0xffffn);

describe('createIpList() of many networks', () => {
  it('says what comparing with every network says', () => {
    fc.assert(
      fc.property(fc.array(network, { maxLength: 60 }), fc.array(IPV4), fc.array(IPV6), (networks, four, six) => {
        const list = createIpList(networks.map(textOf));
        // The first and the last address of each network, and their neighbours, are where a search goes wrong.
        const edges = networks.flatMap(({ width, bits, value }) => {
          const last = value + (1n << BigInt(width - bits)) - 1n;
          const all = (1n << BigInt(width)) - 1n;
          return [value, last, value - 1n, last + 1n].map((edge) => ({ width, value: edge & all }));
        });
        const asked = [
          ...edges,
          ...four.map((value) => ({ width: 32 as const, value })),
          ...six.map((value) => ({ width: 128 as const, value })),
        ];
        for (const { width, value } of asked) {
          if (width === 128 && value >> 32n === 0xffffn) continue;
          const address = addressOf(value, width);
          expect(list.has(address)).toBe(naiveHas(networks, value, width));
          expect(list.has(formatIp(address))).toBe(naiveHas(networks, value, width));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('does not mind the order of the networks, or one within another', () => {
    const list = createIpList(['10.1.0.0/16', '10.0.0.0/8', '10.0.0.0/24', '10.255.255.255', '2001:db8::/32', '::1']);
    for (const inside of ['10.0.0.0', '10.0.1.0', '10.1.2.3', '10.255.255.255', '2001:db8::1', '::1']) {
      expect(list.has(inside), inside).toBe(true);
    }
    for (const outside of ['9.255.255.255', '11.0.0.0', '2001:db9::', '::2']) expect(list.has(outside)).toBe(false);
  });

  it('finds each of 10,000 networks and nothing between them', () => {
    const cidrs = Array.from({ length: 10_000 }, (_, index) => `10.${index >> 8}.${index & 255}.64/26`);
    const list = createIpList([...cidrs, ...cidrs].reverse());
    for (let index = 0; index < 10_000; index++) {
      const prefix = `10.${index >> 8}.${index & 255}`;
      expect([63, 64, 127, 128].map((octet) => list.has(`${prefix}.${octet}`))).toStrictEqual([
        false,
        true,
        true,
        false,
      ]);
    }
  });

  // Sublinear: among 16,384 networks a lookup looks at no more than 15 of them.
  it('takes as many steps as the number of networks has binary digits', () => {
    const cidrs = Array.from({ length: 16_384 }, (_, index) => `10.${index >> 8}.${index & 255}.0/24`);
    const list = createIpList(cidrs);
    let reads = 0;
    const words = new Proxy([parseIp('10.32.7.9')?.words[0] ?? 0], {
      get(target, key): unknown {
        if (key === '0') reads++;
        return Reflect.get(target, key);
      },
    });
    expect(list.has({ version: 4, words })).toBe(true);
    expect(reads).toBeLessThanOrEqual(16);
  });

  // P7
  it('keeps the wide networks of IPv6 apart from IPv4', () => {
    const list = createIpList(['::/0', '::/80', '::/16']);
    for (const address of ['0.0.0.0', '10.0.0.1', '::ffff:10.0.0.1', '::FFFF:A00:1']) {
      expect(list.has(address), address).toBe(false);
    }
    expect(createIpList(['::ffff:0:0/96']).has('10.0.0.1')).toBe(true);
    expect(createIpList(['::ffff:0:0/96']).has('::')).toBe(false);
  });
});
