import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** Source text by path from the root of the repository, such as `src/jwt/verifier.ts`. A law is a function over it. */
export type Sources = ReadonlyMap<string, string>;

export const root: string = fileURLToPath(new URL('../../', import.meta.url));

/** Reads every TypeScript file under a folder of the repository. */
export function readSources(folder: string): Sources {
  const sources = new Map<string, string>();
  for (const path of readdirSync(root + folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const name = `${folder}/${path.replaceAll('\\', '/')}`;
    if (name.endsWith('.ts') && !name.includes('/node_modules/')) sources.set(name, readFileSync(root + name, 'utf8'));
  }
  return sources;
}

export function parse(path: string, text: string): ts.SourceFile {
  return ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
}

/** `jwt` for `src/jwt/verifier.ts`; the empty string for the root door. */
export function roomOf(path: string): string {
  const parts = path.split('/');
  return parts.length > 2 ? parts[1] ?? '' : '';
}

export function isDoor(path: string): boolean {
  return roomOf(path) === '' ? path === 'src/index.ts' : path === `src/${roomOf(path)}/index.ts`;
}

/** Every module a file names: imports, re-exports, `import()` as a value and as a type. Types count. */
export function importsOf(path: string, text: string): string[] {
  const found: string[] = [];
  walk(parse(path, text), (node) => {
    const specifier = specifierOf(node);
    if (specifier !== undefined) found.push(ts.isStringLiteralLike(specifier) ? specifier.text : '(computed)');
  });
  return found;
}

/** The path a relative import leads to. */
export function resolveImport(from: string, specifier: string): string {
  return posix.join(posix.dirname(from), specifier);
}

export function walk(node: ts.Node, visit: (node: ts.Node) => void): void {
  visit(node);
  ts.forEachChild(node, (child) => walk(child, visit));
}

export function where(file: ts.SourceFile, node: ts.Node): string {
  return `${file.fileName}:${file.getLineAndCharacterOfPosition(node.getStart(file)).line + 1}`;
}

function specifierOf(node: ts.Node): ts.Node | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isImportTypeNode(node)) return ts.isLiteralTypeNode(node.argument) ? node.argument.literal : node.argument;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0];
  return undefined;
}
