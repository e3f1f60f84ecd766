/** The statuses and the property of a response that is no ordinary message; rebuilding or even touching one breaks it. */
const SWITCHING_PROTOCOLS = 101;
const NETWORK_ERROR = 0;

/**
 * Edits the headers of a response: in place, or on a rebuilt response where the platform made them immutable (a fetched response,
 * `Response.redirect()`). Never clones and never reads the body. A protocol switch (101, a WebSocket of Workers) and a network error
 * (status 0) are returned as they are.
 *
 * @param response any response
 * @param edit changes the headers; it may run twice, the first time in vain, so it must only depend on what it is given
 * @returns the same response, or the rebuilt one
 */
export function editHeaders(response: Response, edit: (headers: Headers) => void): Response {
  const { status } = response;
  if (status === SWITCHING_PROTOCOLS || status === NETWORK_ERROR || holdsWebSocket(response)) return response;
  try {
    edit(response.headers);
    return response;
  } catch (error) {
    // It is tempting to ask first whether headers are immutable. However no platform tells, and trying costs nothing when they are not.
    if (!(error instanceof TypeError)) throw error;
  }
  // The response itself as init keeps several Set-Cookie apart, and what a platform adds (`cf`, `encodeBody`).
  const rebuilt = new Response(response.body, response);
  edit(rebuilt.headers);
  return rebuilt;
}

function holdsWebSocket(response: Response): boolean {
  return 'webSocket' in response && response.webSocket !== null && response.webSocket !== undefined;
}
