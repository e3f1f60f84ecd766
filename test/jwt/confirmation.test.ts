import { describe, expect, test } from 'vitest';
import type { ProofOfPossession } from '../../src/jwt/index.ts';
import { CLAIMS, forge, openDesk, outcome } from './forge.ts';

const KEY = 'k'.repeat(43);
const CERTIFICATE = 'c'.repeat(43);
const OTHER = 'o'.repeat(43);

async function judge(cnf: unknown, proof?: ProofOfPossession): Promise<string> {
  const { verify, privateKey } = await openDesk();
  const token = await forge(privateKey, cnf === undefined ? CLAIMS : { ...CLAIMS, cnf });
  return await outcome(() => verify(token, proof));
}

describe('createJwtVerifier() confirmation', () => {
  test.each<[string, unknown, ProofOfPossession | undefined]>([
    ['a token that is not bound', undefined, undefined],
    ['a token that is not bound, over a connection with a certificate', undefined, {
      certificateThumbprint: CERTIFICATE,
    }],
    ['a token bound to a key, with the proof of it', { jkt: KEY }, { dpopThumbprint: KEY }],
    ['the same over a connection with a certificate', { jkt: KEY }, {
      dpopThumbprint: KEY,
      certificateThumbprint: CERTIFICATE,
    }],
    ['a token bound to a certificate, over a connection with it', { 'x5t#S256': CERTIFICATE }, {
      certificateThumbprint: CERTIFICATE,
    }],
  ])('accepts %s', async (_what, cnf, proof) => {
    expect(await judge(cnf, proof)).toBe('accepted');
  });

  // RFC 9449 section 7.1 and RFC 8705 section 3: a binding that nobody checks is none. Elsewhere the default accepts these.
  test.each<[string, unknown, ProofOfPossession | undefined]>([
    ['a token bound to a key, without proof', { jkt: KEY }, undefined],
    ['a token bound to a key, with an empty proof', { jkt: KEY }, {}],
    ['a token bound to a key, with the proof of another', { jkt: KEY }, { dpopThumbprint: OTHER }],
    ['a token bound to a key, with a certificate alone', { jkt: KEY }, { certificateThumbprint: KEY }],
    ['a token bound to a certificate, without one', { 'x5t#S256': CERTIFICATE }, undefined],
    ['a token bound to a certificate, with another', { 'x5t#S256': CERTIFICATE }, { certificateThumbprint: OTHER }],
    ['a token bound to a certificate, sent as DPoP', { 'x5t#S256': CERTIFICATE }, { dpopThumbprint: CERTIFICATE }],
    ['both, though the token is bound to the certificate alone', { 'x5t#S256': CERTIFICATE }, {
      dpopThumbprint: KEY,
      certificateThumbprint: CERTIFICATE,
    }],
    ['a token that is not bound, sent as DPoP', undefined, { dpopThumbprint: KEY }],
    ['two bindings', { jkt: KEY, 'x5t#S256': CERTIFICATE }, {
      dpopThumbprint: KEY,
      certificateThumbprint: CERTIFICATE,
    }],
    ['a binding and one that is unknown', { jkt: KEY, jwk: {} }, { dpopThumbprint: KEY }],
    ['an unknown binding', { jwk: {} }, { dpopThumbprint: KEY }],
    ['an unknown binding, without proof', { jwk: {} }, undefined],
    ['no binding in an object', {}, { dpopThumbprint: KEY }],
    ['no binding in an object, without proof', {}, undefined],
    ['null', null, undefined],
    ['a list', [KEY], { dpopThumbprint: KEY }],
    ['a string', KEY, { dpopThumbprint: KEY }],
    ['a thumbprint that is a list', { jkt: [KEY] }, { dpopThumbprint: KEY }],
    ['an empty thumbprint that equals an empty proof', { jkt: '' }, { dpopThumbprint: '' }],
    ['a short thumbprint that equals a short proof', { jkt: 'k' }, { dpopThumbprint: 'k' }],
    // SHA-256 in hex is 64 characters, padded base64url 44: other spellings never match.
    ['a thumbprint in hex', { 'x5t#S256': 'a'.repeat(64) }, { certificateThumbprint: 'a'.repeat(64) }],
    ['a padded thumbprint', { jkt: `${KEY}=` }, { dpopThumbprint: KEY }],
  ])('refuses %s', async (_what, cnf, proof) => {
    expect(await judge(cnf, proof)).toBe('jwt_confirmation_mismatch');
  });

  test('looks at the signature and the time before the binding', async () => {
    const { verify, privateKey } = await openDesk();
    const stranger = await openDesk();
    expect(await outcome(async () => verify(await forge(stranger.privateKey, { ...CLAIMS, cnf: {} })))).toBe(
      'jwt_signature_invalid',
    );
    expect(await outcome(async () => verify(await forge(privateKey, { ...CLAIMS, exp: 0, cnf: {} })))).toBe(
      'jwt_expired',
    );
  });

  test('reads no binding from a polluted prototype', async () => {
    Object.defineProperty(Object.prototype, 'cnf', { value: { jkt: KEY }, configurable: true });
    try {
      expect(await judge(undefined, { dpopThumbprint: KEY })).toBe('jwt_confirmation_mismatch');
    } finally {
      Reflect.deleteProperty(Object.prototype, 'cnf');
    }
  });
});
