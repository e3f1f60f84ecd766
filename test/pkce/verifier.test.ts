import { describe, expect, test } from 'vitest';
import { generateVerifier } from '../../src/pkce/index.ts';

describe('generateVerifier()', () => {
  test('makes 43 unreserved characters', () => {
    expect(generateVerifier()).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test('never makes the same twice', () => {
    expect(new Set(Array.from({ length: 100 }, () => generateVerifier())).size).toBe(100);
  });
});
