import { Refusal } from '../core/refusal.ts';
import type { JsonValue } from '../encoding/json.ts';
import { type JsonObject, own } from './parse.ts';

/** The claims of RFC 7519 section 4.1, and any others. */
export interface JwtClaims {
  /** Who issued the token. */
  readonly iss?: string;
  /** Whom it is about. */
  readonly sub?: string;
  /** For whom it is meant. */
  readonly aud?: string | readonly string[];
  /** When it ends, in seconds since the Unix epoch. */
  readonly exp?: number;
  /** When it begins, in seconds since the Unix epoch. */
  readonly nbf?: number;
  /** When it was issued, in seconds since the Unix epoch. */
  readonly iat?: number;
  /** Its own id. */
  readonly jti?: string;
  /** Whatever else it says. */
  readonly [name: string]: JsonValue | undefined;
}

/** Claims before they are signed: `signJwt` dates and names the token from its options. Whatever else they say is plain JSON data. */
export type UnsignedClaims = object & {
  /** Who issues the token. */
  readonly iss?: string;
  /** Whom it is about. */
  readonly sub?: string;
  /** For whom it is meant. */
  readonly aud?: string | readonly string[];
  /** From `expiresInSeconds`. */
  readonly exp?: never;
  /** From `notBefore`. */
  readonly nbf?: never;
  /** From the clock. */
  readonly iat?: never;
  /** From `jwtId`. */
  readonly jti?: never;
};

/** The same type where it is plain JSON data; `never` stands where it is not: a function, a Date's methods, a member that may be undefined. */
export type PlainJson<T> = T extends string | number | boolean | null ? T
  : T extends (...args: never[]) => unknown ? never
  : T extends object ? { readonly [Name in keyof T]: PlainJson<T[Name]> }
  : never;

/** Claims that were proved: the issuer and the audience are there and are the expected ones. */
export interface VerifiedClaims extends JwtClaims {
  /** The issuer that the verifier demands. */
  readonly iss: string;
  /** It names at least one of the verifier's audiences. */
  readonly aud: string | readonly string[];
}

/** What claims must fulfil, compiled once. */
export interface ClaimRules {
  /** The one issuer. */
  readonly issuer: string;
  /** Any of these will do. */
  readonly audiences: ReadonlySet<string>;
  /** Claims that must be there. */
  readonly required: readonly string[];
  /** Claims that must be strings, and not empty, besides those of RFC 7519. */
  readonly texts?: readonly string[];
  /** How far two clocks may differ, in seconds. */
  readonly toleranceSeconds: number;
  /** The oldest `iat`, in seconds; Infinity for any. */
  readonly maxAgeSeconds: number;
}

/** The times of a token, in seconds, with what stands for an absent one. */
export interface TokenTimes {
  /** When it ends; Infinity where it does not. */
  readonly exp: number;
  /** When it begins; 0 where it does not say. */
  readonly nbf: number;
  /** When it was issued; 0 where it does not say. */
  readonly iat: number;
}

const SHAPES: readonly (readonly [string, (value: JsonValue) => boolean])[] = [
  ['iss', isString],
  ['sub', isString],
  ['aud', isAudience],
  ['exp', isNumericDate],
  ['nbf', isNumericDate],
  ['iat', isNumericDate],
  ['jti', isString],
];

/** Checks claims whose signature was verified: everything about them that does not change with time. */
export function checkClaims(claims: JsonObject, rules: ClaimRules): Refusal | undefined {
  for (const [name, isShaped] of SHAPES) {
    const value = own(claims, name);
    if (value !== undefined && !isShaped(value)) return refuse('jwt_claim_invalid', name, 'is not of its type');
  }
  for (const name of rules.required) {
    if ((own(claims, name) ?? null) === null) return refuse('jwt_claim_missing', name, 'is missing');
  }
  for (const name of rules.texts ?? []) {
    const value = own(claims, name);
    if (!isString(value) || value === '') {
      return refuse('jwt_claim_invalid', name, 'is not a string that says anything');
    }
  }
  if (own(claims, 'iss') !== rules.issuer) return refuse('jwt_issuer_mismatch', 'iss', 'is another issuer');
  if (!namesAudience(own(claims, 'aud'), rules.audiences)) {
    return refuse('jwt_audience_mismatch', 'aud', 'is another audience');
  }
  return undefined;
}

/** Reads the times of claims that {@linkcode checkClaims} let pass. */
export function readTimes(claims: JsonObject): TokenTimes {
  return {
    exp: readTime(claims, 'exp', Infinity),
    nbf: readTime(claims, 'nbf', 0),
    iat: readTime(claims, 'iat', 0),
  };
}

/** Checks the times of a token against the clock. Comparisons are written so that a NaN from a broken clock refuses. */
export function checkTimes({ exp, nbf, iat }: TokenTimes, rules: ClaimRules, nowSeconds: number): Refusal | undefined {
  const earliest = nowSeconds - rules.toleranceSeconds;
  const latest = nowSeconds + rules.toleranceSeconds;
  // RFC 7519 section 4.1.4: "on or after" the moment of exp the token is expired.
  if (!(exp > earliest)) return refuse('jwt_expired', 'exp', 'has passed');
  if (!(nbf <= latest)) return refuse('jwt_not_yet_valid', 'nbf', 'is in the future');
  if (!(iat <= latest)) return refuse('jwt_issued_in_future', 'iat', 'is in the future');
  if (!(earliest - iat <= rules.maxAgeSeconds)) return refuse('jwt_expired', 'iat', 'is too long ago');
  return undefined;
}

function refuse(code: Refusal['code'], name: string, what: string): Refusal {
  return new Refusal(code, { message: `The claim ${name} ${what}.` });
}

function readTime(claims: JsonObject, name: string, absent: number): number {
  const value = own(claims, name);
  return isNumericDate(value) ? value : absent;
}

function namesAudience(aud: JsonValue | undefined, audiences: ReadonlySet<string>): boolean {
  const named: unknown = aud;
  return Array.isArray(named)
    ? named.some((one) => audiences.has(one))
    : typeof named === 'string' && audiences.has(named);
}

/** Tells a string. */
export function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/** Tells an audience: a string, or a list of strings. */
export function isAudience(value: unknown): value is string | readonly string[] {
  return isString(value) || (Array.isArray(value) && value.every(isString));
}

/** Tells a NumericDate (RFC 7519 section 2); fractions are allowed there, times before 1970 make no sense in a token. */
export function isNumericDate(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER;
}
