import { forbiddenNames, maxLines } from './floors.ts';
import type { Sources } from './source.ts';

/** Law 5: one file, one idea. */
export function breaksLength(sources: Sources): string[] {
  const found: string[] = [];
  for (const [path, text] of sources) {
    const lines = text.trimEnd().split('\n').length;
    if (lines > maxLines) found.push(`${path} has ${lines} lines, more than ${maxLines}`);
  }
  return found;
}

/** Law 5: a name says what is inside. */
export function breaksNames(sources: Sources): string[] {
  const found: string[] = [];
  for (const path of sources.keys()) {
    const bad = path.split('/').find((part) => forbiddenNames.has(part.replace(/\.ts$/, '')) || part.startsWith('_'));
    if (bad !== undefined) found.push(`${path}: ${bad} is not a name`);
  }
  return found;
}
