/** One header of a preset: its lower-case name and its value. */
export type HeaderRow = readonly [name: string, value: string];

/** What only the caller knows about a response. */
export interface HeaderContext {
  /** Whether the client speaks https to a host with a name: not to an address, not to localhost. */
  readonly secure: boolean;
  /** The nonce on the page's scripts, from `createNonce`. Default: none, scripts come from the same origin. */
  readonly nonce?: string;
}

/** A compiled Content Security Policy, from `createCsp`. */
export interface Csp<out Mode extends 'enforce' | 'report' = 'enforce' | 'report'> {
  /** The header that carries it: the one that is enforced, or the one that only reports. */
  readonly name: Mode extends 'enforce' ? 'content-security-policy' : 'content-security-policy-report-only';
  /** Returns the header's value for one response. */
  readonly format: (context: HeaderContext) => string;
}

/** What every message of a header policy begins with. */
export const ACTION = 'create header policy';

export const CONTENT_SECURITY_POLICY = 'content-security-policy';

/** Sent where the handler chose no caching of its own. */
export const NO_STORE: HeaderRow = ['cache-control', 'no-store'];

/** What both presets say alike. */
export const COMMON: readonly HeaderRow[] = [['x-content-type-options', 'nosniff'], ['x-frame-options', 'DENY']];

/**
 * Returns an option that is one of a few words.
 *
 * @param name the option's name, for the message
 * @param value as the caller gave it
 * @param words what it may be
 * @returns the value
 * @throws {TypeError} when it is none of the words
 */
export function wordOption<Word extends string>(name: string, value: Word, words: readonly Word[]): Word {
  if (!words.includes(value)) throw new TypeError(`Cannot ${ACTION}: ${name} must be one of ${words.join(', ')}.`);
  return value;
}
