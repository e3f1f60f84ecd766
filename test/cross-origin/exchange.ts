/** The origin of a page that policies allow. */
export const APP = 'https://app.example';
/** What pages ask for. */
export const URL = 'https://api.example/orders';
/** What every answer to OPTIONS hangs on. */
export const OPTIONS_VARY = 'origin, access-control-request-method, access-control-request-headers';

/** A request as a page of that origin makes a browser send it. */
export function requestFrom(origin: string | undefined, init: RequestInit = {}): Request {
  const request = new Request(URL, init);
  if (origin !== undefined) request.headers.set('origin', origin);
  return request;
}

/** What a browser asks before it sends a request. */
export function preflightFrom(origin: string, method: string, headers?: string): Request {
  const request = requestFrom(origin, { method: 'OPTIONS' });
  request.headers.set('access-control-request-method', method);
  if (headers !== undefined) request.headers.set('access-control-request-headers', headers);
  return request;
}

/** What of a response CORS is about. */
export function corsHeaders(response: Response | undefined): Record<string, string> {
  const headers: Record<string, string> = {};
  response?.headers.forEach((value, name) => {
    if (name.startsWith('access-control-') || name === 'vary') headers[name] = value;
  });
  return headers;
}
