import { strict as assert } from 'node:assert';
import { type Example, paste, readGuide } from './example.ts';

/** Every status that the issue of the main job names. */
const STATUSES = [200, 201, 204, 400, 401, 403, 404, 405, 413, 415, 429];

/** Pastes every line of the guide and checks status, problem document and headers; returns how many it pasted. */
export function checkGuide(example: Example): number {
  const lines = readGuide(example.guide);
  assert.deepEqual([...new Set(lines.map(({ status }) => status))].sort((a, b) => a - b), STATUSES);
  for (const { title, status, line } of lines) {
    const response = paste(example, line);
    assert.equal(response.status, status, `${title}\n${line}\n${response.body}`);
    checkHeaders(title, response.head, status);
    if (status >= 400) checkProblem(title, response.head, JSON.parse(response.body), status);
  }
  return lines.length;
}

function checkHeaders(title: string, head: Headers, status: number): void {
  assert.equal(head.get('x-content-type-options'), 'nosniff', title);
  assert.match(head.get('content-security-policy') ?? '', /default-src 'none'/, title);
  assert.equal(head.get('cache-control'), 'no-store', title);
  assert.match(head.get('x-request-id') ?? '', /^[\da-f-]{36}$/, title);
  assert.match(head.get('vary') ?? '', /origin/i, title);
  assert.equal(head.get('server'), null, title);
  // Plain http on a loopback address: HSTS would lock a developer out.
  assert.equal(head.get('strict-transport-security'), null, title);
  if (status === 204) assert.equal(head.get('access-control-allow-origin'), 'https://shop.example', title);
  if (status === 201) assert.match(head.get('location') ?? '', /^\/orders\/\d+$/, title);
  if (status === 401) assert.match(head.get('www-authenticate') ?? '', /^Bearer/, title);
  if (status === 405) assert.match(head.get('allow') ?? '', /GET/, title);
  if (status === 429) assert.match(head.get('retry-after') ?? '', /^\d+$/, title);
}

function checkProblem(title: string, head: Headers, problem: Record<string, unknown>, status: number): void {
  assert.equal(head.get('content-type'), 'application/problem+json', title);
  const type = status === 429 ? 'https://iana.org/assignments/http-problem-types#quota-exceeded' : 'about:blank';
  assert.equal(problem['type'], type, title);
  assert.equal(typeof problem['title'], 'string', title);
  assert.equal(problem['status'], status, title);
  assert.equal(typeof problem['code'], 'string', title);
  assert.equal(problem['requestId'], head.get('x-request-id'), title);
}
