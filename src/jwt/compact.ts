import { encodeBase64Url } from '../encoding/base64url.ts';
import { encodeUtf8 } from '../encoding/utf8.ts';
import { algorithmRow } from './algorithm.ts';
import type { JwtKey } from './key.ts';

/** Signs two segments with a key that `requireKey` has let pass, and returns the compact serialization (RFC 7515 section 7.1). */
export async function signCompact(header: string, payload: string, key: JwtKey): Promise<string> {
  const signed = `${header}.${payload}`;
  const { signParams } = algorithmRow(key.algorithm);
  const signature = await crypto.subtle.sign(signParams, key.cryptoKey, encodeUtf8(signed));
  return `${signed}.${encodeBase64Url(new Uint8Array(signature))}`;
}
