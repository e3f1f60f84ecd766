import ts from 'typescript';
import { parse, type Sources, walk } from './source.ts';

/** The codes of the union, read from its source. */
export function codesOf(path: string, text: string): string[] {
  const codes: string[] = [];
  walk(parse(path, text), (node) => {
    if (ts.isTypeAliasDeclaration(node) && node.name.text === 'RefusalCode') codes.push(...stringsIn(node));
  });
  return codes;
}

/** The codes of the table, read from its source; one that stands there twice is here twice. */
export function tabledCodesOf(path: string, text: string): string[] {
  const codes: string[] = [];
  walk(parse(path, text), (node) => {
    if (!ts.isVariableDeclaration(node) || node.name.getText() !== 'TABLE' || node.initializer === undefined) return;
    if (!ts.isArrayLiteralExpression(node.initializer)) return;
    for (const row of node.initializer.elements) {
      if (ts.isArrayLiteralExpression(row)) codes.push(...row.elements.slice(2).flatMap(stringsIn));
    }
  });
  return codes;
}

function stringsIn(node: ts.Node): string[] {
  const strings: string[] = [];
  const visit = (child: ts.Node): void => {
    if (ts.isStringLiteral(child)) strings.push(child.text);
    ts.forEachChild(child, visit);
  };
  visit(node);
  return strings;
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
    if (path === 'src/core/refusal-code.ts') continue;
    for (const [comment] of text.matchAll(/\/\*\*[^]*?\*\//g)) {
      for (const word of comment.split(/[^a-z0-9_]+/)) words.add(word);
    }
  }
  return codes.filter((code) => !words.has(code));
}
