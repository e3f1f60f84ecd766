import { escapeHtml, sanitizeHtml } from 'sallyport/html';
import { compare, type Contender, type Effort, type Report } from './harness.ts';

const PLAIN = 'A comment of a usual length, in which nothing has to be escaped at all. '
  .repeat(8);
const MARKED = `Tom & Jerry's "<b>best</b>" of 5 < 6. ${PLAIN}`;
const RICH = '<p>Hello <b>world</b>, <a href="https://example.com/a?b=1&amp;c=2" onclick="x()">a <i>link</i></a></p> '
  .repeat(8);

/** No rival in the same run: what they cost alone. */
export async function* writingReports(effort: Effort): AsyncGenerator<Report> {
  yield await compare({
    id: 'headers/html',
    title: `Text into HTML: ${MARKED.length} characters escaped, ${RICH.length} sanitised`,
    unit: 'ns',
    contenders: [
      contender('escapeHtml', escapeHtml, MARKED),
      contender('escapeHtml, nothing to escape', escapeHtml, PLAIN),
      contender('sanitizeHtml', (html) => sanitizeHtml(html), RICH),
    ],
  }, effort);
}

function contender(name: string, job: (text: string) => string, text: string): Contender {
  return {
    name,
    kind: 'ours',
    run(operations) {
      let length = 0;
      for (let operation = 0; operation < operations; operation++) {
        length += job(text).length;
      }
      if (length === 0) throw new Error(`${name} wrote nothing.`);
    },
  };
}
