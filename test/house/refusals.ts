import ts from 'typescript';
import { parse, type Sources, walk } from './source.ts';

/** The rows of the refusal table, read from its source. */
export function codesOf(path: string, text: string): string[] {
  const codes: string[] = [];
  walk(parse(path, text), (node) => {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== 'STATUS_BY_CODE') return;
    const table = node.initializer !== undefined && ts.isAsExpression(node.initializer)
      ? node.initializer.expression
      : node.initializer;
    if (table === undefined || !ts.isObjectLiteralExpression(table)) return;
    for (const row of table.properties) if (row.name !== undefined) codes.push(row.name.getText());
  });
  return codes;
}

/** Every code is produced by a test: it stands there as a string. */
export function breaksProof(codes: readonly string[], tests: Sources): string[] {
  const quoted = new Set<string>();
  for (const [path, text] of tests) {
    // The laws speak of codes too, and prove nothing of them.
    if (path.startsWith('test/house/') || !/\.test\.ts$|^test\/vectors\//.test(path)) continue;
    walk(parse(path, text), (node) => void (ts.isStringLiteralLike(node) && quoted.add(node.text)));
  }
  return codes.filter((code) => !quoted.has(code));
}

/** Every code is named by a `@throws` or another docstring, outside the table itself. */
export function breaksNaming(codes: readonly string[], sources: Sources): string[] {
  const words = new Set<string>();
  for (const [path, text] of sources) {
    if (path === 'src/core/refusal.ts') continue;
    for (const [comment] of text.matchAll(/\/\*\*[^]*?\*\//g)) {
      for (const word of comment.split(/[^a-z0-9_]+/)) words.add(word);
    }
  }
  return codes.filter((code) => !words.has(code));
}
