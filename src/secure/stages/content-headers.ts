import { Refusal } from '../../core/refusal.ts';
import { checkContentLength, checkJsonType } from '../../net/body.ts';
import { isBodiless } from '../bodiless.ts';
import type { Exchange, Stage } from '../exchange.ts';

/**
 * Refuses by `Content-Length`, `Content-Encoding` and `Content-Type` alone (body_not_allowed, body_too_large, content_length_invalid,
 * content_encoding_unsupported, media_type_unsupported).
 */
export function contentHeadersStage(expectsJson: boolean, allowsAnyBody: boolean, maxBytes: number): Stage {
  return ({ request }: Exchange): undefined => {
    if (isBodiless(request.method) || !(expectsJson || allowsAnyBody)) {
      // Never ignored: what one side skips the other may act on.
      if (announcesBody(request)) throw new Refusal('body_not_allowed');
      return undefined;
    }
    if (allowsAnyBody) return undefined;
    const refusal = checkContentLength(request, maxBytes) ?? checkJsonType(request);
    if (refusal !== undefined) throw refusal;
    return undefined;
  };
}

function announcesBody(request: Request): boolean {
  const length = request.headers.get('content-length');
  // Not `request.body !== null`: Deno gives every POST and DELETE a stream. The body stage proves that one empty.
  return (length !== null && length !== '0') || request.headers.has('transfer-encoding');
}
