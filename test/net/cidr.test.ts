import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createIpList } from '../../src/net/cidr.ts';
import { formatIp, parseIp } from '../../src/net/ip.ts';

/** An address of 32 or 128 bits as text. */
function textOf(value: bigint, width: 32 | 128): string {
  const word = (shift: bigint): number => Number((value >> shift) & 0xffff_ffffn);
  return width === 32
    ? formatIp({ version: 4, words: [word(0n)] })
    : formatIp({ version: 6, words: [96n, 64n, 32n, 0n].map(word) });
}

function maskOf(bits: number, width: number): bigint {
  return ((1n << BigInt(bits)) - 1n) << BigInt(width - bits);
}

describe('createIpList', () => {
  it.each([
    ['10.0.0.0/8', ['10.0.0.0', '10.255.255.255'], ['9.255.255.255', '11.0.0.0', '::1']],
    ['192.0.2.1', ['192.0.2.1'], ['192.0.2.0', '192.0.2.2']],
    ['192.0.2.1/32', ['192.0.2.1'], ['192.0.2.0']],
    ['0.0.0.0/0', ['0.0.0.0', '255.255.255.255'], ['::', '::1']],
    ['128.0.0.0/1', ['128.0.0.0', '255.255.255.255'], ['127.255.255.255']],
    ['2001:db8::/32', ['2001:db8::', '2001:DB8:ffff::1'], ['2001:db7:ffff::', '2001:db9::', '10.0.0.1']],
    ['::1', ['::1', '0:0:0:0:0:0:0:1'], ['::', '::2', '0.0.0.1']],
    ['2001:db8::/33', ['2001:db8:7fff::'], ['2001:db8:8000::']],
    ['::/0', ['::1', 'ffff::'], ['10.0.0.1', '::ffff:10.0.0.1']],
  ])('createIpList() of %s holds %j and not %j', (network, inside, outside) => {
    const list = createIpList([network]);
    for (const address of inside) expect(list.has(address), address).toBe(true);
    for (const address of outside) expect(list.has(address), address).toBe(false);
  });

  // A mapped address passes a list that takes it for IPv6.
  it.each(['10.0.0.0/8', '::ffff:10.0.0.0/104', '::ffff:a00:0/104'])(
    'createIpList() of %s holds every spelling of 10.1.2.3',
    (network) => {
      const list = createIpList([network]);
      for (
        const address of ['10.1.2.3', '::ffff:10.1.2.3', '::ffff:a01:203', '0:0:0:0:0:ffff:a01:203', '::FFFF:A01:203']
      ) {
        expect(list.has(address), address).toBe(true);
      }
      expect(list.has('::ffff:11.1.2.3')).toBe(false);
    },
  );

  // RFC 6052, RFC 3056: a translator's address is not the host's own, and must not pass an allow list.
  it('createIpList() does not take translated addresses for IPv4', () => {
    const list = createIpList(['10.0.0.0/8']);
    for (const address of ['64:ff9b::10.1.2.3', '2002:a01:203::', '::10.1.2.3']) expect(list.has(address)).toBe(false);
  });

  it.each<32 | 128>([32, 128])('createIpList() agrees with masking a whole number of %i bits', (width) => {
    const value = fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n });
    fc.assert(
      fc.property(value, value, fc.nat(width), fc.nat(width), (base, random, bits, keep) => {
        const mask = maskOf(bits, width);
        const network = `${textOf(base & mask, width)}/${bits}`;
        // Half of the addresses share a prefix with the network, or nothing would ever be inside.
        const shared = maskOf(keep, width);
        const address = (base & shared) | (random & ~shared);
        // A mapped address counts as IPv4, and belongs to no network of IPv6.
        fc.pre([base & mask, address].every((ip) => width === 32 || parseIp(textOf(ip, width))?.version === 6));
        expect(createIpList([network]).has(textOf(address, width))).toBe((address & mask) === (base & mask));
      }),
      { numRuns: 1000 },
    );
  });

  it.each<32 | 128>([32, 128])(
    'createIpList() throws exactly where bits are set beyond the prefix of %i bits',
    (width) => {
      fc.assert(
        fc.property(fc.bigInt({ min: 0n, max: (1n << BigInt(width)) - 1n }), fc.nat(width), (value, bits) => {
          const text = textOf(value, width);
          fc.pre(width === 32 || parseIp(text)?.version === 6);
          const masked = (value & maskOf(bits, width)) === value;
          const create = (): unknown => createIpList([`${text}/${bits}`]);
          if (masked) expect(create).not.toThrow();
          else expect(create).toThrow(TypeError);
        }),
      );
    },
  );

  it.each([
    '',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/+8',
    '10.0.0.0/08',
    '10.0.0.0/8.0',
    '10.0.0.0/8e0',
    '10.0.0.0/0x8',
    '10.0.0.0/ 8',
    '10.0.0.0/8 ',
    ' 10.0.0.0/8',
    '10.0.0.0/8/8',
    '10.0.0.0/NaN',
    '10.0.0.0/Infinity',
    '10.0.0.0/255.0.0.0',
    '10.0.0.0\\8',
    '10.0.0.1/8',
    '10/8',
    '010.0.0.0/8',
    '::/129',
    '::1/127',
    'fe80::%eth0/64',
    '[::1]/128',
    '::ffff:10.0.0.0/95',
    '::ffff:10.0.0.0/0',
    '::ffff:10.0.0.0/129',
    '::ffff:10.0.0.1/104',
    '::ffff:10.0.0.0/8',
    'localhost',
    '*',
  ])('createIpList() throws a TypeError for %j', (network) => {
    expect(() => createIpList(['192.0.2.1', network])).toThrow(TypeError);
  });

  it.each([
    [undefined],
    [null],
    ['10.0.0.0/8'],
    [1],
    [{ length: 1, 0: '10.0.0.0/8' }],
    [[1]],
    [[null]],
    [new Array(1)],
    [[['10.0.0.0/8']]],
  ])(
    'createIpList() throws a TypeError for %j, which is no list of texts',
    (cidrs) => {
      expect(() => Reflect.apply(createIpList, undefined, [cidrs])).toThrow(TypeError);
    },
  );

  it.each([
    '',
    ' ',
    '10.0.0.1 ',
    '010.0.0.1',
    '10.0.0.1:80',
    '10.0.0.0/8',
    'fe80::1%eth0',
    '0',
    '*',
    '::ffff:10.0.0.1.2',
  ])(
    'createIpList() holds nothing that is no address: %j',
    (address) => {
      expect(createIpList(['0.0.0.0/0', '::/0']).has(address)).toBe(false);
    },
  );

  it('createIpList() of no networks holds no address', () => {
    expect(createIpList([]).has('10.0.0.1')).toBe(false);
  });

  it('createIpList() copies the list: changing it later changes nothing', () => {
    const cidrs = ['10.0.0.0/8'];
    const list = createIpList(cidrs);
    cidrs[0] = '0.0.0.0/0';
    cidrs.push('192.0.2.0/24');
    expect([list.has('10.0.0.1'), list.has('192.0.2.1'), list.has('8.8.8.8')]).toStrictEqual([true, false, false]);
    expect(Object.isFrozen(list)).toBe(true);
  });
});
