import { runStandard, type StandardSchema } from '../../core/standard-schema.ts';
import { parseJson } from '../../encoding/json.ts';
import { parseMediaType } from '../../net/media-type.ts';
import type { Exchange } from '../exchange.ts';
import type { ReportOptions } from './report.ts';

/** Makes of the handler's response what may leave. */
export type ResponseFilter = (exchange: Exchange, response: Response) => Promise<Response>;

/**
 * Makes of a 2xx response in JSON what its schema lets out; other statuses pass as they are. What is no JSON, or does not fit, throws a TypeError: nothing of it
 * leaves.
 *
 * @param schema the schema
 * @param report where what does not fit leaves all the same, and who is told; undefined for nowhere
 */
export function responseFilter(schema: StandardSchema, report: ReportOptions | undefined): ResponseFilter {
  function passes(exchange: Exchange, error: unknown): boolean {
    if (report === undefined || report.enforces(exchange)) return false;
    report.note(exchange, error);
    return true;
  }

  async function filter(text: string): Promise<string> {
    const result = await runStandard(schema, parse(text));
    // No more: what a validator says may hold what must not leave, and logs are read by others.
    if (result.issues !== undefined) throw new TypeError('The response does not fit its schema.');
    return JSON.stringify(result.value);
  }

  return async (exchange: Exchange, response: Response) => {
    if (!response.ok || response.body === null) return response;
    const type = parseMediaType(response.headers.get('content-type') ?? '')?.essence ?? '';
    if (type !== 'application/json' && !type.endsWith('+json')) {
      const error = new TypeError('The response is no JSON.');
      if (passes(exchange, error)) return response;
      throw error;
    }
    const text = await response.text();
    try {
      return rebuild(response, await filter(text));
    } catch (error) {
      if (passes(exchange, error)) return rebuild(response, text);
      throw error;
    }
  };
}

function parse(text: string): unknown {
  try {
    return parseJson(text, { maxLength: text.length, maxDepth: 1000 });
  } catch {
    // Not the refusal of the client's JSON, which says 400: this is the server's.
    throw new TypeError('The response is no JSON.');
  }
}

function rebuild(response: Response, text: string): Response {
  const rebuilt = new Response(text, response);
  // Of the text that it had before.
  rebuilt.headers.delete('content-length');
  return rebuilt;
}
