import { Refusal } from '../../core/refusal.ts';
import { isBodiless } from '../bodiless.ts';
import type { Exchange, Stage } from '../exchange.ts';
import { refuse } from './roles.ts';

/**
 * Refuses by `Content-Length`, `Content-Encoding` and `Content-Type` alone: a body where none is expected (body_not_allowed), and else what
 * the check of the one that is refuses.
 *
 * @param check asks the headers of an expected body; undefined where none is
 */
export function contentHeadersStage(check: ((request: Request) => Refusal | undefined) | undefined): Stage {
  return ({ request }: Exchange) =>
    // Never ignored: what one side skips the other may act on.
    refuse(
      check !== undefined && !isBodiless(request.method)
        ? check(request)
        : announcesBody(request)
        ? new Refusal('body_not_allowed')
        : undefined,
    );
}

function announcesBody(request: Request): boolean {
  const length = request.headers.get('content-length');
  // Not `request.body !== null`: Deno gives every POST and DELETE a stream. The body stage proves that one empty.
  return (length !== null && length !== '0') || request.headers.has('transfer-encoding');
}
