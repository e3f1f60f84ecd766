import { BROKEN_PAYLOADS } from './html-payloads-broken.ts';
import { COMMENT_PAYLOADS } from './html-payloads-comment.ts';
import { MUTATION_PAYLOADS } from './html-payloads-mutation.ts';
import { SCRIPT_PAYLOADS } from './html-payloads-script.ts';
import { URL_PAYLOADS } from './html-payloads-url.ts';

/** Every payload against sanitisers, with the technique that it was written from. */
export const HTML_PAYLOADS: readonly (readonly [technique: string, payload: string])[] = [
  ...SCRIPT_PAYLOADS,
  ...URL_PAYLOADS,
  ...MUTATION_PAYLOADS,
  ...COMMENT_PAYLOADS,
  ...BROKEN_PAYLOADS,
];
