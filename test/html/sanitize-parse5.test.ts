import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sanitizeHtml, type SanitizeOptions } from '../../src/html/index.ts';
import { HTML_PAYLOADS } from '../vectors/html-payloads.ts';
import { readCanonical } from './canonical.ts';
import { contextsFor, placedIn, readInContext } from './contexts.ts';
import { POLICIES } from './policies.ts';
import { knownSoup, soup } from './soup.ts';

/** Everything that is promised of one text, whatever it was made from. */
function expectPromises(source: string, options: SanitizeOptions, names: readonly string[]): void {
  const html = sanitizeHtml(source, options);
  const tree = readCanonical(html, names);
  expect(sanitizeHtml(html, options)).toBe(html);
  for (const context of contextsFor(options)) {
    expect(readInContext(html, context), context.page).toEqual(placedIn(context, tree));
  }
}

describe('sanitizeHtml() and the parser of the HTML standard', () => {
  // Scripts, URLs, namespaces, raw text, comments, broken tags, nesting, clobbering: the published ways around sanitisers.
  test('the payloads are many and none is there twice', () => {
    expect(HTML_PAYLOADS.length).toBeGreaterThan(500);
    expect(new Set(HTML_PAYLOADS.map(([, payload]) => payload)).size).toBe(HTML_PAYLOADS.length);
  });

  test('the contexts are many, whatever is allowed', () => {
    for (const [title, options] of POLICIES) expect(contextsFor(options).length, title).toBeGreaterThan(20);
  });

  test.each(POLICIES)('sanitizeHtml() keeps its promises for every payload, with %s', (_title, options, names) => {
    for (const [, payload] of HTML_PAYLOADS) expectPromises(payload, options, names);
  }, 60_000);

  test.each(POLICIES)('sanitizeHtml() keeps its promises for any soup, with %s', (_title, options, names) => {
    fc.assert(fc.property(soup, (source) => expectPromises(source, options, names)), { numRuns: 150 });
  }, 60_000);

  test.each(POLICIES)('sanitizeHtml() keeps its promises for any nesting, with %s', (_title, options, names) => {
    fc.assert(fc.property(knownSoup, (source) => expectPromises(source, options, names)), { numRuns: 150 });
  }, 60_000);

  test('sanitizeHtml() keeps its promises for two payloads in a row', () => {
    const [, options, names] = POLICIES.find(([title]) => title === 'everything') ?? ['', {}, []];
    const payload = fc.constantFrom(...HTML_PAYLOADS.map(([, each]) => each));
    fc.assert(
      fc.property(payload, payload, (one, other) => expectPromises(one + other, options, names)),
      { numRuns: 300 },
    );
  }, 60_000);
});
