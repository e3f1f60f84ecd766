import { type Effort, quantile, type Report, type Row, runChild, type Target } from './harness.ts';
import { type Case, CASES } from './schema.cases.ts';
import { failureReports } from './schema.failures.ts';
import { LIBRARIES } from './schema.libraries.ts';
import { weightReports } from './schema.weights.ts';

export const rivals: readonly string[] = ['zod', 'valibot', '@badrap/valita', 'arktype', 'typebox', 'ajv'];

const TITLES: Readonly<Record<Case, string>> = {
  parseSafe: 'parseSafe: unknown keys are left out',
  parseStrict: 'parseStrict: unknown keys are refused',
  assertLoose: 'assertLoose: told without an output, unknown keys allowed',
  assertStrict: 'assertStrict: told without an output, unknown keys refused',
};

/** What a process answers. */
interface Answer {
  /** Nanoseconds, by case, and by case in turn. */
  readonly results: Readonly<Record<string, number>>;
  /** Whether the output of a case is a new object. */
  readonly fresh: Readonly<Record<string, boolean>>;
}

export async function* run(effort: Effort): AsyncGenerator<Report> {
  const rounds = await measure(effort);
  for (const what of CASES) {
    const rows = LIBRARIES.map(({ name, kind }) => rowOf(rounds, name, kind, what, what, targetOf(name, what)));
    yield {
      id: `schema/${what}`,
      title: `${TITLES[what]}; one schema`,
      unit: 'ns',
      rows,
      notes: notesOf(rounds, rows, what),
    };
  }
  for (const what of CASES) {
    const inTurn = `${what} in turn`;
    const rows = LIBRARIES.map(({ name, kind }) => rowOf(rounds, name, kind, inTurn, inTurn, targetOf(name, what)));
    const single = rowOf(rounds, 'sallyport', 'ours', what, inTurn, { of: 'ratio', atLeast: 1 / 1.6 });
    rows.splice(1, 0, { ...single, name: 'sallyport (one schema)' });
    yield {
      id: `schema/${what}-in-turn`,
      title: `${TITLES[what]}; sixteen schemas in turn`,
      unit: 'ns',
      rows,
      notes: notesOf(rounds, rows),
    };
  }
  yield* failureReports(effort);
  yield* weightReports();
}

/** One process for each library, round by round: a library that runs beside others pays for the shapes that they have seen. */
async function measure({ rounds, roundMs }: Effort): Promise<readonly ReadonlyMap<string, Answer>[]> {
  const all: Map<string, Answer>[] = [];
  // A process costs seconds, most of which compile: a third of the usual rounds must do.
  for (let round = 0; round < Math.ceil(rounds / 3); round++) {
    const answers = new Map<string, Answer>();
    for (let turn = 0; turn < LIBRARIES.length; turn++) {
      const library = LIBRARIES[(round + turn) % LIBRARIES.length];
      if (library === undefined) continue;
      const printed = await runChild('./schema.child.mjs', [library.name, String(roundMs)]);
      answers.set(library.name, JSON.parse(printed));
    }
    all.push(answers);
  }
  return all;
}

/** The median over the rounds, and that of the ratios within a round. */
function rowOf(
  rounds: readonly ReadonlyMap<string, Answer>[],
  name: string,
  kind: Row['kind'],
  what: string,
  reference: string,
  target: Target | undefined,
): Row {
  const own = rounds.map((answers) => answers.get(name)?.results[what] ?? NaN);
  const ratios = own.map((ns, round) => ns / (rounds[round]?.get('sallyport')?.results[reference] ?? NaN));
  const ratio = quantile(ratios, 0.5);
  const spread = (quantile(ratios, 0.75) - quantile(ratios, 0.25)) / 2 / ratio;
  const row = { name, kind, value: quantile(own, 0.5), ratio, spread };
  return target === undefined ? row : { ...row, target };
}

/** What issue 5 asks for. Nothing is asked of assertLoose, nor of those that neither make an output nor do without generated code. */
function targetOf(name: string, what: Case): Target | undefined {
  if (what === 'assertLoose') return undefined;
  if (name === 'valita') return { of: 'ratio', atLeast: 1.5 };
  if (name === 'valibot' || name === 'zod (jitless)') return { of: 'ratio', atLeast: 5 };
  return name === 'zod (generates code)' && what === 'parseStrict' ? { of: 'ratio', atLeast: 1 } : undefined;
}

function notesOf(rounds: readonly ReadonlyMap<string, Answer>[], rows: readonly Row[], what?: Case): readonly string[] {
  const notes: string[] = [];
  const generating = LIBRARIES.filter(({ generates }) => generates).map(({ name }) => name);
  const winners = rows.filter(({ name, ratio = NaN }) => generating.includes(name) && ratio < 1);
  if (winners.length > 0) {
    const list = winners.map(({ name, ratio = NaN }) => `${name.replace(/ \(.*/, '')} ${ratio.toFixed(2)}`).join(', ');
    notes.push(`Code generation still wins here: ${list} x ours.`);
  }
  if (what?.startsWith('parse')) {
    const keeping = LIBRARIES.filter(({ name }) => rounds[0]?.get(name)?.fresh[what] === false).map(({ name }) => name);
    notes.push(
      `No new object, but the input itself, comes from ${keeping.join(', ')}: they save what an output costs.`,
    );
  }
  return notes;
}
