import fc from 'fast-check';
import {
  IsDate,
  IsDateTime,
  IsDuration,
  IsEmail,
  IsHostname,
  IsIPv4,
  IsIPv6,
  IsUri,
  IsUrl,
  IsUuid,
} from 'typebox/format';
import { describe, expect, test } from 'vitest';
import { check } from '../../src/schema/check.ts';
import { date, datetime, duration, email, hostname, ip, type Schema, url, uuid } from '../../src/schema/index.ts';
import { DATES, NOT_DATES } from '../vectors/format-date.ts';
import { DATETIMES, NOT_DATETIMES } from '../vectors/format-datetime.ts';
import { DURATIONS, NOT_DURATIONS } from '../vectors/format-duration.ts';
import { EMAILS, NOT_EMAILS } from '../vectors/format-email.ts';
import { HOST_NAMES, NOT_HOST_NAMES } from '../vectors/format-hostname.ts';
import { NOT_URLS, URLS } from '../vectors/format-url.ts';
import { NOT_UUIDS, UUIDS } from '../vectors/format-uuid.ts';
import { IP_ADDRESSES, NOT_IP_ADDRESSES } from '../vectors/ip-addresses.ts';
import { mutated } from './format-laws.ts';

/** Why one of the two takes a text and the other does not; judged by the text itself, apart from both. */
type Difference = readonly [rule: string, applies: (text: string) => boolean];

interface Comparison {
  readonly name: string;
  readonly ours: Schema<string>;
  readonly theirs: (text: string) => boolean;
  readonly corpus: readonly string[];
  /** Where only TypeBox takes the text. */
  readonly stricter: readonly Difference[];
  /** Where only we do. */
  readonly laxer: readonly Difference[];
}

const labelsOf = (host: string): readonly string[] => host.split('.');
const endsInNumber = (host: string): boolean => /^(?:\d+|0x[\da-f]*)$/i.test(labelsOf(host).at(-1) ?? '');
const authorityOf = (text: string): string => /^[a-z]+:\/\/([^/?#]*)/i.exec(text)?.[1] ?? '';
const hostOf = (text: string): string => authorityOf(text).replace(/^.*@/, '').replace(/:[^\]:]*$/, '');
const portOf = (text: string): string | undefined => /:([^\]:]*)$/.exec(authorityOf(text))?.[1];
const domainOf = (text: string): string => text.slice(text.lastIndexOf('@') + 1);
const hasAce = (host: string): boolean => /(?:^|\.)xn--/i.test(host);

const NUMBER_LAST: Difference = ['WHATWG URL section 3.5: a host that ends in a number is an address', endsInNumber];

// ada 4, in Node 24 and later, decodes none.
const A_LABELS: readonly Difference[] = URL.canParse('https://xn--a/') ? [] : [
  ['RFC 5890: an A-label is one that URL of the runtime decodes', (text) => hasAce(hostOf(text))],
];

const COMPARISONS: readonly Comparison[] = [
  { name: 'uuid', ours: uuid(), theirs: IsUuid, corpus: [...UUIDS, ...NOT_UUIDS], stricter: [], laxer: [] },
  { name: 'date', ours: date(), theirs: IsDate, corpus: [...DATES, ...NOT_DATES], stricter: [], laxer: [] },
  {
    name: 'datetime',
    ours: datetime(),
    theirs: IsDateTime,
    corpus: [...DATETIMES, ...NOT_DATETIMES],
    stricter: [
      ['RFC 3339 section 5.6: T and Z in upper case alone', (text) => /t|z/.test(text.replace(/\[.*/, ''))],
      [
        'RFC 3339 section 5.7: no leap second, which no Date can hold',
        (text) => /:60(?:\.\d+)?(?:[Zz]|[+-])/.test(text),
      ],
      ['RFC 9557 is another format', (text) => text.includes('[')],
      ['at most nine digits of a second', (text) => /\.\d{10}/.test(text)],
    ],
    laxer: [],
  },
  {
    name: 'duration',
    ours: duration(),
    theirs: IsDuration,
    corpus: [...DURATIONS, ...NOT_DURATIONS],
    stricter: [['at most 64 characters', (text) => text.length > 64]],
    laxer: [],
  },
  {
    name: 'email',
    ours: email(),
    theirs: IsEmail,
    corpus: [...EMAILS, ...NOT_EMAILS],
    stricter: [
      ['RFC 5321 section 4.5.3.1: 64 characters and 254', (text) => text.length > 254 || text.lastIndexOf('@') > 64],
      ['RFC 5321 section 4.1.2: no quoted local part', (text) => text.startsWith('"')],
      ['RFC 5321 section 4.1.3: no address literal', (text) => domainOf(text).startsWith('[')],
      ['RFC 5321 section 2.3.5: no local alias', (text) => !domainOf(text).includes('.')],
      [NUMBER_LAST[0], (text) => endsInNumber(domainOf(text))],
    ],
    laxer: [],
  },
  {
    name: 'hostname',
    ours: hostname(),
    theirs: IsHostname,
    corpus: [...HOST_NAMES, ...NOT_HOST_NAMES, 'xn--x', 'xn--a.b', 'ab--c.example', 'xn--\u212agbh1c'],
    stricter: [
      NUMBER_LAST,
      // TypeBox lowers the case of an A-label, which makes a k of U+212A.
      ['RFC 1123 section 2.1: letters of ASCII', (text) => text.includes('\u212a')],
    ],
    laxer: [
      ['RFC 1123 knows no A-labels: they are not decoded', hasAce],
      ['RFC 5891 section 4.2.3.1: hyphens third and fourth are for A-labels', (text) => /(?:^|\.)..--/.test(text)],
    ],
  },
  {
    name: 'ip({ version: 4 })',
    ours: ip({ version: 4 }),
    theirs: IsIPv4,
    corpus: [...IP_ADDRESSES.map(([text]) => text), ...NOT_IP_ADDRESSES],
    stricter: [],
    laxer: [],
  },
  {
    name: 'ip({ version: 6 })',
    ours: ip({ version: 6 }),
    theirs: IsIPv6,
    corpus: [...IP_ADDRESSES.map(([text]) => text), ...NOT_IP_ADDRESSES],
    stricter: [],
    laxer: [],
  },
  {
    name: 'url',
    ours: url(),
    // RFC 3986 as it is written; of what browsers read, below.
    theirs: IsUri,
    corpus: [...URLS, ...NOT_URLS, 'https://xn--a/', `https://example.com/${'a'.repeat(2029)}`],
    stricter: [
      ['http and https alone, in lower case', (text) => !/^https?:/.test(text)],
      ['RFC 9110 section 4.2: an authority, with a host', (text) => hostOf(text) === ''],
      ['RFC 9110 section 4.2.4: no userinfo', (text) => authorityOf(text).includes('@')],
      ['RFC 3986 section 3.2.2: no IPvFuture, of which there is none', (text) => /^\[v/i.test(hostOf(text))],
      [
        'RFC 1123 section 2.1: the registered name is a host name',
        (text) =>
          !hostOf(text).startsWith('[') &&
          !labelsOf(hostOf(text)).every((label) => /^(?!-)[a-z\d-]{1,63}(?<!-)$/i.test(label)),
      ],
      ['RFC 1035 section 2.3.4: a host of at most 253 characters', (text) => hostOf(text).length > 253],
      [NUMBER_LAST[0], (text) => endsInNumber(hostOf(text))],
      ['a port from 1 to 65535, in its one spelling', (text) => {
        const port = portOf(text);
        return port !== undefined && !(/^[1-9]\d*$/.test(port) && Number(port) < 65_536);
      }],
      ...A_LABELS,
      ['at most 2,048 characters', (text) => text.length > 2048],
    ],
    laxer: [],
  },
];

/** The rules that explain the difference about a text; none where there is no difference. */
function explain({ ours, theirs, stricter, laxer }: Comparison, text: string): readonly string[] {
  const [we, they] = [check(ours, text), theirs(text)];
  if (we === they) return [];
  const rules = (they ? stricter : laxer).filter(([, applies]) => applies(text)).map(([rule]) => rule);
  expect(rules, `${they ? 'refused' : 'taken'} by us alone: ${JSON.stringify(text.slice(0, 300))}`).not.toEqual([]);
  return rules;
}

describe('the formats beside those of TypeBox', () => {
  test.each(COMPARISONS.map((comparison) => [comparison.name, comparison] as const))(
    '%s differs from it in a corpus by the rules of the table, and by every one of them',
    (_name, comparison) => {
      const met = new Set(comparison.corpus.flatMap((text) => explain(comparison, text)));
      const rules = [...comparison.stricter, ...comparison.laxer].map(([rule]) => rule);
      expect([...met].toSorted()).toEqual(rules.toSorted());
    },
  );

  test.each(COMPARISONS.map((comparison) => [comparison.name, comparison] as const))(
    '%s differs from it in changed and random texts by a rule of the table, or not at all',
    (_name, comparison) => {
      const texts = fc.oneof(
        { weight: 3, arbitrary: mutated(fc.constantFrom(...comparison.corpus)) },
        { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 80 }) },
        { weight: 1, arbitrary: fc.string({ unit: 'grapheme-ascii', maxLength: 40 }) },
        {
          weight: 1,
          arbitrary: fc.oneof(
            fc.emailAddress(),
            fc.domain(),
            fc.webUrl({ withFragments: true, withQueryParameters: true }),
          ),
        },
        { weight: 1, arbitrary: fc.oneof(fc.uuid(), fc.ipV4(), fc.ipV6(), fc.ipV4Extended()) },
      );
      fc.assert(fc.property(texts, (text) => void explain(comparison, text)), { numRuns: 3000 });
    },
  );

  test('url() lets nothing through that TypeBox takes for no URL', () => {
    fc.assert(
      fc.property(mutated(fc.constantFrom(...URLS, ...NOT_URLS)), (text) => {
        if (check(url(), text)) expect(IsUrl(text), text).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
