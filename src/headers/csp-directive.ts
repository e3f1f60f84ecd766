import { type CspSource, readSources } from './csp-source.ts';
import { none } from './csp-token.ts';

/** The directives of {@linkcode createCsp}, under their own names in camel case. One that is left out is not sent. */
export interface CspDirectives {
  /** What the directives ending in `Src` fall back to. `baseUri`, `formAction` and `frameAncestors` fall back to nothing: name them. */
  readonly defaultSrc?: readonly CspSource[];
  /** Scripts, and what the two below fall back to. */
  readonly scriptSrc?: readonly CspSource[];
  /** Scripts in `<script>`. */
  readonly scriptSrcElem?: readonly CspSource[];
  /** Event handlers in attributes. */
  readonly scriptSrcAttr?: readonly CspSource[];
  /** Styles, and what the two below fall back to. */
  readonly styleSrc?: readonly CspSource[];
  /** Styles in `<style>` and `<link>`. */
  readonly styleSrcElem?: readonly CspSource[];
  /** Styles in attributes. */
  readonly styleSrcAttr?: readonly CspSource[];
  /** Frames and workers that have no directive of their own. */
  readonly childSrc?: readonly CspSource[];
  /** `fetch`, WebSockets, beacons. */
  readonly connectSrc?: readonly CspSource[];
  /** Fonts. */
  readonly fontSrc?: readonly CspSource[];
  /** What the page frames. */
  readonly frameSrc?: readonly CspSource[];
  /** Images. */
  readonly imgSrc?: readonly CspSource[];
  /** Web app manifests. */
  readonly manifestSrc?: readonly CspSource[];
  /** Audio and video. */
  readonly mediaSrc?: readonly CspSource[];
  /** Plug-ins: say `[none]`. */
  readonly objectSrc?: readonly CspSource[];
  /** Workers. */
  readonly workerSrc?: readonly CspSource[];
  /** What `<base>` may name: say `[none]`, or an injected one sends relative scripts elsewhere. */
  readonly baseUri?: readonly CspSource[];
  /** Where forms are sent. */
  readonly formAction?: readonly CspSource[];
  /** Who frames the page; browsers that read it ignore `X-Frame-Options`. */
  readonly frameAncestors?: readonly CspSource[];
  /** The page gets an opaque origin and may do only what is listed. */
  readonly sandbox?: readonly SandboxFlag[];
  /** Injection sinks take only what passed Trusted Types. */
  readonly requireTrustedTypesFor?: 'script';
  /** The names of the Trusted Types policies that may be created; `[none]` for none. */
  readonly trustedTypes?: readonly CspSource[];
  /** Whether WebRTC may connect. */
  readonly webrtc?: 'allow' | 'block';
  /** The name of a reporting endpoint. */
  readonly reportTo?: string;
  /** An https URL or a path, for browsers that do not know `reportTo`, which must be there too. */
  readonly reportUri?: string;
  /** Whether http URLs in the page become https; sent over https only. */
  readonly upgradeInsecureRequests?: true;
}

/** What a sandboxed page may do all the same. */
export type SandboxFlag =
  | 'allow-downloads'
  | 'allow-forms'
  | 'allow-modals'
  | 'allow-orientation-lock'
  | 'allow-pointer-lock'
  | 'allow-popups'
  | 'allow-popups-to-escape-sandbox'
  | 'allow-presentation'
  | 'allow-same-origin'
  | 'allow-scripts'
  | 'allow-top-navigation'
  | 'allow-top-navigation-by-user-activation'
  | 'allow-top-navigation-to-custom-protocols';

const FLAGS: readonly SandboxFlag[] = [
  'allow-downloads',
  'allow-forms',
  'allow-modals',
  'allow-orientation-lock',
  'allow-pointer-lock',
  'allow-popups',
  'allow-popups-to-escape-sandbox',
  'allow-presentation',
  'allow-same-origin',
  'allow-scripts',
  'allow-top-navigation',
  'allow-top-navigation-by-user-activation',
  'allow-top-navigation-to-custom-protocols',
];

type Read = (name: string, value: unknown) => readonly string[];

const ENDPOINT = /^[a-z*][a-z0-9_.*-]*$/;
const POLICY_NAME = /^[A-Za-z0-9#=_/@.%-]+$/;
const REPORT_URI = /^(?:https:\/)?\/(?:[A-Za-z0-9._~!$&()*+=:@%?#-][A-Za-z0-9._~!$&()*+=:@%/?#-]*)?$/;

/** How to read each directive that browsers still heed. Those that they have given up are not here, and so are refused. */
export const READERS: Readonly<Record<keyof CspDirectives, Read>> = {
  defaultSrc: readCode,
  scriptSrc: readCode,
  scriptSrcElem: readCode,
  scriptSrcAttr: readCode,
  styleSrc: readCode,
  styleSrcElem: readCode,
  styleSrcAttr: readCode,
  childSrc: readPlaces,
  connectSrc: readPlaces,
  fontSrc: readPlaces,
  frameSrc: readPlaces,
  imgSrc: readPlaces,
  manifestSrc: readPlaces,
  mediaSrc: readPlaces,
  objectSrc: readPlaces,
  workerSrc: readPlaces,
  baseUri: readPlaces,
  formAction: readPlaces,
  frameAncestors: readPlaces,
  sandbox: (name, value) => readWords(name, value, (flag) => FLAGS.some((known) => known === flag)),
  requireTrustedTypesFor: (name, value) => readWords(name, [value], (text) => text === 'script').map(quote),
  trustedTypes: readPolicyNames,
  webrtc: (name, value) => readWords(name, [value], (text) => text === 'allow' || text === 'block').map(quote),
  reportTo: (name, value) => readWords(name, [value], (text) => ENDPOINT.test(text)),
  reportUri: (name, value) => readWords(name, [value], (text) => REPORT_URI.test(text)),
  upgradeInsecureRequests: (name, value) => value === true ? [] : refuse(name),
};

function readCode(name: string, value: unknown): readonly string[] {
  return readSources(name, value, true);
}

function readPlaces(name: string, value: unknown): readonly string[] {
  return readSources(name, value, false);
}

function readPolicyNames(name: string, value: unknown): readonly string[] {
  if (Array.isArray(value) && value.length === 1 && value[0] === none) return [none.token];
  return readWords(name, value, (text) => POLICY_NAME.test(text));
}

function readWords(name: string, value: unknown, isWord: (text: string) => boolean): readonly string[] {
  if (!Array.isArray(value)) return refuse(name);
  const words: readonly unknown[] = value;
  return words.map((word, index) =>
    typeof word === 'string' && isWord(word) && words.indexOf(word) === index ? word : refuse(name)
  );
}

function quote(text: string): string {
  return `'${text}'`;
}

function refuse(name: string): never {
  throw new TypeError(`Cannot create CSP: ${name} is not of the form that CSP gives it.`);
}
