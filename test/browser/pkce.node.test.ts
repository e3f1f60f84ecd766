import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { verifyPkce } from '../../src/pkce/index.ts';
import { CHALLENGE, VERIFIER } from '../vectors/rfc7636-b.ts';
import { openBrowser, skipped } from './chromium.ts';
import { openSite, type Site } from './site.ts';

/** What the page's script puts there. */
interface Rooms {
  readonly sallyport:
    & typeof import('../../src/pkce/index.ts')
    & typeof import('../../src/schema/index.ts')
    & typeof import('../../src/jwt/index.ts');
  readonly violations: readonly string[];
}

describe.skipIf(skipped)('in a browser', () => {
  let site: Site;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    site = await openSite();
    browser = await openBrowser();
    page = await browser.newPage();
    await visit(`http://localhost:${site.port}/`);
  }, 60_000);

  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  async function visit(url: string): Promise<void> {
    await page.goto(url);
    await page.waitForFunction(() => 'sallyport' in globalThis);
  }

  test('deriveChallenge() gives the challenge of RFC 7636 appendix B', async () => {
    // The casts here and below: what runs in the page sees the page's globals.
    const derived = await page.evaluate(
      (verifier) => (globalThis as unknown as Rooms).sallyport.deriveChallenge(verifier),
      VERIFIER,
    );
    expect(derived).toBe(CHALLENGE);
  });

  test('createPkce() makes pairs that verifyPkce() takes on the server', async () => {
    const { verifier, challenge, method } = await page.evaluate(() =>
      (globalThis as unknown as Rooms).sallyport.createPkce()
    );
    await verifyPkce(verifier, { challenge, method });
    await expect(verifyPkce(`${verifier.slice(1)}A`, { challenge, method })).rejects.toMatchObject({
      code: 'pkce_mismatch',
    });
  });

  test('a whole code flow ends with a token for its own verifier alone', async () => {
    const flow = async (): Promise<string> => {
      await visit(`http://localhost:${site.port}/`);
      const url = await page.evaluate(async () => {
        const { verifier, challenge, method } = await (globalThis as unknown as Rooms).sallyport.createPkce();
        sessionStorage.setItem('verifier', verifier);
        return `/authorize?${new URLSearchParams({ code_challenge: challenge, code_challenge_method: method })}`;
      });
      await visit(`http://localhost:${site.port}${url}`);
      return new URL(page.url()).searchParams.get('code') ?? '';
    };
    const redeem = async (code: string, verifier?: string): Promise<string> =>
      await page.evaluate(async ([name, other]) => {
        const query = { code: name ?? '', code_verifier: other ?? sessionStorage.getItem('verifier') ?? '' };
        return await (await fetch(`/token?${new URLSearchParams(query)}`)).text();
      }, [code, verifier] as const);
    const code = await flow();
    expect(await redeem(code)).toBe('token');
    expect(await redeem(code, VERIFIER)).toBe('pkce_mismatch');
    expect(await redeem(code, '')).toBe('pkce_verifier_malformed');
    const plain = await page.evaluate(async (verifier) => {
      const query = new URLSearchParams({ code_challenge: verifier, code_challenge_method: 'plain' });
      return new URL((await fetch(`/authorize?${query}`)).url).searchParams.get('code');
    }, VERIFIER);
    expect(await redeem(plain ?? '', VERIFIER)).toBe('pkce_method_unsupported');
  });

  test('parse() judges as on the server', async () => {
    const judged = await page.evaluate(() => {
      const { int, object, parse, string } = (globalThis as unknown as Rooms).sallyport;
      const schema = object({ name: string({ max: 5 }), count: int({ min: 1 }) });
      return [parse(schema, { name: 'pen', count: 1 }), parse(schema, { name: 'pencil', count: 0, more: 1 })].map((
        { ok },
      ) => ok);
    });
    expect(judged).toEqual([true, false]);
  });

  test('createJwtVerifier() proves and refuses', async () => {
    const judged = await page.evaluate(async () => {
      const { createJwtVerifier, generateJwtKeyPair, signJwt } = (globalThis as unknown as Rooms).sallyport;
      const { publicKey, privateKey } = await generateJwtKeyPair('ES256');
      const [issuer, audience, type] = ['https://id.test', 'https://api.test', 'at+jwt'] as const;
      const verify = createJwtVerifier({ issuer, audience, type, algorithms: ['ES256'], keys: [publicKey] });
      const token = await signJwt({ iss: issuer, aud: audience, sub: 'ada' }, privateKey, {
        type,
        expiresInSeconds: 60,
      });
      const proved = (await verify(token)).claims.sub;
      return [
        proved,
        await Promise.resolve(token.slice(0, -86) + 'A'.repeat(86)).then(verify).catch((error: Error) => error.message),
      ];
    });
    expect(judged).toEqual(['ada', 'jwt_signature_invalid']);
  });

  test('needs nothing that a strict content security policy forbids', async () => {
    expect(await page.evaluate(() => (globalThis as unknown as Rooms).violations)).toEqual([]);
  });

  // Without https there is no crypto.subtle. A client that then sends its verifier as the challenge has no protection at all.
  test('createPkce() says why it cannot, on a page without https', async () => {
    await visit(`http://insecure.test:${site.port}/`);
    const said = await page.evaluate(async () => {
      const { createPkce } = (globalThis as unknown as Rooms).sallyport;
      return [
        isSecureContext,
        await createPkce().then(() => 'made', (error: Error) => `${error.name}: ${error.message}`),
      ];
    });
    expect(said).toEqual([
      false,
      'TypeError: Cannot derive challenge: Web Crypto is missing; serve the page over https.',
    ]);
  });
});
