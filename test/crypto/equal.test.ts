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

  it('timingSafeEqual() compares the views, not the buffers under them', () => {
    const buffer = new Uint8Array([1, 2, 1, 2]);
    expect(timingSafeEqual(buffer.subarray(0, 2), buffer.subarray(2))).toBe(true);
    expect(timingSafeEqual(buffer.subarray(0, 2), buffer.subarray(1, 3))).toBe(false);
  });
});
