import ts from 'typescript';
import { isDoor, parse, roomOf, type Sources, where } from './source.ts';

/** The faces a door has in package.json and deno.json. All are computed, so that a new room needs no list edited by hand. */
export interface Faces {
  readonly exports: Readonly<Record<string, unknown>>;
  readonly typesVersions: Readonly<Record<string, unknown>>;
  readonly denoExports: Readonly<Record<string, string>>;
  readonly denoImports: Readonly<Record<string, string>>;
}

export function roomsOf(sources: Sources): string[] {
  return [...new Set([...sources.keys()].map(roomOf))].filter((room) => room !== '').sort();
}

export function facesOf(rooms: readonly string[]): Faces {
  const doors = ['', ...rooms];
  return {
    exports: { ...byDoor(doors, './', npmFace), './package.json': './package.json' },
    // Only the resolution of Node 10 reads it: it knows no `exports`, so subpaths need a map of their own.
    typesVersions: { '*': Object.fromEntries(rooms.map((room) => [room, [`./dist/${room}/index.d.cts`]])) },
    denoExports: byDoor(doors, './', (file) => `./src/${file}.ts`),
    denoImports: byDoor(doors, 'sallyport/', (file) => `./src/${file}.ts`),
  };
}

/** Law 6: every room has a door, and a door holds nothing but a sentence and named exports. */
export function breaksDoorLaw(sources: Sources): string[] {
  const found = roomsOf(sources)
    .filter((room) => !sources.has(`src/${room}/index.ts`))
    .map((room) => `src/${room} has no door`);
  for (const [path, text] of sources) {
    if (!isDoor(path)) continue;
    if (!text.startsWith('/**\n * ')) found.push(`${path} does not start with its sentence`);
    const file = parse(path, text);
    for (const statement of file.statements) {
      const named = ts.isExportDeclaration(statement) && statement.moduleSpecifier !== undefined &&
        statement.exportClause !== undefined && ts.isNamedExports(statement.exportClause);
      if (!named) found.push(`${where(file, statement)} is no named export`);
    }
  }
  return found;
}

function byDoor<T>(doors: readonly string[], prefix: string, face: (file: string) => T): Record<string, T> {
  const root = prefix === './' ? '.' : prefix.slice(0, -1);
  return Object.fromEntries(
    doors.map((room) => room === '' ? [root, face('index')] : [prefix + room, face(`${room}/index`)]),
  );
}

function npmFace(file: string): unknown {
  return {
    import: { types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` },
    require: { types: `./dist/${file}.d.cts`, default: `./dist/${file}.cjs` },
  };
}
