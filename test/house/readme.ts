import ts from 'typescript';
import { root } from './source.ts';

/** The TypeScript blocks of a Markdown page, in order. */
export function blocksOf(markdown: string): string[] {
  return [...markdown.matchAll(/^```ts\n([^]*?)^```/gm)].map(([, code = '']) => code);
}

/** The codes of a table with rows such as "| 404 | `not_found`, … |", each with its status. */
export function statusesOf(markdown: string): Record<string, number> {
  const rows = markdown.matchAll(/^\| (\d{3}) \| (`[^|]*`) \|$/gm);
  return Object.fromEntries([...rows].flatMap(([, status = '', codes = '']) => {
    return codes.split(', ').map((code) => [code.replaceAll('`', ''), Number(status)]);
  }));
}

/** What the compiler says of blocks that stand in the root of the repository, each a module of its own. */
export function typeErrors(blocks: readonly string[]): string[] {
  const config = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile).config;
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root);
  // A page shows programs, not the exports of a library.
  const settings = { ...options, isolatedDeclarations: false, declaration: false, noUnusedLocals: false };
  const files = new Map(blocks.map((code, index) => [`${root}readme-${index + 1}.ts`, `${code}\nexport {};\n`]));
  const host = ts.createCompilerHost(settings);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => files.has(name) || fileExists(name);
  host.readFile = (name) => files.get(name) ?? readFile(name);
  host.getSourceFile = (name, ...rest) => {
    const code = files.get(name);
    return code === undefined ? getSourceFile(name, ...rest) : ts.createSourceFile(name, code, ts.ScriptTarget.ES2022);
  };
  const program = ts.createProgram([...files.keys()], settings, host);
  return [...files.keys()].flatMap((name) => {
    const file = program.getSourceFile(name);
    return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  }).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
