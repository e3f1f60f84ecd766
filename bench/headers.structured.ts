import { strictEqual } from 'node:assert/strict';
import {
  parseDictionary,
  parseItem,
  parseList,
  serializeDictionary,
  serializeItem,
  serializeList,
} from 'sallyport/net';
import * as theirs from 'structured-headers';
import { compare, type Contender, type Effort, type Report } from './harness.ts';

/** What is sent: a priority, a client hint, a signature's input, a digest, a cache's status. */
const ITEM = 'token;q=0.5;description="of a \\"kind\\"";bytes=:aGVsbG8=:';
const LIST = '"Chromium";v="128", "Not;A=Brand";v="24", "Google Chrome";v="128"';
const DICTIONARY =
  'sig1=("@method" "@authority" "content-digest");created=1618884473;keyid="test-key", u=1, i, d=:aGVsbG8=:';

/** One job of both libraries. */
interface Duel {
  readonly id: string;
  readonly title: string;
  readonly ours: () => unknown;
  readonly theirs: () => unknown;
}

export async function* structuredReports(effort: Effort): AsyncGenerator<Report> {
  const item = parsed(parseItem(ITEM));
  const list = parsed(parseList(LIST));
  const dictionary = parsed(parseDictionary(DICTIONARY));
  const theirItem = theirs.parseItem(ITEM);
  const theirList = theirs.parseList(LIST);
  const theirDictionary = theirs.parseDictionary(DICTIONARY);
  // Both have read what was written, or they would not write the same.
  strictEqual(serializeItem(item), theirs.serializeItem(theirItem));
  strictEqual(serializeList(list), theirs.serializeList(theirList));
  strictEqual(serializeDictionary(dictionary), theirs.serializeDictionary(theirDictionary));
  const faulty = `${LIST}, "`;
  strictEqual(parseList(faulty), undefined);
  const duels: readonly Duel[] = [
    {
      id: 'parse-item',
      title: 'An item with three parameters, parsed',
      ours: () => parseItem(ITEM),
      theirs: () => theirs.parseItem(ITEM),
    },
    {
      id: 'parse-list',
      title: 'A list of three strings with parameters, parsed',
      ours: () => parseList(LIST),
      theirs: () => theirs.parseList(LIST),
    },
    {
      id: 'parse-dictionary',
      title: 'A dictionary with an inner list, parsed',
      ours: () => parseDictionary(DICTIONARY),
      theirs: () => theirs.parseDictionary(DICTIONARY),
    },
    {
      id: 'parse-faulty',
      title: 'The list with a fault at its end, refused',
      ours: () => parseList(faulty) ?? faulty,
      theirs: () => attempt(() => theirs.parseList(faulty)),
    },
    {
      id: 'serialize-item',
      title: 'The item, written',
      ours: () => serializeItem(item),
      theirs: () => theirs.serializeItem(theirItem),
    },
    {
      id: 'serialize-list',
      title: 'The list, written',
      ours: () => serializeList(list),
      theirs: () => theirs.serializeList(theirList),
    },
    {
      id: 'serialize-dictionary',
      title: 'The dictionary, written',
      ours: () => serializeDictionary(dictionary),
      theirs: () => theirs.serializeDictionary(theirDictionary),
    },
  ];
  for (const { id, title, ours, theirs: rival } of duels) {
    yield await compare({
      id: `headers/structured-${id}`,
      title: `Structured fields: ${title.charAt(0).toLowerCase()}${title.slice(1)}`,
      unit: 'ns',
      contenders: [contender('sallyport', 'ours', ours), contender('structured-headers', 'rival', rival)],
    }, effort);
  }
}

function contender(name: string, kind: Contender['kind'], job: () => unknown): Contender {
  return {
    name,
    kind,
    run(operations) {
      for (let operation = 0; operation < operations; operation++) {
        if (job() === undefined) throw new Error(`${name} did nothing.`);
      }
    },
  };
}

function parsed<T>(value: T | undefined): T {
  if (value === undefined) {
    throw new Error('We do not read what is well formed.');
  }
  return value;
}

function attempt(job: () => unknown): unknown {
  try {
    return job();
  } catch (error) {
    return error;
  }
}
