import { expect, test } from 'vitest';
import { Refusal } from '../../src/core/refusal.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import { parseCookies } from '../../src/net/cookie.ts';
import type { Authenticator } from '../../src/secure/authenticator.ts';
import { secure } from '../../src/secure/secure.ts';
import { codeOf, get } from './fixtures.ts';

/** As somebody writes one for sessions. */
const session: Authenticator = {
  ambient: true,
  isPresented: ({ headers }) => parseCookies(headers.get('cookie') ?? '').has('session'),
  authenticate({ headers }) {
    const id = parseCookies(headers.get('cookie') ?? '').get('session');
    if (id === undefined) throw new Refusal('credentials_missing');
    if (id !== 'known') throw new Refusal('credentials_invalid');
    return { id: 'ada', issuer: undefined, scopes: [], claims: {} };
  },
  challenge: () => 'Session',
};
const handler = secure(
  { methods: ['GET'], auth: session, csrf: createCrossOriginCheck() },
  (_request, { principal }) => Response.json(principal.id),
);

test.each([
  ['lets in who shows what is known', 'session=known', 200, null, ''],
  ['refuses what is unknown with a challenge', 'session=other', 401, 'Session', 'credentials_invalid'],
  ['asks for what is missing', 'theme=dark', 401, 'Session', 'credentials_missing'],
])('an authenticator of cookies %s', async (_what, cookie, status, challenge, code) => {
  const response = await handler(get('/', { cookie }));
  expect([response.status, response.headers.get('www-authenticate')]).toEqual([status, challenge]);
  if (code !== '') expect(await codeOf(response)).toBe(code);
});
