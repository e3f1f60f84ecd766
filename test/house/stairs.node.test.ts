import { describe, expect, it } from 'vitest';
import { readSources } from './source.ts';
import { breaksCircle, breaksDoors, breaksStairs, breaksStrangers } from './stairs.ts';

const house = readSources('src');
const file = (path: string, text: string): Map<string, string> => new Map([[path, text]]);

describe('law 1, the stairs', () => {
  it('holds in src', () => {
    expect(breaksStairs(house)).toEqual([]);
  });

  it('reads a whole house', () => {
    expect(house.size).toBeGreaterThan(20);
  });

  it.each([
    ['up', 'src/core/a.ts', `import { b } from '../crypto/b.ts';`],
    ['up, as a type', 'src/core/a.ts', `import type { B } from '../crypto/b.ts';`],
    ['up, as an import type', 'src/core/a.ts', `export type A = import('../crypto/b.ts').B;`],
    ['up, as a re-export', 'src/core/a.ts', `export { b } from '../crypto/b.ts';`],
    ['up, later', 'src/core/a.ts', `export const b = () => import('../crypto/b.ts');`],
    ['up, to the root', 'src/secure/a.ts', `import { b } from '../index.ts';`],
    ['to a package', 'src/core/a.ts', `import { b } from 'jose';`],
    ['to a computed module', 'src/core/a.ts', `export const b = (name: string) => import(name);`],
    ['to node: outside the annexe', 'src/core/a.ts', `import { b } from 'node:fs';`],
    ['out of src', 'src/core/a.ts', `import { b } from '../../test/b.ts';`],
    ['from a room without a floor', 'src/attic/a.ts', `import { b } from '../core/b.ts';`],
    ['from the annexe to another room', 'src/node/a.ts', `import { b } from '../net/b.ts';`],
    ['from a room to the annexe', 'src/secure/a.ts', `import { b } from '../node/b.ts';`],
  ])('is red for an import %s', (_, path, text) => {
    expect(breaksStairs(file(path, text))).toHaveLength(1);
  });

  it.each([
    ['down', 'src/jwt/a.ts', `import { b } from '../crypto/b.ts';`],
    ['in the own room', 'src/secure/stages/a.ts', `import { b } from '../order.ts';`],
    ['of node: in the annexe', 'src/node/a.ts', `import { b } from 'node:http';`],
    ['of core in the annexe', 'src/node/a.ts', `import { b } from '../core/b.ts';`],
    ['by the root', 'src/index.ts', `export { b } from './secure/b.ts';`],
  ])('is green for an import %s', (_, path, text) => {
    expect(breaksStairs(file(path, text))).toEqual([]);
  });
});

describe('law 1, the circle', () => {
  it('holds in src', () => {
    expect(breaksCircle(house)).toEqual([]);
  });

  it('is red for two files that import each other, types included', () => {
    const circle = new Map([
      ['src/core/a.ts', `import type { B } from './b.ts';`],
      ['src/core/b.ts', `import { a } from './a.ts';`],
    ]);
    expect(breaksCircle(circle)).toEqual(['src/core/a.ts -> src/core/b.ts -> src/core/a.ts']);
  });
});

describe('law 2, files and not doors', () => {
  it('holds in src', () => {
    expect(breaksDoors(house)).toEqual([]);
  });

  it.each([
    ["another room's door", 'src/jwt/a.ts', `import { b } from '../crypto/index.ts';`],
    ['its own door', 'src/jwt/a.ts', `import { b } from './index.ts';`],
    ['the root door', 'src/jwt/a.ts', `import { b } from '../index.ts';`],
  ])('is red for %s', (_, path, text) => {
    expect(breaksDoors(file(path, text))).toHaveLength(1);
  });
});

describe('law 3, strangers', () => {
  it('holds in src', () => {
    expect(breaksStrangers(house)).toEqual([]);
  });

  it('is red for a neighbour', () => {
    expect(breaksStrangers(file('src/jwt/a.ts', `import type { B } from '../limiter/b.ts';`))).toHaveLength(1);
  });
});
