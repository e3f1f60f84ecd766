import { booleanOption, refuseUnknownOptions } from '../core/option.ts';
import {
  ACTION,
  COMMON,
  CONTENT_SECURITY_POLICY,
  type Csp,
  type HeaderContext,
  type HeaderRow,
  NO_STORE,
  wordOption,
} from './row.ts';

/** Who may embed a response without CORS: `<img>`, `<script>`, `<audio>`. */
export type ResourcePolicy = 'same-origin' | 'same-site' | 'cross-origin';

/** Options for every response that is not HTML. */
export interface ApiHeaderOptions {
  /** Whether a response that is ever rendered gets an opaque origin (CSP `sandbox`). Default: true. */
  readonly sandbox?: boolean;
  /** A policy in place of the preset's, `sandbox` and all, from `createCsp`. Default: nothing loads and nothing frames it. */
  readonly csp?: Csp<'enforce'>;
  /** Who may embed the response; CORS requests are not affected. Public images need `cross-origin`. Default: `same-origin`. */
  readonly crossOriginResourcePolicy?: ResourcePolicy;
}

const RESOURCE_POLICIES: readonly ResourcePolicy[] = ['same-origin', 'same-site', 'cross-origin'];
const CSP = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The rows for data: JSON, images, files, empty responses.
 *
 * Opener, embedder, permissions and origin-agent-cluster policies are left out: they do nothing on what is no document.
 */
export function apiRows(options: ApiHeaderOptions): (context: HeaderContext) => readonly HeaderRow[] {
  refuseUnknownOptions(ACTION, options, ['sandbox', 'csp', 'crossOriginResourcePolicy']);
  const { sandbox = true, csp, crossOriginResourcePolicy = 'same-origin' } = options;
  const preset = booleanOption(ACTION, 'sandbox', sandbox) ? `${CSP}; sandbox` : CSP;
  wordOption('crossOriginResourcePolicy', crossOriginResourcePolicy, RESOURCE_POLICIES);
  return ({ secure }) => [
    [CONTENT_SECURITY_POLICY, csp?.format({ secure }) ?? preset],
    ...COMMON,
    ['referrer-policy', 'no-referrer'],
    ['cross-origin-resource-policy', crossOriginResourcePolicy],
    NO_STORE,
  ];
}
