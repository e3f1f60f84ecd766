/** Stands in for an identity provider: one key, three short-lived tokens, and the lines that use them. */
import { exportPublicJwk, generateJwtKeyPair, type Jwk, signJwt } from 'sallyport/jwt';

const TOKEN_SECONDS = 900;

export interface Issuer {
  readonly jwks: { readonly keys: readonly Jwk[] };
  readonly guide: string;
}

export async function createIssuer(origin: string): Promise<Issuer> {
  const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'orders-1' });

  function issue(subject: string, scope: string, clock: () => number = Date.now): Promise<string> {
    return signJwt(
      { iss: origin, aud: `${origin}/orders`, sub: subject, scope },
      privateKey,
      { type: 'at+jwt', expiresInSeconds: TOKEN_SECONDS, clock },
    );
  }

  const reader = await issue('alice', 'orders:read');
  const writer = await issue('bob', 'orders:read orders:write');
  const expired = await issue('alice', 'orders:read', () => Date.now() - 2 * TOKEN_SECONDS * 1000);
  return {
    jwks: { keys: [await exportPublicJwk(publicKey)] },
    guide: formatGuide(origin, { reader, writer, expired }),
  };
}

function formatGuide(origin: string, tokens: Readonly<Record<'reader' | 'writer' | 'expired', string>>): string {
  const url = `${origin}/orders`;
  const bearer = (name: string): string => `-H "authorization: Bearer $${name}"`;
  const json = "-H 'content-type: application/json'";
  const order = `-d '{"item":"tea","quantity":1}'`;
  const lines: readonly (readonly [string, string])[] = [
    ['200 my orders', `curl -si ${url} ${bearer('READER')}`],
    ['201 a new order', `curl -si ${url} ${bearer('WRITER')} ${json} ${order}`],
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
  return [
    `Serving ${url}. Paste these three tokens, good for ${TOKEN_SECONDS / 60} minutes:`,
    '',
    ...Object.entries(tokens).map(([name, token]) => `${name.toUpperCase()}='${token}'`),
    '',
    'Then any of these:',
    ...lines.flatMap(([title, line]) => ['', `# ${title}`, line]),
    '',
  ].join('\n');
}
