import { checkSync } from 'recheck';
import ts from 'typescript';
import { parse, type Sources, walk, where } from './source.ts';

/** Where a pattern is made of text: that of a caller, who answers for it, to match with, and to ask whether it is one. */
const compilers: ReadonlySet<string> = new Set(['src/schema/string.ts', 'src/schema/json-writers.ts']);

/** A regular expression that is written down in a file. */
export interface Pattern {
  readonly place: string;
  readonly source: string;
  readonly flags: string;
}

/** Every regular expression literal. */
export function patternsOf(sources: Sources): Pattern[] {
  const found: Pattern[] = [];
  for (const [path, text] of sources) {
    const file = parse(path, text);
    walk(file, (node) => {
      if (!ts.isRegularExpressionLiteral(node)) return;
      const end = node.text.lastIndexOf('/');
      found.push({
        place: where(file, node),
        source: node.text.slice(1, end),
        flags: node.text.slice(end + 1),
      });
    });
  }
  return found;
}

/** Hostile input meets linear code: no text makes a regular expression go back over what it has read. */
export function breaksLinearity(patterns: readonly Pattern[]): string[] {
  // In this process, in JavaScript: the package's binaries are not installed, see `overrides` in package.json.
  process.env['RECHECK_SYNC_BACKEND'] = 'pure';
  const found: string[] = [];
  for (const { place, source, flags } of patterns) {
    const verdict = checkSync(source, flags, { randomSeed: 1, timeout: 60_000 });
    if (verdict.status !== 'safe') {
      const why = verdict.status === 'vulnerable' ? verdict.complexity.type : verdict.status;
      found.push(`${place} /${source}/${flags} is ${why}`);
    } else if (verdict.checker !== 'automaton' && isUnbounded(source)) {
      // Fuzzing found nothing, which proves nothing; where every repetition has an end, so has the work.
      found.push(`${place} /${source}/${flags} is not proved`);
    }
  }
  return found;
}

/** A pattern made of text is one that nobody has looked at. */
export function breaksCompiling(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    const file = parse(path, text);
    walk(file, (node) => {
      if (!ts.isNewExpression(node) && !ts.isCallExpression(node)) return;
      if (node.expression.getText() !== 'RegExp' || compilers.has(path)) return;
      found.push(`${where(file, node)} makes a regular expression of text`);
    });
  }
  return found;
}

function isUnbounded(source: string): boolean {
  const bare = source.replaceAll(/\\./g, 'x').replaceAll(/\[[^\]]*\]/g, 'x');
  return /[*+]|\{\d+,\}/.test(bare);
}
