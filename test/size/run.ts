import { build, type BuildOptions } from 'esbuild';
import { existsSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { annexe, floors } from '../house/floors.ts';
import { roomOf, root } from '../house/source.ts';
import { entries, type Entry } from './entries.ts';
import { countInstantiations, INSTANTIATION_BUDGET } from './instantiations.ts';

// The weight is that of what is published, so dist must be there; the bleed is told by source files, which dist has merged into chunks.
if (!existsSync(`${root}dist/index.js`)) throw new Error('There is no dist: run `npm run build` first.');

let failed = false;
for (const entry of entries) {
  const bytes = await weigh(entry);
  const strangers = await findStrangers(entry);
  const over = bytes > entry.budgetBytes;
  failed ||= over || strangers.length > 0;
  const verdict = over ? 'OVER BUDGET' : strangers.length > 0 ? `BLEEDS: ${strangers.join(', ')}` : 'ok';
  console.log(`${entry.name.padEnd(26)}${format(bytes)} of ${format(entry.budgetBytes)}  ${verdict}`);
}
const count = countInstantiations(`${root}test/size/typical-body.ts`, {
  'sallyport/schema': [`${root}dist/schema/index.d.ts`],
});
failed ||= count > INSTANTIATION_BUDGET;
const verdict = count > INSTANTIATION_BUDGET ? 'OVER BUDGET' : 'ok';
console.log(`${'schema (types of a body)'.padEnd(26)}${count} instantiations of ${INSTANTIATION_BUDGET}  ${verdict}`);
process.exitCode = failed ? 1 : 0;

async function weigh(entry: Entry): Promise<number> {
  // Without the paths of tsconfig.json the name leads through `exports` into dist, as it does for a guest.
  const { outputFiles } = await build({ ...options(entry), minify: true, write: false, tsconfigRaw: {} });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}

async function findStrangers(entry: Entry): Promise<string[]> {
  const { metafile } = await build({ ...options(entry), minify: false, write: false, metafile: true });
  const carried = Object.values(metafile.outputs).flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([path, { bytesInOutput }]) => path.startsWith('src/') && bytesInOutput > 0)
    .map(([path]) => path);
  // A bundle without one file of src would pass every check.
  if (carried.length === 0) throw new Error(`The bundle of ${entry.name} holds nothing of src.`);
  return carried.filter((path) => isGuarded(roomOf(path)) && !entry.rooms.includes(roomOf(path)));
}

function isGuarded(room: string): boolean {
  return room === annexe || (floors.get(room) ?? 0) >= (floors.get('jwt') ?? 0);
}

function options(entry: Entry): BuildOptions {
  return {
    absWorkingDir: root,
    stdin: { contents: entry.code, resolveDir: root, loader: 'ts' },
    bundle: true,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'error',
  };
}

function format(bytes: number): string {
  return `${(bytes / 1024).toFixed(2)} KB`.padStart(9);
}
