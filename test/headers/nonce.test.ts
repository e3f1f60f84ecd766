import { describe, expect, test } from 'vitest';
import { createNonce, isNonce } from '../../src/headers/nonce.ts';

describe('createNonce()', () => {
  // CSP Level 3 section 8.1: at least 128 bits; 24 characters of base64 hold 144.
  test('createNonce() makes 128 bits in the alphabet of base64', () => {
    expect(createNonce()).toMatch(/^[A-Za-z0-9+/]{24}$/);
  });

  test('createNonce() never makes the same twice', () => {
    expect(new Set(Array.from({ length: 1000 }, createNonce)).size).toBe(1000);
  });

  test('createNonce() makes what isNonce() takes', () => {
    expect(isNonce(createNonce())).toBe(true);
  });
});
