/** What a request of the page is. */
import type { RefusalCode } from 'sallyport';
import type { PolicyEvent } from 'sallyport/secure';
import type { Tokens } from './issuer.ts';

/** A request that the page sends, and what must become of it. */
export interface Sample {
  readonly title: string;
  /** What it is good for, or what it attacks, in a sentence. */
  readonly about: string;
  readonly method: string;
  readonly path: string;
  readonly token?: keyof Tokens;
  readonly type?: string;
  /** Headers that only something in front of the server may send. */
  readonly claims?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Whether it carries an Idempotency-Key, a new one at each press. */
  readonly key?: true;
  /** How often it is sent, at most: a refusal ends it. Default: once. */
  readonly times?: number;
  readonly status: number;
  /** Where it must end: at the last stage, or at the one that answers or refuses it. */
  readonly stage: PolicyEvent['stage'];
  readonly code?: RefusalCode;
}

/** Alice reads. */
export const read = { method: 'GET', path: '/orders', token: 'reader' } as const;
/** Mallory writes. */
export const write = { method: 'POST', path: '/orders', token: 'mallory', type: 'application/json' } as const;
/** An order as it should be. */
export const tea: string = JSON.stringify({ item: 'tea', quantity: 1 });
