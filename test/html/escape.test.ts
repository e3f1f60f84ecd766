import fc from 'fast-check';
import { parseFragment } from 'parse5';
import { describe, expect, test } from 'vitest';
import { escapeAttribute, escapeHtml, escapeUrlComponent } from '../../src/html/index.ts';
import { holdableText, HOSTILE_TEXTS } from '../vectors/hostile-texts.ts';

const anyText = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...HOSTILE_TEXTS), utf16());

/** Surrogates in any order, and what stands between. */
function utf16(): fc.Arbitrary<string> {
  return fc.array(fc.constantFrom('\ud83c', '\udf89', '\0', '\r', '\n', '&', '<', "'", 'x')).map((units) =>
    units.join('')
  );
}

function readText(html: string): string {
  return parseFragment(`<p>${html}</p>`).childNodes.flatMap((node) => {
    return 'childNodes' in node
      ? node.childNodes.map((child) => 'value' in child ? child.value : '<element>')
      : ['<outside>'];
  }).join('');
}

function readAttribute(html: string): string {
  const [node] = parseFragment(html).childNodes;
  return node !== undefined && 'attrs' in node && node.attrs.length === 1 ? node.attrs[0]?.value ?? '' : '<attributes>';
}

describe('escapeHtml()', () => {
  // OWASP XSS prevention, rule 1.
  test.each([
    ['&', '&#38;'],
    ['<', '&#60;'],
    ['>', '&#62;'],
    ['"', '&#34;'],
    ["'", '&#39;'],
    ['\r', '&#13;'],
    ['\0', '\ufffd'],
    ['\ud800', '\ufffd'],
    // Where no charset is declared, older browsers take it for ISO-2022-JP: the quotes and tags that follow would be letters.
    ['\u001b(J\u001b$@', '&#27;(J&#27;$@'],
    ['`=/', '`=/'],
    ['🎉', '🎉'],
  ])('escapeHtml() writes %j as %j', (text, html) => {
    expect(escapeHtml(`a${text}b`)).toBe(`a${html}b`);
  });

  test('escapeHtml() is read as the text by the parser of the HTML standard', () => {
    fc.assert(fc.property(anyText, (text) => {
      expect(readText(escapeHtml(text))).toBe(holdableText(text));
    }));
  });

  test('escapeHtml() leaves nothing that markup is made of', () => {
    fc.assert(fc.property(anyText, (text) => {
      expect(escapeHtml(text)).toMatch(/^(?:[^<>&"'\r\0]|&#[0-9]+;)*$/);
    }));
  });
});

describe('escapeAttribute()', () => {
  test.each(['"', "'"])('escapeAttribute() is read as the text between %s', (quote) => {
    fc.assert(fc.property(anyText, (text) => {
      expect(readAttribute(`<p title=${quote}${escapeAttribute(text)}${quote}>`)).toBe(holdableText(text));
    }));
  });

  // Old parsers take a backtick for a quote.
  test('escapeAttribute() escapes the backtick and the equals sign too', () => {
    expect(escapeAttribute('`=&<>"\'')).toBe('&#96;&#61;&#38;&#60;&#62;&#34;&#39;');
  });

  // As in elements: ISO-2022-JP would take the quote for half a letter.
  test('escapeAttribute() escapes the control that switches an encoding', () => {
    expect(escapeAttribute('\u001b$B\u001b(B')).toBe('&#27;$B&#27;(B');
  });
});

describe('escapeUrlComponent()', () => {
  test('escapeUrlComponent() is decoded to the text', () => {
    fc.assert(fc.property(anyText, (text) => {
      const escaped = escapeUrlComponent(text);
      expect(escaped).toMatch(/^(?:[A-Za-z0-9_.~-]|%[0-9A-F]{2})*$/);
      expect(decodeURIComponent(escaped)).toBe(text.toWellFormed());
      expect(new URL(`https://a.test/?q=${escaped}`).searchParams.get('q')).toBe(text.toWellFormed());
    }));
  });

  test("escapeUrlComponent() encodes what encodeURIComponent leaves: ! ' ( ) *", () => {
    expect(escapeUrlComponent("!'()*")).toBe('%21%27%28%29%2A');
  });

  // encodeURIComponent throws for one.
  test('escapeUrlComponent() makes half a surrogate pair well-formed', () => {
    expect(escapeUrlComponent('a\ud800')).toBe('a%EF%BF%BD');
  });
});

describe('the escapers', () => {
  // What is slow in its length stops a server.
  test.each(['&', '\0', '\ud800', 'x', '<🎉'])('take a megabyte of %j', (unit) => {
    const text = unit.repeat(1_000_000 / unit.length);
    expect(escapeHtml(text).length).toBeGreaterThanOrEqual(text.length);
    expect(escapeAttribute(text).length).toBeGreaterThanOrEqual(text.length);
    expect(escapeUrlComponent(text).length).toBeGreaterThanOrEqual(text.length);
  });

  test.each([undefined, null, 1, {}])('take no %s for a text', (value) => {
    // The casts: what a caller without types may pass.
    expect(() => escapeHtml(value as unknown as string)).toThrow(TypeError);
    expect(() => escapeAttribute(value as unknown as string)).toThrow(TypeError);
    expect(() => escapeUrlComponent(value as unknown as string)).toThrow(TypeError);
  });
});
