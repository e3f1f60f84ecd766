import ts from 'typescript';

/** How many types may be instantiated for test/size/typical-body.ts; zod takes five times as many for the same, valibot twenty times. */
export const INSTANTIATION_BUDGET = 600;

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  exactOptionalPropertyTypes: true,
  noEmit: true,
  // As for a guest: declarations are read, not checked.
  skipLibCheck: true,
  types: [],
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts'],
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.NodeNext,
  moduleResolution: ts.ModuleResolutionKind.NodeNext,
  allowImportingTsExtensions: true,
};

/**
 * Counts what `tsc --extendedDiagnostics` calls Instantiations: what a program's types cost whoever compiles it.
 *
 * @param file the program
 * @param paths where the declarations are of what it imports, unless node_modules tells
 * @throws {Error} when it does not compile: a type that is an error costs nothing
 */
export function countInstantiations(file: string, paths: ts.MapLike<string[]> = {}): number {
  const program = ts.createProgram([file], { ...OPTIONS, paths });
  const [first] = ts.getPreEmitDiagnostics(program);
  if (first !== undefined) {
    throw new Error(`Cannot compile ${file}: ${ts.flattenDiagnosticMessageText(first.messageText, '\n')}`);
  }
  return program.getInstantiationCount();
}
