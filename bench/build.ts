import { build } from 'esbuild';
import { fileURLToPath } from 'node:url';

// Below node_modules, so that it is ignored by everything, and finds the rivals.
const OUT = new URL('./node_modules/.cache/sallyport/', import.meta.url);

/**
 * Compiles cases and our source as the package is compiled, and tells where a case then is. Run through the loader of this file, `secure()`
 * without its signature took 70 to 92 us where the compiled code took 65 to 69. And so every runtime runs the same code.
 */
export async function buildCases(
  files: readonly string[],
): Promise<(file: string) => string> {
  const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
  await build({
    entryPoints: files.map((file) => here(`./${file}.ts`)),
    outdir: fileURLToPath(OUT),
    outExtension: { '.js': '.mjs' },
    tsconfig: here('./tsconfig.json'),
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'es2022',
    packages: 'external',
    logLevel: 'warning',
  });
  return (file) => new URL(`./${file}.mjs`, OUT).href;
}
