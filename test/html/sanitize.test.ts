import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { escapeHtml, sanitizeHtml, type SanitizeOptions } from '../../src/html/index.ts';
import { readTokens } from '../../src/html/token.ts';
import { readCanonical } from './canonical.ts';
import { POLICIES } from './policies.ts';

const EVERYTHING: SanitizeOptions = { headings: true, paragraphs: true, lists: true, code: true, quotes: true };
const REL = 'rel="nofollow noopener"';

describe('sanitizeHtml()', () => {
  test.each([
    // What is allowed without a word.
    ['<b>a</b><i>b</i><em>c</em><strong>d</strong>', '<b>a</b><i>b</i><em>c</em><strong>d</strong>'],
    ['<a href="https://a.test/?a=1&amp;b=2">x</a>', `<a href="https://a.test/?a&#61;1&#38;b&#61;2" ${REL}>x</a>`],
    ['<a href=MAILTO:a@b.test>x</a>', `<a href="mailto:a@b.test" ${REL}>x</a>`],
    // What is not: the tags go, the text stays.
    ['<p>a<br>b</p><h1>c</h1><ul><li>d</ul><pre>e</pre><blockquote>f', 'abcdef'],
    ['<div><img src=x onerror=alert(1)><font>a</font>', 'a'],
    ['<B CLASS=x>a</B>', '<b>a</b>'],
    ['<a href=javascript:alert(1)>a</a><a>b</a><a name=c>c</a>', 'abc'],
    ['<svg><math><template><select><option>a', 'a'],
    // A link that is refused ends the one it stands in all the same: its text must not lead to where the other does.
    ['<a href=https://a.test/>a<a href=javascript:x>b</a>c', `<a href="https://a.test/" ${REL}>a</a>bc`],
    ['<a href=https://a.test/>a<a name=x>b</a>c</a>', `<a href="https://a.test/" ${REL}>a</a>bc`],
    // What is not closed is closed, and what was not opened is not.
    ['<b>a<i>b', '<b>a<i>b</i></b>'],
    ['<b>a<i>b</b>c</i>d', '<b>a<i>b</i></b>cd'],
    ['a</b>b</i></a></p>', 'ab'],
    [
      `<a href=https://a.test/>a<a href=https://b.test/>b`,
      `<a href="https://a.test/" ${REL}>a</a><a href="https://b.test/" ${REL}>b</a>`,
    ],
    // Text
    ['a < b > c & d " e \' f', 'a &#60; b &#62; c &#38; d &#34; e &#39; f'],
    ['&lt;b&gt; &#60;b&#62; &#x3c;b&#X3E &amp;lt;', '&#60;b&#62; &#60;b&#62; &#60;b&#62; &#38;lt;'],
    ['&quot;&apos;&nbsp;&eacute;&lt', '&#34;&#39;\u00a0&#38;eacute;&#38;lt'],
    // WHATWG HTML section 13.2.5.80: numbers of Windows-1252, which word processors have written.
    ['It&#146;s &#147;a&#x94; &#145;&#X95&#150;&#151;', 'It\u2019s \u201ca\u201d \u2018\u2022\u2013\u2014'],
    ['&#129;&#143;&#x90;&#152;&#159;', '\ufffd'.repeat(5)],
    ['a\r\nb\rc&#13;d', 'a\nb\nc\nd'],
    ['a\0b\u001bc\u0085d\ud800e\uffff&#0;&#xd800;&#x110000;', 'a\ufffdb\ufffdc\ufffdd\ufffde\ufffd\ufffd\ufffd\ufffd'],
    ['a<', 'a&#60;'],
    ['<3 <- << <=', '&#60;3 &#60;- &#60;&#60; &#60;='],
    // Dropped with what is in them
    ['a<script>b</script>c<style>d</style>e<title>f</title>g', 'aceg'],
    ['a<textarea>b</textarea>c<xmp>d</xmp>e<iframe>f</iframe>g', 'aceg'],
    ['a<noembed>b</noembed>c<noframes>d</noframes>e<noscript>f</noscript>g', 'aceg'],
    ['a<script>b</scripty></script\n>c<plaintext>d', 'ac'],
    ['a<!-- b -->c<!--->d<!-->e<!--f--!>g<?h>i</ j>k<!l>m', 'acdegikm'],
    ['a<![CDATA[b>c]]>d', 'ac]]&#62;d'],
    ['a<b', 'a'],
    ['a<b title="', 'a'],
    ['a<!-- b', 'a'],
    ['a<script>b', 'a'],
  ])('sanitizeHtml() makes %j %j', (source, html) => {
    expect(sanitizeHtml(source)).toBe(html);
  });

  test.each([
    ['<p>a<p>b', '<p>a</p><p>b</p>'],
    [
      '<p><b>a</b><i>b</i><em>c</em><strong>d</strong><code>e</code>',
      '<p><b>a</b><i>b</i><em>c</em><strong>d</strong><code>e</code></p>',
    ],
    [`<p><a href=https://a.test/>x</a>y`, `<p><a href="https://a.test/" ${REL}>x</a>y</p>`],
    ['<blockquote><p>a<blockquote>b', '<blockquote><p>a</p><blockquote>b</blockquote></blockquote>'],
    ['<p>a<b>b<p>c', '<p>a<b>b</b></p><p>c</p>'],
    ['<h1>a<h2>b</h1>c', '<h1>a</h1><h2>bc</h2>'],
    ['<b>a<p>b</b>c', '<b>a</b><p>bc</p>'],
    ['a<br>b<br/>c</br>', 'a<br/>b<br/>c'],
    ['<ul><li>a<li>b<ul><li>c</ul><li>d</ul>', '<ul><li>a</li><li>b<ul><li>c</li></ul></li><li>d</li></ul>'],
    ['<li>a', 'a'],
    ['<ol>\n<li>a</li>\n</ol>', '<ol>\n<li>a</li>\n</ol>'],
    ['<ul><li><blockquote>a<li>b', '<ul><li><blockquote>a</blockquote></li><li>b</li></ul>'],
    ['<blockquote><p>a</blockquote>b', '<blockquote><p>a</p></blockquote>b'],
    ['<pre><code>a\n b</code></pre>', '<pre><code>a\n b</code></pre>'],
    // HTML drops a line feed there, XML does not.
    ['<pre>\n\na</pre>', '<pre>a</pre>'],
    ['<pre>&#10;<x>\n<!---->\r\n<b>\na', '<pre><b>\na</b></pre>'],
    ['<pre><p>a', '<pre></pre><p>a</p>'],
  ])('sanitizeHtml() with everything makes %j %j', (source, html) => {
    expect(sanitizeHtml(source, EVERYTHING)).toBe(html);
  });

  test('sanitizeHtml() resolves links and limits their schemes as it is told', () => {
    const links = { schemes: ['https'], base: 'https://a.test/b' };
    expect(sanitizeHtml('<a href="c?d">x</a><a href=http://e.test>y</a>', { links })).toBe(
      `<a href="https://a.test/c?d" ${REL}>x</a>y`,
    );
    expect(sanitizeHtml('<a href=https://a.test/>x</a>', { links: false })).toBe('x');
  });

  test('sanitizeHtml() takes the first href, as browsers do', () => {
    expect(sanitizeHtml('<a href=https://a.test/ href=https://b.test/>')).toBe(`<a href="https://a.test/" ${REL}></a>`);
    expect(sanitizeHtml('<a href=javascript:x href=https://b.test/>')).toBe('');
  });

  test('sanitizeHtml() keeps text that is no markup', () => {
    const text = fc.string({ unit: 'grapheme' }).filter((each) => !/\p{Cc}|\p{NChar}/u.test(each));
    fc.assert(fc.property(text, (each) => {
      expect(readCanonical(sanitizeHtml(escapeHtml(each)), []).join('')).toBe(each);
    }));
  });

  test('sanitizeHtml() leaves its own output as it is', () => {
    for (const [, options] of POLICIES) {
      const html = sanitizeHtml('<h1>a<a href="https://a.test/?a&b">b<p>c<ul><li>d<pre>\n<code>e&lt;', options);
      expect(sanitizeHtml(html, options)).toBe(html);
    }
  });

  test.each([
    '{"image":true}',
    '{"headings":1}',
    '{"headings":"true"}',
    '{"links":null}',
    '{"links":"https"}',
    '{"links":{"schemes":["javascript"]}}',
    '{"links":{"scheme":["https"]}}',
    '{"links":[]}',
    '[]',
    'null',
  ])('sanitizeHtml() refuses the options %s', (json) => {
    const options: SanitizeOptions = JSON.parse(json);
    expect(() => sanitizeHtml('', options)).toThrow(TypeError);
  });

  // Configuration that comes from a polluted prototype has opened sanitisers before.
  test('sanitizeHtml() refuses options that are inherited', () => {
    const options: SanitizeOptions = Object.create({ headings: true });
    expect(() => sanitizeHtml('', options)).toThrow(TypeError);
  });

  // Options without a prototype inherit nothing, and what is made of them must not either.
  test('sanitizeHtml() reads nothing from a polluted prototype', () => {
    const options: SanitizeOptions = Object.assign(Object.create(null), { paragraphs: true });
    Object.assign(Object.prototype, { headings: true, end: 3, href: 'https://a.test/' });
    try {
      expect(sanitizeHtml('<h1>a</h1><p>b', options)).toBe('a<p>b</p>');
      // The end of a tag that has none: read from there, the source would never be finished.
      const html = Array.from(readTokens('<i>a<b x'), (token, index) => index < 9 ? token : expect.unreachable());
      expect(html).toHaveLength(2);
    } finally {
      for (const key of ['headings', 'end', 'href']) Reflect.deleteProperty(Object.prototype, key);
    }
  });

  // A list from a JSON body is turned into text anew at each step, and its length is not that of the text: it was read for ever.
  test.each([[[]], [['<b>']], [undefined], [null], [1], [{}], [{ length: 1 }]])(
    'sanitizeHtml() takes no %j for a text',
    (source) => {
      // The cast: what a caller without types may pass.
      expect(() => sanitizeHtml(source as unknown as string)).toThrow('Cannot sanitize HTML: source must be a string.');
    },
  );
});
