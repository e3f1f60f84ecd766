import { type Clock, type MaybePromise, systemClock } from '../core/clock.ts';
import { booleanOption, functionOption, numberOption, stringListOption, stringOption } from '../core/option.ts';
import { isStandardSchema, type StandardSchema } from '../core/standard-schema.ts';
import { algorithmOption, algorithmRow, type JwtAlgorithm } from './algorithm.ts';
import type { ClaimRules, VerifiedClaims } from './claims.ts';
import type { JwtKey } from './key.ts';
import { createKeySet, isKeySet, type KeySet } from './key-set.ts';
import type { JwtHeader } from './parse.ts';
import type { AllowedAlgorithms } from './prove.ts';

/** What was proved. Frozen all the way down, so that a handler cannot change what the next one sees. */
export interface VerifiedJwt<Claims = VerifiedClaims> {
  /** The header that the signature covers. */
  readonly header: JwtHeader;
  /** The claims that the signature covers, or what the option `claims` made of them. */
  readonly claims: Claims;
}

/** What the tokens of one issuer must be to be believed. */
export interface JwtIssuerOptions<Claims = VerifiedClaims> {
  /** The `iss` that the token must carry, compared exactly. Required. */
  readonly issuer: string;
  /** The token's `aud` must name at least one of these, compared exactly. Required. */
  readonly audience: string | readonly string[];
  /** The signature algorithms that are believed. Required. */
  readonly algorithms: readonly JwtAlgorithm[];
  /** The `typ` that the header must carry, without regard to case or to a prefix `application/`: `at+jwt`. Required. */
  readonly type: string;
  /** Where keys come from: a set, or a list of public keys and secrets. Required. */
  readonly keys: KeySet | readonly JwtKey[];
  /** How far the issuer's clock may differ from ours, in seconds, 0 to 300. Default: 0; 5 is usual across machines. */
  readonly clockToleranceSeconds?: number;
  /** The greatest age since `iat`, in seconds; makes `iat` compulsory. Default: any age. */
  readonly maxAgeSeconds?: number;
  /** Claims that must be there besides `iss`, `aud` and `exp`; null counts as absent. Default: none. */
  readonly requiredClaims?: readonly string[];
  /** Any Standard Schema; it sees all claims, and its output, frozen where it is plain data, is what you get. Default: the claims as signed. */
  readonly claims?: StandardSchema<unknown, Claims>;
  /** Asked last, on every use of a token, also of a remembered one: anything but `false` refuses it. Default: no token is revoked. */
  readonly isRevoked?: (jwt: VerifiedJwt<Claims>) => MaybePromise<boolean>;
  /** Tells the time in milliseconds. Default: the platform's clock. */
  readonly clock?: Clock;
  /** Whether a token without `exp`, which is valid for ever, is believed. Default: false. */
  readonly dangerouslyAllowMissingExpiry?: boolean;
}

/** The same, compiled. */
export interface JwtRules extends ClaimRules {
  readonly algorithms: AllowedAlgorithms;
  /** Tells whether a header's `typ` is the right one. */
  readonly isType: (typ: unknown) => boolean;
  readonly keys: KeySet;
  readonly clock: Clock;
  readonly schema: StandardSchema | undefined;
  readonly isRevoked: ((jwt: VerifiedJwt<never>) => MaybePromise<boolean>) | undefined;
}

/** Every key of {@linkcode JwtIssuerOptions}. */
export const ISSUER_OPTIONS: readonly (keyof JwtIssuerOptions)[] = [
  'issuer',
  'audience',
  'algorithms',
  'type',
  'keys',
  'clockToleranceSeconds',
  'maxAgeSeconds',
  'requiredClaims',
  'claims',
  'isRevoked',
  'clock',
  'dangerouslyAllowMissingExpiry',
];

const TYPE_PREFIX = 'application/';
/** More would keep expired tokens alive: who needs it has a clock to mend. */
const MAX_TOLERANCE_SECONDS = 300;

/** Checks and compiles what one issuer's tokens must be; a profile may demand more claims. */
export function compileRules<Claims>(
  action: string,
  options: JwtIssuerOptions<Claims>,
  demanded: readonly string[] = [],
): JwtRules {
  const { clockToleranceSeconds = 0, maxAgeSeconds, requiredClaims = [], clock = systemClock, claims, isRevoked } =
    options;
  const required = ['iss', 'aud', ...demanded];
  if (!booleanOption(action, 'dangerouslyAllowMissingExpiry', options.dangerouslyAllowMissingExpiry ?? false)) {
    required.push('exp');
  }
  if (maxAgeSeconds !== undefined) {
    numberOption(action, 'maxAgeSeconds', maxAgeSeconds, { above: 0 });
    required.push('iat');
  }
  if (!Array.isArray(requiredClaims)) throw new TypeError(`Cannot ${action}: requiredClaims must be a list.`);
  if (requiredClaims.length > 0) required.push(...stringListOption(action, 'requiredClaims', requiredClaims));
  if (claims !== undefined && !isStandardSchema(claims)) {
    throw new TypeError(`Cannot ${action}: claims must be a Standard Schema.`);
  }
  if (isRevoked !== undefined) functionOption(action, 'isRevoked', isRevoked);
  const type = normalizeType(stringOption(action, 'type', options.type));
  return {
    issuer: stringOption(action, 'issuer', options.issuer),
    audiences: new Set(stringListOption(action, 'audience', options.audience)),
    algorithms: compileAlgorithms(action, options.algorithms),
    isType: (typ) => typ === type || (typeof typ === 'string' && normalizeType(typ) === type),
    keys: keysOption(options.keys),
    required,
    toleranceSeconds: numberOption(action, 'clockToleranceSeconds', clockToleranceSeconds, {
      min: 0,
      max: MAX_TOLERANCE_SECONDS,
    }),
    maxAgeSeconds: maxAgeSeconds ?? Infinity,
    schema: claims,
    isRevoked,
    clock: functionOption(action, 'clock', clock),
  };
}

/** Checks and compiles the algorithms that a caller believes. */
export function compileAlgorithms(action: string, algorithms: readonly JwtAlgorithm[]): AllowedAlgorithms {
  const names = stringListOption(action, 'algorithms', algorithms);
  return new Map(names.map((name) => [name, algorithmRow(algorithmOption(action, name))]));
}

/** Returns the set that an option gives, or makes one of the list that it gives. */
export function keysOption(keys: KeySet | readonly JwtKey[]): KeySet {
  return isKeySet(keys) ? keys : createKeySet({ keys });
}

/** RFC 7515 section 4.1.9: media types are compared without regard to case, and `application/` may be left out. */
function normalizeType(type: string): string {
  const lower = type.toLowerCase();
  return lower.startsWith(TYPE_PREFIX) && lower.indexOf('/', TYPE_PREFIX.length) < 0
    ? lower.slice(TYPE_PREFIX.length)
    : lower;
}
