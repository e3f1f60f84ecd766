import { Refusal } from '../core/refusal.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';
import { isToken, trimHttpSpace } from '../net/media-type.ts';

/** What the headers of one part say. */
export interface PartHead {
  readonly name: string;
  readonly filename: string | undefined;
  readonly type: string;
}

// An apostrophe may stand within a token. At its start some parsers take it for a quote.
const PARAMETER = /;[ \t]*([A-Za-z]+\*?)=(?:"([^"]*)"|([\w!#$%&*+.^`|~-][\w!#$%&'*+.^`|~-]*))/y;
const ESCAPES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([['%22', '"'], ['%0D', '\r'], ['%0A', '\n']]);
const PLAIN_ENCODINGS: readonly string[] = ['7bit', '8bit', 'binary'];

/** The refusal of a form that is none. */
export function malformedForm(): Refusal {
  return new Refusal('body_invalid', {
    issues: [{ code: 'form_malformed', path: [], message: 'must be a well-formed form' }],
  });
}

/** Reads the lines before a part's content. What two parsers could read in two ways is none. */
export function readHead(bytes: Uint8Array): PartHead {
  const text = decodeUtf8(bytes);
  if (text === undefined) throw new Refusal('utf8_malformed');
  const headers = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    const name = line.slice(0, Math.max(colon, 0)).toLowerCase();
    // A line that is folded, or split by half a line end, has no name here; a name twice has two meanings.
    if (!isToken(name) || headers.has(name) || /[\0\r\n]/.test(line)) throw malformedForm();
    headers.set(name, trimHttpSpace(line.slice(colon + 1)));
  }
  // Deprecated, and followed by some parsers alone (RFC 7578 section 4.7). Other headers are ignored (section 4.8).
  const encoding = headers.get('content-transfer-encoding')?.toLowerCase() ?? 'binary';
  if (!PLAIN_ENCODINGS.includes(encoding)) throw malformedForm();
  return { ...readDisposition(headers.get('content-disposition') ?? ''), type: headers.get('content-type') ?? '' };
}

function readDisposition(text: string): { readonly name: string; readonly filename: string | undefined } {
  const parameters = new Map<string, string>();
  const kind = /^form-data/i.exec(text)?.[0] ?? '';
  let position = kind.length;
  while (position < text.length) {
    PARAMETER.lastIndex = position;
    const [whole = '', name = '', quoted, token = ''] = (kind === '' ? null : PARAMETER.exec(text)) ?? [];
    if (whole === '' || parameters.has(name.toLowerCase())) throw malformedForm();
    parameters.set(name.toLowerCase(), (quoted ?? token).replace(/%22|%0D|%0A/gi, decodeEscape));
    position += whole.length;
  }
  const name = parameters.get('name');
  const filename = parameters.get('filename');
  // RFC 7578 section 4.2 forbids `filename*`; some clients send it beside the other, which then counts. What
  // `name*` says somebody in front may have believed.
  if (name === undefined || parameters.has('name*') || (filename === undefined && parameters.has('filename*'))) {
    throw malformedForm();
  }
  return { name, filename };
}

/** What browsers put for a quote and line ends (HTML, "multipart/form-data encoding algorithm"). */
function decodeEscape(escape: string): string {
  return ESCAPES.get(escape.toUpperCase()) ?? '';
}
