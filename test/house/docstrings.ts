import ts from 'typescript';
import { isDoor, parse, resolveImport, type Sources } from './source.ts';

const maxDocstringLines = 25;

/** Every public function is documented, with an example that `deno test --doc` runs; and no docstring is a chapter. */
export function breaksDocstrings(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, name] of publicNames(sources)) {
    const declaration = declarationOf(path, name, sources);
    if (declaration === undefined) continue;
    const doc = ts.getJSDocCommentsAndTags(declaration).find(ts.isJSDoc)?.getText() ?? '';
    const lines = doc.split('\n').length - 2;
    if (lines > maxDocstringLines) found.push(`${path}: the docstring of ${name} has ${lines} lines`);
    if (ts.isFunctionDeclaration(declaration) && !doc.includes('@example')) {
      found.push(`${path}: ${name} shows no @example`);
    }
  }
  return found;
}

/** Each name that a door passes on, once, with the file it comes from. */
function publicNames(sources: Sources): [path: string, name: string][] {
  const names = new Map<string, [string, string]>();
  for (const [path, text] of sources) {
    if (!isDoor(path)) continue;
    for (const statement of parse(path, text).statements) {
      if (!ts.isExportDeclaration(statement) || statement.exportClause === undefined) continue;
      if (!ts.isNamedExports(statement.exportClause) || statement.moduleSpecifier === undefined) continue;
      const target = ts.isStringLiteral(statement.moduleSpecifier)
        ? resolveImport(path, statement.moduleSpecifier.text)
        : '';
      for (const element of statement.exportClause.elements) {
        const name = (element.propertyName ?? element.name).text;
        names.set(`${target}#${name}`, [target, name]);
      }
    }
  }
  return [...names.values()];
}

function declarationOf(path: string, name: string, sources: Sources): ts.Statement | undefined {
  // The first of several is an overload, and carries the docstring.
  return parse(path, sources.get(path) ?? '').statements.find((statement) => {
    if (ts.isVariableStatement(statement)) {
      return statement.declarationList.declarations.some((one) => one.name.getText() === name);
    }
    return ts.isDeclarationStatement(statement) && statement.name?.getText() === name;
  });
}
