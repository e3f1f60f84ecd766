import ts from 'typescript';
import { annexe } from './floors.ts';
import { parse, roomOf, type Sources, walk, where } from './source.ts';

const runtimeNames: ReadonlySet<string> = new Set([
  'Deno',
  'Bun',
  'process',
  'Buffer',
  'require',
  '__dirname',
  '__filename',
]);

/** What only one place may name, and how its path begins; `undefined` is for what nobody may. */
const keepers: ReadonlyMap<string, string | undefined> = new Map([
  ['Date.now', 'src/core/clock.ts'],
  ['crypto.getRandomValues', 'src/crypto/random.ts'],
  ['crypto.randomUUID', 'src/core/request-id.ts'],
  ['performance.now', 'src/core/clock.ts'],
  // Of untrusted text: it takes duplicate keys, any depth and `__proto__`, and some versions of V8 misread it.
  ['JSON.parse', 'src/encoding/json'],
  ['Math.random', undefined],
  ['eval', undefined],
  ['Function', undefined],
]);

/** Law 4: a runtime is named in the annexe alone; clock and randomness have one keeper each; `fetch` is an option. */
export function breaksPlatform(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    const file = parse(path, text);
    walk(file, (node) => {
      const violation = judge(path, node);
      if (violation !== undefined) found.push(`${where(file, node)} ${violation}`);
    });
  }
  return found;
}

function judge(path: string, node: ts.Node): string | undefined {
  const name = globalName(node);
  if (name === undefined) {
    return isDateOfNow(node) && path !== 'src/core/clock.ts' ? 'reads the clock with new Date()' : undefined;
  }
  if (runtimeNames.has(name)) return roomOf(path) === annexe ? undefined : `names the runtime's ${name}`;
  if (keepers.has(name)) return isKeeper(path, keepers.get(name)) ? undefined : `names ${name}`;
  // As the default of an option it is named, not called.
  if (name === 'fetch' && ts.isCallExpression(node.parent) && node.parent.expression === node) {
    return 'calls the global fetch';
  }
  return undefined;
}

function isKeeper(path: string, keeper: string | undefined): boolean {
  return keeper !== undefined && path.startsWith(keeper);
}

/** `process`, `Date.now` or `fetch`, also behind `globalThis`; undefined for properties, types and names the file declared itself. */
function globalName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const owner = globalName(node.expression);
    if (owner === undefined || owner.includes('.')) return undefined;
    return owner === 'globalThis' ? node.name.text : `${owner}.${node.name.text}`;
  }
  if (!ts.isIdentifier(node) || isOnlyAName(node) || isDeclared(node)) return undefined;
  return node.text;
}

function isOnlyAName(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node;
  if (ts.isBindingElement(parent)) return parent.propertyName === node || parent.name === node;
  if (ts.isShorthandPropertyAssignment(parent)) return false;
  if (ts.isImportSpecifier(parent) || ts.isExportSpecifier(parent) || ts.isQualifiedName(parent)) return true;
  if (ts.isTypeReferenceNode(parent)) return true;
  return 'name' in parent && parent.name === node;
}

/** Whether a parameter or variable around the reference carries the same name. */
function isDeclared(node: ts.Identifier): boolean {
  for (let scope: ts.Node | undefined = node.parent; scope !== undefined; scope = scope.parent) {
    if (ts.isFunctionLike(scope) && scope.parameters.some(({ name }) => binds(name, node.text))) return true;
    const statements = ts.isBlock(scope) || ts.isSourceFile(scope) ? scope.statements : [];
    for (const statement of statements) {
      if (ts.isFunctionDeclaration(statement) && statement.name?.text === node.text) return true;
      if (ts.isImportDeclaration(statement) && importBinds(statement, node.text)) return true;
      if (ts.isVariableStatement(statement)) {
        if (statement.declarationList.declarations.some(({ name }) => binds(name, node.text))) return true;
      }
    }
  }
  return false;
}

function importBinds(statement: ts.ImportDeclaration, text: string): boolean {
  const clause = statement.importClause;
  const names = clause?.namedBindings;
  if (clause?.name?.text === text) return true;
  if (names === undefined) return false;
  return ts.isNamespaceImport(names) ? names.name.text === text : names.elements.some(({ name }) => name.text === text);
}

function binds(name: ts.BindingName, text: string): boolean {
  if (ts.isIdentifier(name)) return name.text === text;
  return name.elements.some((element) => ts.isBindingElement(element) && binds(element.name, text));
}

function isDateOfNow(node: ts.Node): boolean {
  return (ts.isNewExpression(node) || ts.isCallExpression(node)) && node.expression.getText() === 'Date' &&
    (node.arguments?.length ?? 0) === 0;
}
