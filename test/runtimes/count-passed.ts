/** Reads how many tests passed from the closing lines of vitest (`Tests  7 passed (7)`) or bun (` 7 pass`); 0 when neither is there. */
export function countPassed(output: string): number {
  for (const line of output.split('\n').reverse()) {
    const words = line.trim().split(/[\s|,]+/);
    if (words[0] === 'Tests') {
      const at = words.indexOf('passed');
      return at > 0 ? Number(words[at - 1]) : 0;
    }
    if (words.length === 2 && words[1] === 'pass') return Number(words[0]);
  }
  return 0;
}
