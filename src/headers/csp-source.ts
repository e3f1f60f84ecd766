import { type CspToken, nonce, none, self, strictDynamic } from './csp-token.ts';

/** What a policy allows: a constant of this room, or a host (`https://cdn.example`, `*.example.com`) or scheme (`data:`). */
export type CspSource = CspToken | string;

const SCHEME = /^[a-z][a-z0-9+.-]*:$/;
// A star in a path matches nothing, a query is not in the grammar, and a host in upper case hides that hosts have none.
const HOST =
  /^(?:([a-z][a-z0-9+.-]*):\/\/)?(\*|(?:\*\.)?[a-z0-9-]+(?:\.[a-z0-9-]+)*)(:[0-9]{1,5}|:\*)?(?:\/[A-Za-z0-9._~!$&()+=:@%/-]*)?$/;
const HASH = /^'sha(?:256|384|512)-[A-Za-z0-9+/]+={0,2}'$/;
const KEYWORD =
  /^'(?:self|none|nonce-|strict-dynamic|report-sample|trusted-types-eval|unsafe-inline|unsafe-eval|unsafe-hashes|wasm-unsafe-eval)'$/;
/** `*.com` is anywhere, too: names below a top-level domain are for sale. */
const ANYWHERE = /^(?:[a-z][a-z0-9+.-]*:\/\/)?\*(?:\.[a-z0-9-]+)?(?:[:/]|$)/;

/**
 * Reads a source list.
 *
 * @param name the directive, for the messages
 * @param sources as the caller gave them
 * @param code whether the list decides on scripts or styles, and so may hold any word; others hold places
 * @returns the words, ready to be joined
 * @throws {TypeError} for what is no source, stands twice, or contradicts its neighbours
 * @see CSP Level 3 section 2.3.1
 */
export function readSources(name: string, sources: unknown, code: boolean): readonly string[] {
  const wrong = (why: string): TypeError => new TypeError(`Cannot create CSP: ${name} ${why}.`);
  if (!Array.isArray(sources) || sources.length === 0) throw wrong('must be a list; for nothing at all say [none]');
  const words = Array.from(sources, (source: unknown) => {
    const text = typeof source === 'string' ? placeOf(source) : tokenOf(source);
    if (text === undefined) {
      throw wrong('takes hosts, schemes, and the constants of sallyport/headers for all keywords');
    }
    return text;
  });
  if (new Set(words).size < words.length) throw wrong('names a source twice');
  if (words.length > 1 && words.includes(none.token)) throw wrong('holds none beside others');
  if (!code && words.some((text) => text.startsWith("'") && text !== self.token && text !== none.token)) {
    throw wrong('holds what only means something for scripts and styles');
  }
  if (words.includes(strictDynamic.token) && !words.some((text) => text === nonce.token || HASH.test(text))) {
    throw wrong('holds strictDynamic without a nonce or hash, which runs nothing');
  }
  return words;
}

/**
 * Tells whether a list lets scripts come from anywhere, an attacker's included: `https:`, `data:`, `*`, `*.com`. Beside `strict-dynamic`
 * browsers ignore them: they are there for old ones.
 */
export function runsAnything(words: readonly string[]): boolean {
  return !words.includes(strictDynamic.token) && words.some((word) => SCHEME.test(word) || ANYWHERE.test(word));
}

/** A host or a scheme, or undefined for what is neither. */
function placeOf(text: string): string | undefined {
  if (SCHEME.test(text)) return text;
  const match = HOST.exec(text);
  if (match === null) return undefined;
  const [, scheme, host = '', port] = match;
  // Without their quotes `self`, `nonce-…` and `sha256-…` are hosts of one label, which no browser takes for what was meant.
  const named = scheme !== undefined || port !== undefined || host === '*' || host === 'localhost';
  return named || host.includes('.') ? text : undefined;
}

function tokenOf(source: unknown): string | undefined {
  if (typeof source !== 'object' || source === null) return undefined;
  const token: unknown = Reflect.get(source, 'token');
  // It may be anybody's object: what is in it must neither end the directive nor be a nonce that is always the same.
  return typeof token === 'string' && (KEYWORD.test(token) || HASH.test(token)) ? token : undefined;
}
