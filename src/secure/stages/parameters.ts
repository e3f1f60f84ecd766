import { Refusal, type RefusalCode } from '../../core/refusal.ts';
import type { StandardSchema } from '../../core/standard-schema.ts';
import type { Exchange, Stage } from '../exchange.ts';
import { validateField } from './validate.ts';

/** Validates the path parameters as the router matched them (params_invalid). */
export function paramsStage(schema: StandardSchema): Stage {
  return async (exchange: Exchange): Promise<undefined> => {
    const source: unknown = exchange.platform[0];
    const given: unknown = isObject(source) && Object.hasOwn(source, 'params')
      ? Reflect.get(source, 'params')
      : undefined;
    // A promise in Next.js.
    const params: unknown = await given;
    // Not the client's fault: the router was not asked, and without what it says there is nothing to check.
    if (!isObject(params)) throw new TypeError('Pass the path parameters as { params } beside the request.');
    exchange.params = gather(Object.entries(params), 'params_invalid');
    return await validateField(exchange, 'params', schema);
  };
}

/** Validates the query (query_invalid). */
export function queryStage(schema: StandardSchema): Stage {
  return (exchange: Exchange) => {
    const { search, searchParams } = exchange.url;
    try {
      // `URLSearchParams` lets "%", "%zz" and "%ff" pass, as they are or as U+FFFD: then what was validated is not what was sent.
      decodeURIComponent(search);
    } catch {
      throw new Refusal('query_invalid');
    }
    exchange.query = gather(searchParams, 'query_invalid');
    return validateField(exchange, 'query', schema);
  };
}

/** The most parameters, repeated ones counted each time. */
const MAX_PARAMETERS = 100;

/** Every text under its name, a list where it came repeatedly. Without a prototype: `__proto__` is a name like any other. */
function gather(entries: Iterable<readonly [name: string, value: unknown]>, code: RefusalCode): object {
  const texts: Record<string, unknown> = Object.create(null);
  let count = 0;
  for (const [name, value] of entries) {
    if (++count > MAX_PARAMETERS) throw new Refusal(code);
    const before = texts[name];
    texts[name] = before === undefined ? value : [before, value].flat();
  }
  return texts;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
