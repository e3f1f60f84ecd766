/** What the terminal shows: tokens, and lines to paste. */
import { TOKEN_SECONDS, type Tokens } from './issuer.ts';

/**
 * Writes the guide. The status that a line is answered with stands above it, and a test pastes every one.
 *
 * @param origin where the API is served
 * @param tokens what the lines use
 */
export function formatGuide(origin: string, tokens: Tokens): string {
  const url = `${origin}/orders`;
  const bearer = (name: string): string => `-H "authorization: Bearer $${name}"`;
  const json = "-H 'content-type: application/json'";
  const order = `-d '{"item":"tea","quantity":1}'`;
  const lines: readonly (readonly [string, string])[] = [
    ['200 my orders', `curl -si ${url} ${bearer('READER')}`],
    ['201 a new order', `curl -si ${url} ${bearer('WRITER')} ${json} ${order}`],
    [
      '201 the same order twice under one key, which is one order',
      `curl -si ${url} ${url} ${bearer('WRITER')} ${json} -H 'idempotency-key: tea-for-one' ${order}`,
    ],
    ['400 a parameter twice', `curl -si '${url}?limit=1&limit=1000' ${bearer('READER')}`],
    [
      '400 unknown key, wrong type',
      `curl -si ${url} ${bearer('WRITER')} ${json} -d '{"item":"tea","quantity":"1","admin":true}'`,
    ],
    ['401 no token', `curl -si ${url}`],
    ['401 an expired token', `curl -si ${url} ${bearer('EXPIRED')}`],
    [
      "401 one token with another's signature",
      `curl -si ${url} -H "authorization: Bearer \${READER%.*}.\${WRITER##*.}"`,
    ],
    ['403 reading is not writing', `curl -si ${url} ${bearer('READER')} ${json} ${order}`],
    ['404 an order of somebody else', `curl -si ${url}/2 ${bearer('READER')}`],
    ['405 no such method', `curl -si -X DELETE ${url} ${bearer('WRITER')}`],
    ['413 too large', `curl -si ${url} ${bearer('WRITER')} ${json} -d "$(printf '%2000s')"`],
    ['415 not JSON', `curl -si ${url} ${bearer('WRITER')} -d 'item=tea'`],
    [
      '204 a preflight from an allowed origin',
      `curl -si -X OPTIONS ${url} -H 'origin: https://shop.example' -H 'access-control-request-method: POST' ` +
      "-H 'access-control-request-headers: authorization,content-type'",
    ],
    [
      '429 the sixth order within a minute',
      `for n in 1 2 3 4 5 6; do curl -si ${url} ${bearer('WRITER')} ${json} ${order}; done`,
    ],
  ];
  const { reader, writer, expired } = tokens;
  return [
    `Open ${origin}/ in a browser: it sends good requests and attacks, and shows the way of each through the stages.`,
    '',
    `Or stay here. Paste these three tokens, good for ${TOKEN_SECONDS / 60} minutes:`,
    '',
    ...Object.entries({ reader, writer, expired }).map(([name, token]) => `${name.toUpperCase()}='${token}'`),
    '',
    'Then any of these:',
    ...lines.flatMap(([title, line]) => ['', `# ${title}`, line]),
    '',
  ].join('\n');
}
