import { holdsBlocks, isList, isPhrase } from './element.ts';
import { escapeHtml } from './escape.ts';

/** An HTML text that grows by whole tags and texts, and is well formed when it is ended. */
export interface Tree {
  /** Writes text. */
  text(text: string): void;
  /** Opens an element, after closing what cannot be around it; or does nothing where it cannot stand. */
  open(name: string, attributes: string): void;
  /** Closes the innermost open element of that name, and all within it; or does nothing. */
  close(name: string): void;
  /** Closes everything, and returns the HTML. */
  end(): string;
}

/** Browsers flatten trees deeper than 512, each in its own way; deep trees also overflow the stacks of others. */
const MAX_DEPTH = 64;

/**
 * Starts an empty tree. Whatever is called on it in whatever order, phrases end before a block begins, lines hold phrases alone and
 * items stand in lists: so no parser has to move, close or repeat anything, and HTML and XML parsers agree. That links hold no links is
 * the caller's: whoever opens one closes the last.
 */
export function createTree(): Tree {
  const names: string[] = [];
  let html = '';
  // It is tempting to look at the end of the HTML. However that joins the pieces it is made of, each time all of them.
  let last = '';

  function write(piece: string): void {
    html += piece;
    last = piece;
  }

  function popTo(depth: number): void {
    while (names.length > depth) write(`</${names.pop()}>`);
  }

  function close(name: string): void {
    const depth = names.lastIndexOf(name);
    if (depth >= 0) popTo(depth);
  }

  return {
    text(text): void {
      let clean = text.replace(/\r\n?/g, '\n')
        // Controls, of which some switch the encoding when it has to be guessed; lone surrogates; noncharacters.
        .replace(/(?![\t\n])[\p{Cc}\p{Cs}\p{NChar}]/gu, '\ufffd');
      // HTML drops one line feed here, and XML none.
      if (last === '<pre>') clean = clean.replace(/^\n+/, '');
      if (clean !== '') write(escapeHtml(clean));
    },
    open(name, attributes): void {
      if (name === 'br') return write('<br/>');
      if (!isPhrase(name)) {
        const around = names.findLastIndex(name === 'li' ? isList : holdsBlocks);
        if (name === 'li' && around < 0) return;
        popTo(around + 1);
      }
      if (names.length === MAX_DEPTH) return;
      names.push(name);
      write(`<${name}${attributes}>`);
    },
    close,
    end(): string {
      popTo(0);
      return html;
    },
  };
}
