import { OWN_VENDOR, readIssues, runStandard, type StandardSchema } from '../../core/standard-schema.ts';
import { type JsonLimits, parseJson } from '../../encoding/json.ts';
import { decodeUtf8 } from '../../encoding/utf8.ts';
import { parseMediaType } from '../../net/media-type.ts';
import type { Exchange } from '../exchange.ts';
import type { ReportOptions } from './report.ts';

// The server's own: no more than what keeps it from harm.
const BOUNDS: JsonLimits = { maxLength: 2 ** 30, maxDepth: 1000 };

/** Makes of the handler's response what may leave. */
export type ResponseFilter = (exchange: Exchange, response: Response) => Promise<Response>;

/**
 * Makes of a 2xx response in JSON what its schema lets out; other statuses pass as they are. What is no JSON, or does not fit, throws a TypeError: nothing of it
 * leaves.
 *
 * @param schema the schema
 * @param report where what does not fit leaves all the same, and who is told; undefined for nowhere
 * @param inTime gives up a schema that does not answer
 */
export function responseFilter(
  schema: StandardSchema,
  report: ReportOptions | undefined,
  inTime: <T>(work: Promise<T>) => Promise<T>,
): ResponseFilter {
  async function filter(bytes: Uint8Array | undefined): Promise<string> {
    const made = runStandard(schema, parse(bytes));
    const result = made instanceof Promise ? await inTime(made) : made;
    // What JSON has no word for is no text.
    const text: string | undefined = result.issues === undefined ? JSON.stringify(result.value) : undefined;
    if (text === undefined) {
      // Where, and by which rule: what a validator says may hold what must not leave, and logs are read by others.
      const cause = readIssues(result.issues ?? [], schema['~standard'].vendor === OWN_VENDOR);
      throw new TypeError('The response does not fit its schema.', { cause });
    }
    return text;
  }

  return async (exchange: Exchange, response: Response) => {
    if (!response.ok || response.body === null) return response;
    const bytes = isJson(response.headers) ? new Uint8Array(await response.arrayBuffer()) : undefined;
    try {
      return rebuild(response, await filter(bytes));
    } catch (error) {
      if (report === undefined || report.enforces(exchange)) {
        // What feeds a body that nobody reads must be told, or it waits for ever.
        response.body.cancel().catch(() => undefined);
        throw error;
      }
      report.note(exchange, error);
      return bytes === undefined ? response : new Response(bytes, response);
    }
  };
}

function isJson(headers: Headers): boolean {
  const type = parseMediaType(headers.get('content-type') ?? '')?.essence ?? '';
  return type === 'application/json' || type.endsWith('+json');
}

function parse(bytes: Uint8Array | undefined): unknown {
  try {
    return parseJson((bytes && decodeUtf8(bytes)) ?? '', BOUNDS);
  } catch {
    // What a request would be refused for is the server's own fault here.
    throw new TypeError('The response is no JSON.');
  }
}

function rebuild(response: Response, body: string): Response {
  const rebuilt = new Response(body, response);
  // They are of the text that it had before, and digests tell what was in it to whoever can guess.
  for (const name of ['content-length', 'content-digest', 'repr-digest']) rebuilt.headers.delete(name);
  return rebuilt;
}
