import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { countInstantiations, INSTANTIATION_BUDGET } from '../test/size/instantiations.ts';
import type { Report, Row, Target } from './harness.ts';

// From where build.ts puts what is compiled, three folders below bench.
const BENCH = new URL('../../../', import.meta.url);
const DECLARATIONS = fileURLToPath(new URL('../dist/schema/index.d.ts', BENCH));
const SIZE_BUDGET = 2.2 * 1024;

const BODIES = [
  { name: 'sallyport', kind: 'ours', file: '../test/size/typical-body.ts' },
  { name: 'zod', kind: 'rival', file: './schema.zod-body.ts' },
  { name: 'zod/mini', kind: 'rival', file: './schema.mini-body.ts' },
  { name: 'valibot', kind: 'rival', file: './schema.valibot-body.ts' },
] as const;

/** What a typical body costs a browser, and the compiler: the two are budgets of `npm run size` as well, for ours. */
export async function* weightReports(): AsyncGenerator<Report> {
  const bytes: number[] = [];
  for (const { file } of BODIES) bytes.push(await weigh(fileURLToPath(new URL(file, BENCH))));
  yield {
    id: 'schema/gzip',
    title: 'A typical body: the schema and its library, bundled, minified and gzipped',
    unit: 'bytes',
    rows: rowsOf(bytes, SIZE_BUDGET),
  };
  const id = 'schema/instantiations';
  const title = 'A typical body: types that tsc instantiates for it';
  if (!existsSync(DECLARATIONS)) {
    yield {
      id,
      title,
      unit: 'types',
      rows: [],
      notes: ['There is no dist to read our declarations from: `npm run build` makes it.'],
    };
    return;
  }
  const counts = BODIES.map(({ file }) =>
    countInstantiations(fileURLToPath(new URL(file, BENCH)), { 'sallyport/schema': [DECLARATIONS] })
  );
  yield { id, title, unit: 'types', rows: rowsOf(counts, INSTANTIATION_BUDGET) };
}

function rowsOf(values: readonly number[], budget: number): Row[] {
  return BODIES.map(({ name, kind }, index) => {
    const value = values[index] ?? NaN;
    const row = { name, kind, value, ratio: value / (values[0] ?? NaN) };
    const target: Target = { of: 'value', atMost: budget };
    return kind === 'ours' ? { ...row, target } : row;
  });
}

async function weigh(file: string): Promise<number> {
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    target: 'es2022',
    logLevel: 'error',
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).length;
}
