import ts from 'typescript';
import { parse, type Sources, walk, where } from './source.ts';

const declares: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ImportDeclaration,
  ts.SyntaxKind.ExportDeclaration,
  ts.SyntaxKind.InterfaceDeclaration,
  ts.SyntaxKind.TypeAliasDeclaration,
  ts.SyntaxKind.FunctionDeclaration,
  ts.SyntaxKind.ClassDeclaration,
  ts.SyntaxKind.VariableStatement,
]);

/** Reach outside the module when called: forbidden while it loads (workerd refuses them there, and so does the reader). */
const loud = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'queueMicrotask',
  'fetch',
  'addEventListener',
  'getRandomValues',
  'randomUUID',
  'generateKey',
  'importKey',
  'digest',
  'now',
  'log',
];

const containers: ReadonlySet<string> = new Set(['Map', 'Set', 'WeakMap', 'WeakSet', 'Array']);

/** Law 4, the silence: no timer, no mutable state and no side effect at module level. */
export function breaksQuiet(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    const file = parse(path, text);
    const report = (node: ts.Node, what: string): void => void found.push(`${where(file, node)} ${what}`);
    for (const statement of file.statements) {
      if (!declares.has(statement.kind)) report(statement, 'does something on import');
      if (ts.isImportDeclaration(statement) && statement.importClause === undefined) {
        report(statement, 'imports for effect');
      }
      if (ts.isVariableStatement(statement)) judgeVariables(statement, report);
      walkLoading(statement, report);
    }
  }
  return found;
}

function judgeVariables(statement: ts.VariableStatement, report: (node: ts.Node, what: string) => void): void {
  if ((statement.declarationList.flags & ts.NodeFlags.Const) === 0) report(statement, 'is mutable module state');
  for (const { initializer } of statement.declarationList.declarations) {
    if (initializer !== undefined && isEmptyContainer(initializer)) {
      report(initializer, 'is an empty container: only good to be filled');
    }
  }
}

function isEmptyContainer(node: ts.Expression): boolean {
  if (ts.isArrayLiteralExpression(node)) return node.elements.length === 0;
  if (ts.isObjectLiteralExpression(node)) return node.properties.length === 0;
  return ts.isNewExpression(node) && (node.arguments?.length ?? 0) === 0 && containers.has(node.expression.getText());
}

/** Looks at what runs while the module loads: everything but the bodies of functions. */
function walkLoading(node: ts.Node, report: (node: ts.Node, what: string) => void): void {
  if (ts.isFunctionLike(node)) return;
  if (ts.isCallExpression(node)) {
    const called = ts.isPropertyAccessExpression(node.expression)
      ? node.expression.name.text
      : node.expression.getText();
    if (loud.includes(called)) report(node, `calls ${called} on import`);
  }
  ts.forEachChild(node, (child) => walkLoading(child, report));
}

/** Nothing the whole process shares is changed, also not later. */
export function breaksGlobals(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    const file = parse(path, text);
    walk(file, (node) => {
      if (!ts.isBinaryExpression(node) || node.operatorToken.kind !== ts.SyntaxKind.EqualsToken) return;
      const target = node.left.getText();
      if (target.startsWith('globalThis') || target.includes('.prototype.')) {
        found.push(`${where(file, node)} changes ${target}`);
      }
    });
  }
  return found;
}
