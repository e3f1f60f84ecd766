import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { breaksDoorLaw, facesOf, roomsOf } from './doors.ts';
import { readSources, root } from './source.ts';

const house = readSources('src');
const manifest = (name: string): Record<string, unknown> => JSON.parse(readFileSync(root + name, 'utf8'));

describe('law 6, the doors', () => {
  it('holds in src', () => {
    expect(breaksDoorLaw(house)).toEqual([]);
  });

  // `npm run doors` makes them agree again.
  it('package.json and deno.json export exactly the doors that exist', () => {
    const faces = facesOf(roomsOf(house));
    expect(manifest('package.json')).toMatchObject({ exports: faces.exports, typesVersions: faces.typesVersions });
    expect(Object.keys(manifest('package.json')['exports'] ?? {})).toEqual(Object.keys(faces.exports));
    expect(manifest('deno.json')['exports']).toEqual(faces.denoExports);
    expect(manifest('deno.json')['imports']).toEqual(faces.denoImports);
  });

  it('sees a new room by itself', () => {
    const rooms = roomsOf(new Map([...house, ['src/attic/index.ts', '']]));
    expect(Object.keys(facesOf(rooms).exports)).toContain('./attic');
    expect(Object.keys(facesOf(rooms).denoExports)).toContain('./attic');
    expect(facesOf(rooms).typesVersions).toMatchObject({ '*': { attic: ['./dist/attic/index.d.cts'] } });
  });

  it('is red for a room without a door', () => {
    expect(breaksDoorLaw(new Map([['src/jwt/a.ts', '']]))).toEqual(['src/jwt has no door']);
  });

  it.each([
    ['a star', `/**\n * A.\n */\nexport * from './a.ts';`],
    ['a namespace', `/**\n * A.\n */\nexport * as a from './a.ts';`],
    ['code', `/**\n * A.\n */\nexport const a = 1;`],
    ['an import', `/**\n * A.\n */\nimport { a } from './a.ts';`],
    ['no sentence', `export { a } from './a.ts';`],
  ])('is red for a door with %s', (_, text) => {
    expect(breaksDoorLaw(new Map([['src/jwt/index.ts', text]]))).toHaveLength(1);
  });
});
