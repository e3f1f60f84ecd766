import { isRefusal, type Refusal } from './refusal.ts';

/** What {@linkcode toProblem} adds to a refusal. */
export interface ProblemOptions {
  /** The id under which the log knows this request; sent as `requestId`. Default: left out. */
  readonly requestId?: string;
}

const CONTENT_TYPE = 'content-type';
// The API preset of `sallyport/headers`, which a test holds equal: a refusal is hardened also where no `secure()` sends it.
const HEADERS: readonly (readonly [name: string, value: string])[] = [
  ['cache-control', 'no-store'],
  [
    'content-security-policy',
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
  ],
  ['cross-origin-resource-policy', 'same-origin'],
  ['referrer-policy', 'no-referrer'],
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
];

/**
 * Turns a refusal into the `application/problem+json` Response that a client may see.
 *
 * The body holds `type`, `title`, `status`, `code`, and where given `requestId`, `issues` and, below 500, what the refusal has as its
 * `problem`. It never holds the refusal's `message` or `cause`: those are for the log. It is JSON whatever the client accepts, and carries the
 * security headers of an API response, which the refusal's own do not replace, except HSTS, which `secure()` and
 * `createHeaderPolicy().apply` add over https.
 *
 * @param refusal the reason
 * @param options the request id
 * @throws {TypeError} for anything but a refusal: without a status it would be answered with 200
 * @returns a Response with the refusal's status and headers and `Cache-Control: no-store`
 * @see RFC 9457
 *
 * @example
 * ```ts
 * import { Refusal, toProblem } from 'sallyport';
 *
 * const response = toProblem(new Refusal('not_found'), { requestId: 'r-1' });
 * console.log(response.status, await response.json());
 * ```
 */
export function toProblem(refusal: Refusal, options: ProblemOptions = {}): Response {
  if (!isRefusal(refusal)) throw new TypeError('Cannot make problem response: the error is no Refusal.');
  const body: Record<string, unknown> = { type: 'about:blank' };
  // First: it may name the type, and overrides nothing else. What we could not do is told to nobody in detail. Assigned: a spread takes longer
  // than everything else here.
  if (refusal.status < 500) Object.assign(body, refusal.problem);
  body['title'] = refusal.title;
  body['status'] = refusal.status;
  body['code'] = refusal.code;
  // A dropped `undefined` is how JSON.stringify leaves a member out.
  body['requestId'] = options.requestId;
  body['issues'] = refusal.issues;
  // It would write a body of its own.
  body['toJSON'] = undefined;
  const response = new Response(JSON.stringify(body), {
    status: refusal.status,
    headers: { [CONTENT_TYPE]: 'application/problem+json' },
  });
  // One after the other: given to the constructor they take twice as long on Node and Deno.
  for (const [name, value] of HEADERS) response.headers.set(name, value);
  if (refusal.headers !== undefined) {
    for (const name of Object.keys(refusal.headers)) {
      // As another media type the client's own words in `issues` would be a page.
      if (!isOurs(name.toLowerCase())) response.headers.set(name, refusal.headers[name] ?? '');
    }
  }
  return response;
}

function isOurs(name: string): boolean {
  return name === CONTENT_TYPE || HEADERS.some(([ours]) => ours === name);
}
