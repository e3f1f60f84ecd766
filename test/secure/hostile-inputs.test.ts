import { beforeAll, describe, expect, test } from 'vitest';
import { createRemoteKeySet } from '../../src/jwt/remote-key-set.ts';
import { createJwtVerifier } from '../../src/jwt/verifier.ts';
import { createFormReader } from '../../src/schema/form-reader.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import { createBearerAuth } from '../../src/secure/bearer.ts';
import { CLAIMS, type Desk, expectations, forge, HEADER, NOW_SECONDS, openDesk, segment } from '../jwt/forge.ts';
import { CANARY, makeWorld, type Rules, sendTo, type Sent } from './exit-world.ts';

let desk: Desk;
beforeAll(async () => void (desk = await openDesk()));

/** What is thrown is looked at as well, though the client's own faults are reported to nobody: a program may log them. */
const thrown: unknown[] = [];
function watch<Args extends readonly unknown[]>(run: (...args: Args) => unknown): (...args: Args) => Promise<never> {
  return async (...args) => {
    try {
      return await run(...args) as never;
    } catch (error) {
      thrown.push(error);
      throw error;
    }
  };
}

/** All that a client, a listener or a log is told. The errors of the policy's own functions are among it: here they are ours. */
async function everythingOf(rules: Rules, sent: Sent): Promise<{ readonly status: number; readonly text: string }> {
  thrown.length = 0;
  const world = makeWorld(rules);
  const response = await sendTo(world, sent);
  const told = [
    response.status,
    [...response.headers],
    await response.text(),
    world.events,
    [...world.reported, ...thrown].map(messages),
  ];
  return { status: response.status, text: JSON.stringify(told) };
}

/** What a log writes of an error, down to its last cause. */
function messages(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  return [error.message, error.stack, { ...error }, error.cause === undefined ? '' : messages(error.cause)];
}

const mark = (name: string): string => `${CANARY}${name}`;
const SECRET = {
  ...CLAIMS,
  sub: 'ada',
  email: mark('email'),
  scope: `orders:write ${mark('scope')}`,
  roles: ['clerk'],
};

// Hostile list 71: whoever reads the log could otherwise be whoever's token went wrong.
describe('secure(): of a real token that is refused', () => {
  type Make = () => string | Promise<string>;
  const TOKENS: readonly (readonly [string, number, Make])[] = [
    ['no token at all', 401, () => mark('token')],
    ['two segments', 401, () => `${segment(HEADER)}.${segment(SECRET)}`],
    ['a header that is no JSON', 401, () => `${segment(mark('header'))}.${segment(SECRET)}.AAAA`],
    ['an algorithm of its own', 401, () => forge(desk.privateKey, SECRET, { ...HEADER, alg: mark('alg') })],
    ['another type', 401, () => forge(desk.privateKey, SECRET, { ...HEADER, typ: mark('typ') })],
    ['an unknown key', 401, () => forge(desk.privateKey, SECRET, { ...HEADER, kid: mark('kid') })],
    ['a critical extension', 401, () => forge(desk.privateKey, SECRET, { ...HEADER, crit: [mark('crit')] })],
    ['a signature of nobody', 401, async () => `${await forge(desk.privateKey, SECRET)}`.slice(0, -4) + 'AAAA'],
    ['another issuer', 401, () => forge(desk.privateKey, { ...SECRET, iss: mark('iss') })],
    ['another audience', 401, () => forge(desk.privateKey, { ...SECRET, aud: [mark('aud')] })],
    ['an end that is none', 401, () => forge(desk.privateKey, { ...SECRET, exp: mark('exp') })],
    ['an end that is over', 401, () => forge(desk.privateKey, { ...SECRET, exp: NOW_SECONDS - 3600 })],
    ['a bound key', 401, () => forge(desk.privateKey, { ...SECRET, cnf: { jkt: mark('jkt') } })],
    ['payload that is no JSON', 401, () => forge(desk.privateKey, `{"${mark('claim')}":`)],
    ['a key twice', 401, () => forge(desk.privateKey, `{"${mark('claim')}":1,"${mark('claim')}":2}`)],
  ];
  test.each(TOKENS)('nothing is told: %s', async (_what, status, make) => {
    const token = await make();
    const auth = createBearerAuth({ realm: 'api', verify: watch(desk.verify) });
    const told = await everythingOf({ fields: { auth } }, { headers: { authorization: `Bearer ${token}` } });
    expect(told.status).toBe(status);
    expect(told.text).not.toContain(CANARY);
    for (const part of token.split('.')) expect(told.text).not.toContain(part);
  });

  // The key server's address may hold a password, and its answer whatever it likes.
  test.each<readonly [string, () => Promise<Response>]>([
    ['that cannot be reached', () => Promise.reject(new Error('connect ECONNREFUSED'))],
    ['that answers an error', async () => new Response(mark('page'), { status: 500, statusText: mark('status') })],
    ['that answers no keys', async () => Response.json({ keys: mark('keys') })],
    ['that answers no JSON', async () => new Response(mark('html'))],
    ['that redirects', async () => Response.redirect(`https://evil.test/${mark('location')}`)],
  ])('nothing is told by a key server %s', async (_what, fetch) => {
    const keys = createRemoteKeySet('https://id.test/jwks.json', { fetch });
    const auth = createBearerAuth({ verify: watch(createJwtVerifier({ ...expectations(), keys })) });
    const token = await forge(desk.privateKey, SECRET);
    const told = await everythingOf({ fields: { auth } }, { headers: { authorization: `Bearer ${token}` } });
    expect(told.status).toBe(503);
    expect(told.text).not.toContain(CANARY);
    for (const part of token.split('.')) expect(told.text).not.toContain(part);
  });
});

describe('secure(): of an input that is refused', () => {
  const form = createFormReader(object({ note: string({ max: 3 }) }), { maxBytes: 400 });
  const forms: Rules = {
    fields: { form: { ...form, read: watch(form.read) }, body: undefined, bodyLimits: undefined },
  };
  const multipart = 'multipart/form-data; boundary=b';
  const urlencoded = 'application/x-www-form-urlencoded';
  const part = (head: string, text: string): string =>
    `--b\r\ncontent-disposition: form-data; ${head}\r\n\r\n${text}\r\n--b--\r\n`;
  const foreign = (result: unknown): Rules => ({
    fields: { body: { '~standard': { version: 1, vendor: 'them', validate: () => result } } },
  });
  const json = { 'content-type': 'application/json' };

  const INPUTS: readonly (readonly [string, Rules, string, string])[] = [
    ['a value of a form', forms, urlencoded, `note=${mark('value')}`],
    ['a name of a form', forms, urlencoded, `note=a&${mark('name')}=b`],
    ['an escape of a form', forms, urlencoded, `note=${mark('value')}%zz`],
    ['a value in parts', forms, multipart, part('name="note"', mark('value'))],
    ['a name in parts', forms, multipart, part(`name="${mark('name')}"`, 'a')],
    ['the name of a file', forms, multipart, part(`name="note"; filename="${mark('file')}"`, mark('content'))],
    ['no parts', forms, multipart, mark('preamble')],
    ['a form too large', forms, urlencoded, `note=${mark('value')}${'a'.repeat(500)}`],
    // What a foreign schema says may repeat what it was given.
    ['an issue of a foreign schema', foreign({ issues: [{ message: `${mark('value')} is wrong` }] }), '', '{"a":1}'],
    ['nonsense of a foreign schema', foreign({ issues: mark('nonsense') }), '', '{"a":1}'],
    ['nothing of a foreign schema', foreign(mark('nothing')), '', '{"a":1}'],
    ['JSON with a key twice', {}, '', `{"${mark('key')}":1,"${mark('key')}":2}`],
    ['JSON with a forbidden key', {}, '', `{"__proto__":{"${mark('key')}":"${mark('value')}"}}`],
    ['JSON with an end too many', {}, '', `{"note":"${mark('value')}"}}`],
    ['JSON too deep', {}, '', `${'['.repeat(40)}"${mark('value')}"${']'.repeat(40)}`],
  ];
  test.each(INPUTS)('nothing is told: %s', async (_what, rules, type, body) => {
    const { status, text } = await everythingOf(rules, {
      body,
      headers: type === '' ? json : { 'content-type': type },
    });
    expect(status).toBeGreaterThanOrEqual(400);
    expect(text).not.toContain(CANARY);
  });
});
