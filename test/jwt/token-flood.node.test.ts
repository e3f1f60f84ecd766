import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { createJwtVerifier, createTokenCache, generateJwtKeyPair } from '../../src/jwt/index.ts';
import { expectations, forge, outcome } from './forge.ts';

setFlagsFromString('--expose-gc');
const collect: () => void = runInNewContext('gc');

function heap(): number {
  collect();
  return process.memoryUsage().heapUsed;
}

describe('createJwtVerifier() in a flood', () => {
  // Hostile list 48: an attacker can write a new bad token each time, so that whatever remembers one remembers all of them.
  test('keeps its one good entry and no memory of 100,000 malformed and 2,000 forged tokens', async () => {
    const { publicKey, privateKey } = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const stranger = await generateJwtKeyPair('ES256', { keyId: 'one' });
    const cache = createTokenCache();
    const verify = createJwtVerifier({ ...expectations(publicKey), cache });
    const good = await forge(privateKey);
    const verified = await verify(good);
    const forged = await forge(stranger.privateKey);
    const [header, payload] = forged.split('.');

    const flood = async (round: number, malformed: number, wrong: number): Promise<void> => {
      for (let index = 0; index < malformed; index++) {
        try {
          // Each another text, and long enough to be missed: 600 characters of the kind that a cache would keep.
          verify(`${round}-${index}-${'x'.repeat(600)}.${payload}.AAAA`);
        } catch (error) {
          if (index === 0) expect(error).toMatchObject({ code: 'jwt_malformed' });
          continue;
        }
        throw new Error('A malformed token was not refused.');
      }
      for (let index = 0; index < wrong; index++) {
        const signature = `${round}${index}`.padStart(85, 'B');
        expect(await outcome(() => verify(`${header}.${payload}.${signature}A`))).toBe('jwt_signature_invalid');
      }
    };
    // What the platform makes once is made before.
    await flood(0, 2000, 50);
    const before = heap();
    await flood(1, 100_000, 2000);
    // 102,000 texts are 70 MB.
    expect(heap() - before).toBeLessThan(5_000_000);
    expect([cache.entries, verify(good)]).toEqual([1, verified]);
  });
});
