import { describe, expect, test } from 'vitest';
import { sanitizeHtml } from '../../src/html/index.ts';
import { readCanonical } from './canonical.ts';
import { POLICIES } from './policies.ts';

const [, EVERYTHING, NAMES] = POLICIES.find(([title]) => title === 'everything') ?? ['', {}, []];
/** Of a text without void elements. */
const depthOf = (html: string): number => {
  let depth = 0;
  let deepest = 0;
  for (const [tag] of html.matchAll(/<\/?[a-z]/g)) deepest = Math.max(deepest, depth += tag[1] === '/' ? -1 : 1);
  return deepest;
};

/** Each once quadratic or recursive in some sanitiser or tokenizer, and here a megabyte of it. */
const UNITS: readonly string[] = [
  '<',
  '<b',
  '<b ',
  '<b>',
  '</b>',
  '<b><i>',
  '<b><p>',
  '<a href=http:a>',
  '<a href="',
  "<a '",
  '<a =',
  '<a b=',
  '<a b="c"',
  '<a b c\n',
  '<!',
  '<!--',
  '<!-- -- --! ->',
  '<!---->',
  '<?',
  '</',
  '</>',
  '<script>',
  '<script></script',
  '</script ',
  '<title></titl',
  '<style><style></style>',
  '<plaintext>',
  '&',
  '&#',
  '&#1',
  '&#x1',
  '&aaaa',
  '&amp',
  '&lt;',
  '<ul><li>',
  '<li>',
  '</li>',
  '<ul></li>',
  '<blockquote>',
  '<blockquote></blockquote>',
  '<pre>\n',
  '<pre>\n</pre>',
  '\n',
  '\r',
  '\r\n',
  '\0',
  '\ud800',
  '"',
  'x&amp;<p>',
  '<h1><h2>',
  '<br>',
  `<a href="https://a.test/${'../'.repeat(1000)}">`,
  `<a href="https://a.test/${'%'.repeat(8000)}">`,
];

describe('sanitizeHtml() under attack', () => {
  // What is not linear takes minutes for each of these, and the test does not end in time.
  test.each(UNITS.map((unit) => [unit.slice(0, 30), unit]))('sanitizeHtml() takes a megabyte of %j', (_, unit) => {
    expect(sanitizeHtml(unit.repeat(1_000_000 / unit.length), EVERYTHING).length).toBeLessThan(9_500_000);
    readCanonical(sanitizeHtml(unit.repeat(50_000 / unit.length), EVERYTHING), NAMES);
  }, 60_000);

  test.each(['<b>', '<blockquote>', '<ul><li>', '<div>', '<svg>', '<b><i><em><strong><code>'])(
    'sanitizeHtml() takes %s nested 100,000 times, and ends at 64',
    (unit) => {
      const html = sanitizeHtml(`${unit.repeat(100_000)}x`, EVERYTHING);
      readCanonical(html, NAMES);
      expect(depthOf(html)).toBe(/div|svg/.test(unit) ? 0 : 64);
      expect(html.replace(/<[^>]*>/g, '')).toBe('x');
    },
  );

  test('sanitizeHtml() takes a tag, a text, a comment and a reference of a megabyte each', () => {
    const long = 'x'.repeat(1_000_000);
    for (
      const source of [
        `<${long}>`,
        `<b ${long}>`,
        `<b ${long}=${long}>`,
        `<b x="${long}`,
        `<!--${long}`,
        `<a href=${long}>`,
      ]
    ) {
      expect(sanitizeHtml(source, EVERYTHING).length).toBeLessThan(10);
    }
    for (const source of [long, `&${long};`, `&#${'9'.repeat(1_000_000)};`, `&#x${'f'.repeat(1_000_000)};`]) {
      readCanonical(sanitizeHtml(source, EVERYTHING), NAMES);
    }
  });
});
