import { type Cors, createCors } from '../../src/cross-origin/cors.ts';
import { createCrossOriginCheck, type CrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import { createFormReader, type FormReader } from '../../src/schema/form-reader.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import type { Schema } from '../../src/schema/schema.ts';
import type { LimitOptions } from '../../src/limiter/limit.ts';
import type { AnyPolicy } from '../../src/secure/any-policy.ts';
import type { Authenticator, Principal } from '../../src/secure/authenticator.ts';
import type { CustomLimit } from '../../src/secure/limits-options.ts';
import type { LintCode } from '../../src/secure/lint-finding.ts';
import type { ReportMode } from '../../src/secure/mode.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { bearer, open } from './fixtures.ts';

/** A policy that has what is looked for, and the nearest that does not. */
export type LintCase = readonly [has: string, AnyPolicy, hasNot: string, AnyPolicy];

/** The codes about what does not enforce, and about who learns of it. */
export type ModeCode = Extract<
  LintCode,
  | 'access_not_enforced'
  | 'stage_reports'
  | 'stage_off'
  | 'report_without_end'
  | 'report_ended'
  | 'sample_without_principal'
  | 'events_without_id'
>;

export const clock = (): number => Date.parse('2026-06-15T12:00:00Z');

export const one = (name: string): readonly LimitOptions[] => [{ name, limit: 10, windowSeconds: 60 }];
export const limited: Required<Pick<AnyPolicy, 'store' | 'limits'>> = {
  store: memoryStore(),
  limits: createLimits({ client: one('client') }),
};
export const account: CustomLimit<{ readonly body: { readonly name: string } }> = {
  limits: one('account'),
  key: ({ body }) => body.name,
};
export const shape: Schema<{ readonly name: string }> = object({ name: string() });
export const form: FormReader = createFormReader(shape);
export const csrf: CrossOriginCheck = createCrossOriginCheck();
export const auth: Authenticator<Principal<unknown>> = bearer().auth;
export const bearerOf: Authenticator<Principal<unknown>> = {
  ...auth,
  isPresented: (request) => request.headers.has('authorization'),
};
export const cookie: Authenticator<Principal<unknown>> = {
  ...auth,
  ambient: true,
  requestHeaders: [],
  isPresented: () => false,
};
export const withCookies = (origin: string): Cors => createCors({ origins: [origin], credentials: true });
export const report = (until: string, by: 'client' | 'principal' = 'client'): ReportMode => {
  return { mode: 'report', until, reason: 'new', enforce: { sample: 0.5, by } };
};

/** Policies in which nothing is wrong, and which each finding starts from. */
export const READ: AnyPolicy = { id: 'read', methods: ['GET'], auth, ...limited };
/** One that changes things, and no right for it. */
export const FREE: AnyPolicy = { ...READ, id: 'write', methods: ['POST'], body: shape };
export const WRITE: AnyPolicy = { ...FREE, scopes: ['notes:write'] };
/** A public POST without a body, of which nothing is named by one. */
export const PING: AnyPolicy = { id: 'ping', methods: ['POST'], auth: 'public', ...limited };
export const BODILESS: AnyPolicy = { ...PING, limits: createLimits({ client: one('client'), afterBody: [account] }) };
export const LOGIN: AnyPolicy = { ...BODILESS, body: shape };

export const SOUND: readonly (readonly [string, AnyPolicy])[] = [
  ['the least policy', open],
  ['one that reads', READ],
  ['one that writes with a scope', WRITE],
  ['a login', LOGIN],
  ['a login by form', { ...BODILESS, form, csrf }],
];
