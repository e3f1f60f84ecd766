import { describe, expect, test } from 'vitest';
import ts from 'typescript';

const compilerOptions: ts.CompilerOptions = { declaration: true, isolatedDeclarations: true, strict: true };

function declare(source: string): { readonly text: string; readonly errors: readonly string[] } {
  const { outputText, diagnostics } = ts.transpileDeclaration(source, { compilerOptions, reportDiagnostics: true });
  const errors = (diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
  return { text: outputText.trim(), errors };
}

const head = `import { int, object, optional, type Schema, string, variant } from 'sallyport/schema';
interface Order { sku: string; quantity: number; note?: string }
type Payment = { by: 'card'; number: string } | { by: 'cash'; given: number };
`;

describe('Schema', () => {
  // What a package publishes of its schemas is the type that its author wrote: nobody's compiler reads the shape again.
  test.each([
    ['order', 'Schema<Order>', 'object({ sku: string(), quantity: int(), note: optional(string()) })'],
    [
      'payment',
      'Schema<Payment>',
      "variant('by', { card: object({ number: string() }), cash: object({ given: int() }) })",
    ],
  ])('Schema of an exported %s is declared in one line', (name, type, expression) => {
    const { text, errors } = declare(`${head}export const ${name}: ${type} = ${expression};`);
    expect(errors).toEqual([]);
    expect(text.split('\n').filter((line) => line.includes(name))).toEqual([`export declare const ${name}: ${type};`]);
  });

  test('Schema that is exported without its type is told by isolatedDeclarations', () => {
    expect(declare(`${head}export const order = object({ sku: string() });`).errors).toHaveLength(1);
  });

  // The compiler itself holds the annotation to the schema: a program of every kind of mistake.
  test.each([
    [
      'is right',
      'export const one: Schema<Order> = object({ sku: string(), quantity: int(), note: optional(string()) });',
      true,
    ],
    ['names a key that is missing', 'export const one: Schema<Order> = object({ sku: string() });', false],
    ['names another type', 'export const one: Schema<Order> = object({ sku: int(), quantity: int() });', false],
    [
      'wants a key that may be missing',
      'export const one: Schema<{ a: string }> = object({ a: optional(string()) });',
      false,
    ],
    ['names a default', "export const one: Schema<{ a: string }> = object({ a: optional(string(), 'x') });", true],
    [
      'names a default of another type',
      'export const one: Schema<{ a: string }> = object({ a: optional(string(), 1) });',
      false,
    ],
  ])('Schema with an annotation that %s', (_name, line, fits) => {
    expect(compiles(`${head}${line}`)).toBe(fits);
  }, 60_000);
});

function compiles(source: string): boolean {
  const root = new URL('../../', import.meta.url).pathname;
  const file = `${root}test/schema/annotated.ts`;
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
    lib: ['lib.es2023.d.ts', 'lib.es2024.string.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    skipLibCheck: true,
    paths: { 'sallyport/*': [`${root}src/*/index.ts`] },
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => path === file || fileExists(path);
  host.getSourceFile = (path, version, ...rest) => {
    return path === file ? ts.createSourceFile(path, source, version) : getSourceFile(path, version, ...rest);
  };
  const program = ts.createProgram([file], options, host);
  return program.getSemanticDiagnostics(program.getSourceFile(file)).length === 0;
}
