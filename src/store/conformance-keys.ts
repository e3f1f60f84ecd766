import { appending, ask, askOne, claiming, demand, owing } from './conformance-ask.ts';
import type { ConformanceRow } from './conformance-cases.ts';
import type { StepCall } from './step.ts';
import type { Store } from './store.ts';

/** Keys are an attacker's: names of objects, indexes, commands, separators, digests, a megabyte. */
function listKeys(): readonly string[] {
  const long = 'x'.repeat(1_000_000);
  return [
    ...[
      '',
      ' ',
      '\0',
      '\n',
      'a',
      'a ',
      'a\n',
      'A',
      'é',
      'e\u0301',
      '__proto__',
      'constructor',
      'toString',
      'undefined',
    ],
    ...['0', '-0', '00', '1', '1.0', '4294967295', '{', '}', '{}', '{a}', '{a', 'a}', '"a"', "'a'", '\\', '\\0', '%00'],
    ...['a:b', ':a', 'a:', 'a::b', 'sp', 'sp:a', '#', '*', 'a b', 'a\r\nDEL a', '../a', '😀', '\ufffd', '\ufeffa'],
    ...[long, `${long}a`, `${long}b`, `a${long}`, 'x'.repeat(64), 'x'.repeat(65), 'x'.repeat(128), 'x'.repeat(129)],
  ];
}
/** Each half of a pair alone, which in UTF-8 would all be the same U+FFFD; and two texts that spell one. */
const HALVES: readonly string[] = ['\ud800', '\udbff', '\udc00', 'a\ud800', 'a\udc00', '"\\ud800"', '\\ud800'];
/** Other splits of the same text. */
function listSplits(): readonly (readonly [space: string, key: string])[] {
  return [
    ...[['a', 'b:c'], ['a:b', 'c'], ['a:', 'b:c'], ['a', ':b:c'], ['', 'a:b:c'], ['a:b:c', '']] as const,
    ...[['a{b}', 'c'], ['a', '{b}c'], ['a}', '{c'], ['a\n', 'b'], ['a', '\nb'], ['a\0', 'b'], ['a', '\0b']] as const,
    ...[['__proto__', 'a'], ['constructor', 'a'], ['1', '23'], ['12', '3'], ['', ''], ['a', ''], ['', 'a']] as const,
  ];
}

/** What a store must do with keys and spaces. */
export const KEY_ROWS: readonly ConformanceRow[] = [
  ['keeps equal keys of different spaces apart', async (store) => {
    demand((await askOne(store, owing('k', 9, 10, 'one'), appending('k', 'x', 1, 'three'))).ok, 'It knew a new key.');
    demand((await askOne(store, owing('k', 9, 10, 'two'), appending('k', 'x', 1, 'four'))).ok, 'Two spaces met.');
  }],
  ['keeps other splits of the same text apart', async (store) => {
    const splits = listSplits();
    await holdEach(store, splits.map(([space, key]) => appending(key, 'x', 1, space)));
    await holdEach(store, splits.map(([space, key]) => owing(key, 1, 1, `debt ${space}`)));
  }],
  ['holds any text as a key, each by itself', async (store) => {
    const keys = listKeys();
    await holdEach(store, keys.map((key) => claiming(key)));
    await holdEach(store, keys.map((key) => owing(key, 1, 1)));
  }],
  ['keeps halves of surrogate pairs apart, or refuses them', async (store) => {
    const taken: StepCall[] = [];
    for (const key of HALVES) {
      const call = claiming(key);
      const answer = await ask(store, [call]).catch(() => undefined);
      demand(answer?.groups[0]?.ok !== false, 'Two keys that are not well-formed met.');
      demand(answer !== undefined || !key.isWellFormed(), 'It refused a key that is well-formed.');
      if (answer !== undefined) taken.push(call);
    }
    for (const call of taken) demand(!(await askOne(store, call)).ok, 'It forgot a key that is not well-formed.');
  }],
];

/** Each of them says yes once, and never again. */
async function holdEach(store: Store, calls: readonly StepCall[]): Promise<void> {
  for (const [index, call] of calls.entries()) {
    demand((await askOne(store, call)).ok, `A place met another: ${name(call)}, which is number ${index + 1}.`);
  }
  for (const call of calls) demand(!(await askOne(store, call)).ok, `It forgot a place: ${name(call)}.`);
}

function name({ space, key }: StepCall): string {
  return `space ${JSON.stringify(space)}, key ${JSON.stringify(key.slice(0, 40))}`;
}
