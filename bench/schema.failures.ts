import { type Effort, quantile, type Report, type Row, runChild, type Target } from './harness.ts';
import { ITEMS, MISSING, REFUSERS } from './schema.refusers.ts';

/** What a process answers. */
interface Answer {
  readonly milliseconds: number;
  /** Bytes allocated, garbage included; only V8 tells. */
  readonly allocated?: number;
  readonly issues: number;
}

const FULL_ROUNDS = 10;
const TITLE = `${MISSING} missing fields x ${ITEMS.toLocaleString('en-US')} items`;

/** What a body of empty objects costs whoever refuses it. */
export async function* failureReports({ rounds }: Effort): AsyncGenerator<Report> {
  const answers = new Map<string, Answer[]>(REFUSERS.map(({ name }) => [name, []]));
  for (let round = 0; round < (rounds < FULL_ROUNDS ? 1 : 3); round++) {
    for (const { name } of REFUSERS) {
      answers.get(name)?.push(JSON.parse(await runChild('./schema.failing.mjs', [name])));
    }
  }
  const tenth: Target = { of: 'ratio', atLeast: 10 };
  const rowsOf = (value: (answer: Answer) => number, target: (name: string) => Target | undefined): Row[] => {
    const median = (name: string): number => quantile((answers.get(name) ?? []).map(value), 0.5);
    return REFUSERS.map(({ name, kind }) => {
      const row = { name, kind, value: median(name), ratio: median(name) / median('sallyport') };
      const asked = target(name);
      return asked === undefined ? row : { ...row, target: asked };
    });
  };
  const ofZod = (name: string): Target | undefined => name.startsWith('zod') ? tenth : undefined;
  yield {
    id: 'schema/failure-time',
    title: `${TITLE}: time`,
    unit: 'us',
    rows: rowsOf(({ milliseconds }) => milliseconds * 1000, ofZod),
  };
  const allocated = rowsOf(({ allocated = NaN }) => allocated / 1024, ofZod).filter(({ value }) =>
    !Number.isNaN(value)
  );
  if (allocated.length > 0) {
    yield { id: 'schema/failure-memory', title: `${TITLE}: allocated, garbage included`, unit: 'KB', rows: allocated };
  }
  yield {
    id: 'schema/failure-issues',
    title: `${TITLE}: issues`,
    unit: 'issues',
    rows: rowsOf(({ issues }) => issues, (name) => name === 'sallyport' ? { of: 'value', atMost: 8 } : undefined),
  };
}
