import type { Report, Row, Target } from './harness.ts';

/** What a line of JSON says beside the numbers. */
export interface Surroundings {
  readonly runtime: string;
  readonly machine: string;
  readonly versions: Readonly<Record<string, string>>;
}

/** One line of JSON for one case. */
export function toJsonLine(report: Report, surroundings: Surroundings): string {
  const rows = report.rows.map((row) => ({ ...row, verdict: verdictOf(row), reached: reachOf(row) }));
  return JSON.stringify({ ...report, rows, ...surroundings });
}

/** A Markdown table of one case. */
export function formatReport({ title, unit, rows, notes = [] }: Report): string {
  const floor = rows.find(({ kind }) => kind === 'floor')?.value;
  const columns = [
    { title: '', cell: ({ name }: Row) => name },
    { title: unit, cell: ({ value }: Row) => formatNumber(value) },
    {
      title: 'over the floor',
      cell: ({ kind, value }: Row) => floor === undefined || kind === 'floor' ? '' : formatNumber(value - floor),
    },
    {
      title: 'x ours',
      cell: ({ ratio }: Row) => ratio === undefined ? '' : ratio.toFixed(2),
    },
    {
      title: 'noise',
      cell: ({ spread = 0 }: Row) => spread === 0 ? '' : `±${(spread * 100).toFixed(0)} %`,
    },
    { title: 'verdict', cell: (row: Row) => verdictOf(row).replace(/^we lose$/, '**we lose**') },
    { title: 'must be', cell: ({ target }: Row) => formatTarget(target) },
    { title: 'reached', cell: (row: Row) => reachOf(row).replace(/^no$/, '**no**') },
  ];
  const lines = columns.map((
    { title: head, cell },
  ) => [head, ...rows.map(cell)]).filter((column, index) =>
    // A column that says nothing is left out.
    index < 2 || column.slice(1).some((cell) => cell !== '')
  );
  return [`\n## ${title}\n`, formatTable(lines), ...notes.map((note) => `\n${note}`)].join('\n');
}

/** Says plainly where a rival is better. What lies within the noise is neither won nor lost. */
function verdictOf({ kind, ratio, spread = 0 }: Row): string {
  if (kind === 'floor') return 'floor';
  if (kind === 'ours' || ratio === undefined) return '';
  if (Math.abs(ratio - 1) <= spread) return 'even';
  return ratio < 1 ? 'we lose' : 'we win';
}

/** Says plainly whether what was asked for is there. What is missed by less than the noise is neither. */
function reachOf({ value, ratio = NaN, spread = 0, target }: Row): string {
  if (target === undefined) return '';
  const { of, atLeast = -Infinity, atMost = Infinity } = target;
  const [actual, noise] = of === 'ratio' ? [ratio, ratio * spread] : [value, 0];
  if (actual >= atLeast && actual <= atMost) return 'yes';
  return actual + noise >= atLeast && actual - noise <= atMost ? 'within the noise' : 'no';
}

function formatTarget(target: Target | undefined): string {
  if (target === undefined) return '';
  const { of, atLeast, atMost } = target;
  const bound = atLeast === undefined ? `<= ${formatNumber(atMost ?? NaN)}` : `>= ${formatNumber(atLeast)}`;
  return of === 'ratio' ? `${bound} x ours` : bound;
}

function formatNumber(value: number): string {
  if (Math.abs(value) >= 99.5 || Number.isInteger(value)) {
    return Math.round(value).toLocaleString('en-US');
  }
  return value.toPrecision(2);
}

/** A table from its columns: the first is words, the others are numbers. */
function formatTable(columns: readonly (readonly string[])[]): string {
  const padded = columns.map((column, index) => {
    const width = Math.max(3, ...column.map((cell) => cell.length));
    const cells = column.map((cell) => index === 0 ? cell.padEnd(width) : cell.padStart(width));
    return [
      cells[0],
      index === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
      ...cells.slice(1),
    ];
  });
  const height = padded[0]?.length ?? 0;
  return Array.from(
    { length: height },
    (_, line) => `| ${padded.map((column) => column[line]).join(' | ')} |`,
  ).join('\n');
}
