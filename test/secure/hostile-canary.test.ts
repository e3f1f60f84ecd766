import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { isRefusal } from '../../src/core/refusal.ts';
import { decodeBase64Url } from '../../src/encoding/base64url.ts';
import { decodeUtf8 } from '../../src/encoding/utf8.ts';
import { string } from '../../src/schema/string.ts';
import { object } from '../../src/schema/object.ts';
import type { ErrorReport } from '../../src/secure/policy.ts';
import { secure } from '../../src/secure/secure.ts';
import { EXITS } from './exits.ts';
import { CANARY, CLAIMS, type Exit, makeWorld, sendTo, type World } from './exit-world.ts';
import { get, ok, open, post } from './fixtures.ts';

const rows: readonly (readonly [string, Exit])[] = EXITS.map((exit) => [exit.name, exit]);

/** All that was said on the console. */
const said: string[] = [];
beforeEach(() => {
  said.length = 0;
  for (const level of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, level).mockImplementation((...words) => void said.push(...words.map(deepText)));
  }
});
afterEach(() => void vi.restoreAllMocks());

/** Everything that a log could write of a value: what is enumerable, and what an error says without being so; its cause is whoever's it is. */
function deepText(value: unknown): string {
  if (!(value instanceof Error)) return JSON.stringify(value) ?? String(value);
  const { name, message, stack } = value;
  return JSON.stringify([name, message, stack, { ...value, cause: undefined }]);
}

/** What a store keeps of a body is in base64url. */
function decode(stored: string): string {
  return (stored.match(/[\w-]+/g) ?? []).map((word) => decodeUtf8(decodeBase64Url(word) ?? new Uint8Array())).join(
    '\n',
  );
}

/** The whole of a response, as far as a client can see it. */
async function wholeOf(response: Response): Promise<string> {
  const body = await response.text().catch(() => '');
  return [response.status, response.statusText, response.url, JSON.stringify([...response.headers]), body].join('\n');
}

async function run(exit: Exit): Promise<{ readonly world: World; readonly sent: string }> {
  const world = makeWorld(exit.rules);
  await exit.before?.(world);
  return { world, sent: await wholeOf(await sendTo(world, exit.sent)) };
}

/** What the user's own functions threw is the user's; everything else that is reported, we have made. */
function ours(world: World): readonly unknown[] {
  return world.reported.filter((error) => {
    const text = deepText(error);
    return isRefusal(error) ||
      !(text.includes(`${CANARY}message`) || text.includes(`${CANARY}stream`) || isThrown(error));
  });
}

function isThrown(error: unknown): boolean {
  return typeof error === 'string' || error instanceof Response;
}

// Hostile list 71: a token in every header, cookie, field, query, path, claim, row, error and cause.
describe('secure(): a canary in everything that comes in', () => {
  test.each(rows)('comes out of no response: %s', async (_name, exit) => {
    expect((await run(exit)).sent.toLowerCase()).not.toContain(CANARY);
  });

  test.each(rows)('comes out of no event, no store, no console: %s', async (_name, exit) => {
    const { world } = await run(exit);
    expect(world.events.length).toBeGreaterThan(0);
    expect(JSON.stringify(world.events)).not.toContain(CANARY);
    // The budget that the policy itself names by the body is in its own hands.
    const stored = world.stored.filter((asked) => !asked.startsWith('u:')).join('\n');
    expect(stored + decode(stored)).not.toContain(CANARY);
    expect(said.join('\n')).not.toContain(CANARY);
  });

  test.each(rows)('comes out of no error of our own making: %s', async (_name, exit) => {
    const { world } = await run(exit);
    expect(ours(world).map(deepText).join('\n')).not.toContain(CANARY);
  });

  test('is there to be found: the handler, the principal, the resource and the error have it', async () => {
    const seen: unknown[] = [];
    const world = makeWorld({
      fields: { authorize: (context: object) => seen.push(context) > 0 },
      handler: (request) => {
        seen.push([...request.headers], request.url);
        throw new Error(`${CANARY}message`);
      },
    });
    await sendTo(world);
    const text = JSON.stringify([seen, CLAIMS]) + deepText(world.reported[0]);
    for (const part of ['param', 'query', 'body', 'row', 'claim', 'token', 'key', 'cookie', 'header', 'message']) {
      expect(text).toContain(CANARY + part);
    }
    const served = makeWorld();
    await sendTo(served);
    expect(decode(served.stored.join('\n'))).toContain('{"id":1}');
  });

  // The default reporter shows the user's own error, which is where it belongs; beside it stands the request's id alone.
  test('stands in no line that is ours beside the error that the default reporter shows', async () => {
    const world = makeWorld({ fields: { onError: undefined }, handler: () => Promise.reject(`${CANARY}text`) });
    const response = await sendTo(world);
    expect(said).toEqual([
      JSON.stringify(`sallyport: 500 for request ${response.headers.get('x-request-id')}`),
      JSON.stringify(`${CANARY}text`),
    ]);
  });

  test('stands in no report beside the error', async () => {
    const reports: ErrorReport[] = [];
    const onError = (_error: unknown, report: ErrorReport): void => void reports.push(report);
    for (const exit of EXITS) {
      await run({ ...exit, rules: { ...exit.rules, fields: { ...exit.rules?.fields, onError } } });
    }
    expect(reports.length).toBeGreaterThan(10);
    expect(JSON.stringify(reports)).not.toContain(CANARY);
  });

  // Before the first stage there is not even a view of the request.
  test.each<readonly [string, Request]>([
    ['no URL', Object.defineProperty(get(), 'url', { value: `/${CANARY}path` })],
    ['a path of two meanings', Object.defineProperty(get(), 'url', { value: `https://a.test/../${CANARY}path` })],
    ['an encoded slash', get(`/${CANARY}path%2f`)],
    ['no request', { url: `https://a.test/${CANARY}`, method: CANARY } as never],
  ])('comes out of no response to %s', async (_what, request) => {
    const reported: unknown[] = [];
    const onError = (error: unknown): void => void reported.push(error);
    const sent = await wholeOf(await secure({ ...open, onError }, ok)(request));
    expect(sent + reported.map(deepText).join()).not.toContain(CANARY);
  });

  test('is not repeated of a key that the schema does not know, not even its name', async () => {
    const policy = { methods: ['POST'] as const, auth: 'public' as const, body: object({ note: string() }) };
    const response = await secure(policy, ok)(post(`{"note":"a","${CANARY}name":"${CANARY}value"}`));
    const problem: object = JSON.parse(await response.text());
    expect(problem).toMatchObject({ code: 'body_invalid' });
    expect(JSON.stringify(problem)).not.toContain(CANARY);
  });
});
