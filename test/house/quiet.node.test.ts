import { describe, expect, it } from 'vitest';
import { breaksGlobals, breaksQuiet } from './quiet.ts';
import { readSources } from './source.ts';

const house = readSources('src');
const quiet = (text: string): string[] => breaksQuiet(new Map([['src/jwt/a.ts', text]]));

describe('law 4, the silence', () => {
  it('holds in src', () => {
    expect(breaksQuiet(house)).toEqual([]);
    expect(breaksGlobals(house)).toEqual([]);
  });

  it.each([
    ['a timer', `export const timer = setInterval(() => {}, 1000);`],
    ['randomness', `const salt = randomBytes.getRandomValues(new Uint8Array(8));`],
    ['a request', `const keys = fetch('https://example.com');`],
    ['a promise of a key', `const key = crypto.subtle.importKey('raw', bytes, 'HMAC', false, ['sign']);`],
    ['the time of loading', `const started = Date.now();`],
    ['a statement', `Object.freeze(Array.prototype);`],
    ['a condition', `if (globalThis.x) { y(); }`],
    ['an import for effect', `import './polyfill.ts';`],
    ['let', `let count = 0;`],
    ['a cache', `const cache = new Map<string, number>();`],
    ['a weak cache', `const cache = new WeakMap();`],
    ['an empty list', `export const list: string[] = [];`],
    ['an empty record', `export const record = {};`],
  ])('is red for %s', (_, text) => {
    expect(quiet(text)).toHaveLength(1);
  });

  it.each([
    ['a timer inside a function', `export function a(): void { setTimeout(() => {}, 1); }`],
    ['a table', `const rows = new Map([['ES256', 1]]);`],
    ['a frozen list', `export const list = Object.freeze(['a']);`],
    ['a coder', `const encoder = new TextEncoder();`],
    [
      'a cache inside a closure',
      `export function createCache() { const cache = new Map(); let n = 0; return { cache, n }; }`,
    ],
  ])('is green for %s', (_, text) => {
    expect(quiet(text)).toEqual([]);
  });

  it.each([
    ['a global', `export function a() { globalThis.x = 1; }`],
    ['a prototype', `export function a() { String.prototype.at = f; }`],
  ])('is red for changing %s', (_, text) => {
    expect(breaksGlobals(new Map([['src/jwt/a.ts', text]]))).toHaveLength(1);
  });
});
