import { decodeBase64 } from '../encoding/base64.ts';
import { decodeUtf8 } from '../encoding/utf8.ts';

/** What a client of the Basic scheme says it is. */
export interface BasicCredentials {
  /** The user, without a colon; it may be empty. */
  readonly userId: string;
  /** The password, in clear. */
  readonly password: string;
}

const MAX_LENGTH = 8192;

/**
 * Reads the token of the Basic scheme. It verifies nothing: compare the password by `timingSafeEqual`, or better its slow hash.
 *
 * An OAuth client percent-encodes both parts before (RFC 6749 section 2.3.1): decode them behind this.
 *
 * @param token what `parseAuthorization` gave for the scheme `basic`
 * @returns both parts; undefined when the token is no canonical base64 of well-formed UTF-8 with a colon, holds a control, or is longer than
 * 8,192 characters
 * @see RFC 7617 section 2
 *
 * @example
 * ```ts
 * import { parseAuthorization, parseBasicCredentials } from 'sallyport/net';
 *
 * const credentials = parseAuthorization(new Headers({ authorization: 'Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==' }));
 * if (credentials?.scheme === 'basic') console.log(parseBasicCredentials(credentials.token)?.userId); // Aladdin
 * ```
 */
export function parseBasicCredentials(token: string): BasicCredentials | undefined {
  const bytes = token.length > MAX_LENGTH ? undefined : decodeBase64(token);
  const text = bytes && decodeUtf8(bytes);
  // A control, a line end above all, is what would forge the log or the query that the name ends in.
  if (text === undefined || /\p{Cc}/u.test(text)) return undefined;
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { userId: text.slice(0, colon), password: text.slice(colon + 1) };
}
