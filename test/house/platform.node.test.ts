import { describe, expect, it } from 'vitest';
import { breaksPlatform } from './platform.ts';
import { readSources } from './source.ts';

const at = (path: string, text: string): string[] => breaksPlatform(new Map([[path, text]]));

describe('law 4, the platform', () => {
  it('holds in src', () => {
    expect(breaksPlatform(readSources('src'))).toEqual([]);
  });

  it.each([
    ['process', `export const a = () => process.env;`],
    ['process behind globalThis', `export const a = () => globalThis.process.env;`],
    ['Deno', `export const a = () => typeof Deno;`],
    ['Bun', `export const a = () => Bun.version;`],
    ['Buffer', `export const a = () => Buffer.from('');`],
    ['require', `export const a = () => require('fs');`],
    ['Date.now', `export const a = () => Date.now();`],
    ['Date.now as a value', `export const a = { clock: Date.now };`],
    ['Date.now behind globalThis', `export const a = () => globalThis.Date.now();`],
    ['new Date()', `export const a = () => new Date();`],
    ['performance.now', `export const a = () => performance.now();`],
    ['getRandomValues', `export const a = () => crypto.getRandomValues(new Uint8Array(1));`],
    [
      'getRandomValues behind globalThis',
      `export const a = () => globalThis.crypto.getRandomValues(new Uint8Array(1));`,
    ],
    ['randomUUID', `export const a = () => crypto.randomUUID();`],
    ['Math.random', `export const a = () => Math.random();`],
    ['JSON.parse', `export const a = (text: string) => JSON.parse(text);`],
    ['a called fetch', `export const a = () => fetch('https://example.com');`],
    ['a called fetch behind globalThis', `export const a = () => globalThis.fetch('https://example.com');`],
    ['eval', `export const a = () => eval('1');`],
    ['new Function', `export const a = () => new Function('1');`],
    ['Function', `export const a = () => Function('1');`],
  ])('is red for %s', (_, text) => {
    expect(at('src/jwt/a.ts', text)).toHaveLength(1);
  });

  it.each([
    ['process in the annexe', 'src/node/a.ts', `export const a = () => process.env;`],
    ['Date.now at its keeper', 'src/core/clock.ts', `export const a = () => Date.now();`],
    [
      'randomness at its keeper',
      'src/crypto/random.ts',
      `export const a = () => crypto.getRandomValues(new Uint8Array(1));`,
    ],
    [
      'fetch as the default of an option',
      'src/jwt/a.ts',
      `export const a = (o: { fetch?: typeof fetch }) => o.fetch ?? globalThis.fetch;`,
    ],
    [
      'a fetch that was passed',
      'src/jwt/a.ts',
      `export function a({ fetch = globalThis.fetch }) { return fetch('/'); }`,
    ],
    [
      'a property of the same name',
      'src/jwt/a.ts',
      `export const a = (step: { process: () => void }) => step.process();`,
    ],
    ['a date that was given', 'src/jwt/a.ts', `export const a = (ms: number) => new Date(ms);`],
    ['a type', 'src/jwt/a.ts', `export type A = Function;`],
  ])('is green for %s', (_, path, text) => {
    expect(at(path, text)).toEqual([]);
  });
});
