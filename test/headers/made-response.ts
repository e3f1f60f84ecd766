export function withType(type: string, init: Record<string, string> = {}): Response {
  return new Response('x', { headers: { ...init, 'content-type': type } });
}

export function sent(response: Response): Record<string, string> {
  const headers: Record<string, string> = {};
  response.headers.forEach((value, name) => {
    if (name !== 'content-type' && name !== 'content-length') headers[name] = value;
  });
  return headers;
}
