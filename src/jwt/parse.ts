import { Refusal } from '../core/refusal.ts';
import { decodeBase64Url, decodeBase64UrlInto, decodedLength } from '../encoding/base64url.ts';
import { type JsonValue, parseJson } from '../encoding/json.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';

/** What JSON calls an object; any member may be absent. */
export type JsonObject = Readonly<Record<string, JsonValue | undefined>>;

/** A JOSE header: nothing in it is trusted before a signature covers it, and no key in it ever is. */
export interface JwtHeader {
  /** The algorithm that the token claims to use. */
  readonly alg: string;
  /** The media type of the token, as it stands there. */
  readonly typ?: string;
  /** The id of the key that the token claims to be signed with. */
  readonly kid?: string;
  /** Whatever else it holds. */
  readonly [name: string]: JsonValue | undefined;
}

/** What a token says about itself. Nobody has checked any of it. */
export interface ParsedJwt {
  /** The header, frozen. */
  readonly header: JwtHeader;
  /** The claims, frozen all the way down. */
  readonly claims: JsonObject;
}

/** A compact JWS taken apart: what its header says, and the bytes that prove it. */
export interface JwsParts {
  readonly header: JwtHeader;
  /** The second segment, still encoded. */
  readonly payload: string;
  /** The ASCII text of the first two segments, which is what was signed. */
  readonly signed: string;
  /** The third segment's bytes. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/** As {@linkcode JwsParts}, with the claims read. */
export interface JwtParts extends JwsParts {
  readonly claims: JsonObject;
}

/** What a verifier keeps from one token to the next, so that reading one makes little that is thrown away. */
export interface ReadMemory {
  /** Where segments are decoded; nothing in it outlives the reading of a segment. */
  readonly bytes: Uint8Array;
  /** The first segment that was read last, and its dot: one issuer's tokens begin with the same hundred characters, day in, day out. */
  prefix: string;
  /** What it says. */
  header: JwtHeader | undefined;
}

/** The default cap on a token's length: what common servers take for a whole header line. */
export const DEFAULT_MAX_TOKEN_LENGTH = 8192;
const MAX_KEY_ID_LENGTH = 256;
/** Longer segments, which only a raised cap lets in, are decoded in memory of their own. */
const MEMORY_BYTES = 6144;

/**
 * Reads what a token says, **without proving any of it**: anybody can write such a token.
 *
 * For logs and for finding out what one received. To act on a token use `createJwtVerifier` or `verifyJwt`.
 *
 * @param token a compact JWT of at most 8,192 characters
 * @returns its header and claims, deeply frozen
 * @throws {Refusal} jwt_malformed, jwt_too_large
 * @see RFC 7519 section 7.2
 *
 * @example
 * ```ts
 * import { generateJwtKeyPair, parseJwt, signJwt } from 'sallyport/jwt';
 *
 * const { privateKey } = await generateJwtKeyPair('ES256');
 * const token = await signJwt({ iss: 'https://id.test' }, privateKey, { type: 'at+jwt', expiresInSeconds: 60 });
 * console.log(parseJwt(token).claims['iss']); // https://id.test
 * ```
 */
export function parseJwt(token: string): ParsedJwt {
  const { header, claims } = splitJwt(token, DEFAULT_MAX_TOKEN_LENGTH);
  return Object.freeze({ header, claims });
}

/** Makes the memory of one verifier. */
export function createReadMemory(): ReadMemory {
  return { bytes: new Uint8Array(MEMORY_BYTES), prefix: '', header: undefined };
}

/** Takes a token apart and reads its claims, refusing every spelling but the canonical one. */
export function splitJwt(token: unknown, maxLength: number, memory?: ReadMemory): JwtParts {
  const { header, payload, signed, signature } = splitJws(token, maxLength, memory);
  return { header, payload, signed, signature, claims: parseSegment(payload, memory?.bytes) };
}

/** Takes a compact JWS apart, refusing every spelling but the canonical one. The length is checked before anything is looked at. */
export function splitJws(token: unknown, maxLength: number, memory?: ReadMemory): JwsParts {
  if (typeof token !== 'string') throw new Refusal('jwt_malformed');
  if (token.length > maxLength) throw new Refusal('jwt_too_large');
  const known = memory?.header !== undefined && token.startsWith(memory.prefix) ? memory : undefined;
  const first = known === undefined ? token.indexOf('.') : known.prefix.length - 1;
  const second = token.indexOf('.', first + 1);
  // Without a second dot this is -1 or the first one again, and what would be sliced is no token. A third dot, as in an encrypted
  // token of five parts, lands in the signature, where base64url does not allow it.
  if (second <= first) throw new Refusal('jwt_malformed');
  const header = known?.header ?? parseSegment(token.slice(0, first), memory?.bytes);
  const signature = decodeBase64Url(token.slice(second + 1));
  if (signature === undefined || signature.length === 0 || !isHeader(header)) throw new Refusal('jwt_malformed');
  if (memory !== undefined && known === undefined) {
    memory.prefix = token.slice(0, first + 1);
    memory.header = header;
  }
  return { header, payload: token.slice(first + 1, second), signed: token.slice(0, second), signature };
}

function parseSegment(segment: string, memory?: Uint8Array): JsonObject {
  const room = decodedLength(segment.length);
  const bytes = memory !== undefined && memory.length >= room ? memory : new Uint8Array(room);
  const length = decodeBase64UrlInto(segment, bytes);
  const text = length < 0 ? undefined : decodeUtf8(bytes.subarray(0, length));
  if (text === undefined) throw new Refusal('jwt_malformed');
  let value: JsonValue;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw new Refusal('jwt_malformed', { cause });
  }
  if (!isObject(value)) throw new Refusal('jwt_malformed');
  freezeDeep(value);
  return value;
}

function isHeader(header: JsonObject): header is JwtHeader {
  const typ = own(header, 'typ');
  const kid = own(header, 'kid');
  return typeof own(header, 'alg') === 'string' && (typ === undefined || typeof typ === 'string') &&
    // Long enough for every thumbprint and URL, and too short to make a lookup or a log line expensive.
    (kid === undefined || (typeof kid === 'string' && kid.length <= MAX_KEY_ID_LENGTH));
}

/** Reads a member of untrusted JSON. Own members only: what a polluted Object.prototype holds is in no token. */
export function own(object: JsonObject, name: string): JsonValue | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

/** Tells a JSON object from arrays, null and scalars. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Freezes a parsed value all the way down; iterative, so depth costs no stack. */
function freezeDeep(root: JsonObject): void {
  const pending: object[] = [root];
  for (let container = pending.pop(); container !== undefined; container = pending.pop()) {
    // First, because reading what is frozen takes longer.
    for (const child of Object.values(container)) {
      if (typeof child === 'object' && child !== null) pending.push(child);
    }
    Object.freeze(container);
  }
}
