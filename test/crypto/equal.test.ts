import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { timingSafeEqual } from '../../src/crypto/equal.ts';

describe('timingSafeEqual', () => {
  it('timingSafeEqual() agrees with comparing the bytes as text', () => {
    const bytes = fc.uint8Array({ maxLength: 3, max: 2 });
    fc.assert(
      fc.property(bytes, bytes, (left, right) => timingSafeEqual(left, right) === (left.join() === right.join())),
    );
  });

  it('timingSafeEqual() tells equal bytes in different buffers equal', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => timingSafeEqual(bytes, new Uint8Array(bytes))));
  });

  it('timingSafeEqual() sees a difference of one bit anywhere', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 64 }), fc.nat(), (bytes, position) => {
        const other = new Uint8Array(bytes);
        const index = position % bytes.length;
        other[index] = (other[index] ?? 0) ^ (1 << (position & 7));
        return !timingSafeEqual(bytes, other);
      }),
    );
  });

  it.each([[0, 1], [1, 0], [31, 32], [33, 32]])('timingSafeEqual() tells %i from %i zero bytes', (left, right) => {
    expect(timingSafeEqual(new Uint8Array(left), new Uint8Array(right))).toBe(false);
  });

  // Who stops at the first difference tells how much of a guess was right: the bytes that are read must not depend on where it is.
  it('timingSafeEqual() reads as many bytes wherever the difference is, and where there is none', () => {
    let reads = 0;
    const counted = (bytes: Uint8Array): Uint8Array =>
      new Proxy(bytes, {
        get: (target, name): unknown => {
          if (typeof name === 'string' && /^\d+$/.test(name)) reads++;
          return Reflect.get(target, name, target);
        },
      });
    const counts = [[], [0], [31], [0, 31]].map((differing) => {
      const other = new Uint8Array(32);
      for (const index of differing) other[index] = 1;
      reads = 0;
      expect(timingSafeEqual(counted(new Uint8Array(32)), counted(other))).toBe(differing.length === 0);
      return reads;
    });
    expect(counts).toEqual([64, 64, 64, 64]);
  });

  it('timingSafeEqual() compares the views, not the buffers under them', () => {
    const buffer = new Uint8Array([1, 2, 1, 2]);
    expect(timingSafeEqual(buffer.subarray(0, 2), buffer.subarray(2))).toBe(true);
    expect(timingSafeEqual(buffer.subarray(0, 2), buffer.subarray(1, 3))).toBe(false);
  });
});
