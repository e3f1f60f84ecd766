import { createCors } from '../../src/cross-origin/cors.ts';
import { createCrossOriginCheck } from '../../src/cross-origin/cross-origin-check.ts';
import { createFormReader } from '../../src/schema/form-reader.ts';
import { object } from '../../src/schema/object.ts';
import { string } from '../../src/schema/string.ts';
import type { AnyPolicy } from '../../src/secure/any-policy.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { bearer, open } from './fixtures.ts';

/** A policy that has what is looked for, and the nearest that does not. */
export type LintCase = readonly [has: string, AnyPolicy, hasNot: string, AnyPolicy];

export const NOW = Date.parse('2026-06-15T12:00:00Z');
export const clock = (): number => NOW;

export const one = (name: string) => [{ name, limit: 10, windowSeconds: 60 }];
export const limited = { store: memoryStore(), limits: createLimits({ client: one('client') }) };
export const account = {
  limits: one('account'),
  key: ({ body }: { readonly body: { readonly name: string } }) => body.name,
};
export const shape = object({ name: string() });
export const form = createFormReader(shape);
export const csrf = createCrossOriginCheck();
export const { auth } = bearer();
export const bearerOf = { ...auth, isPresented: (request: Request): boolean => request.headers.has('authorization') };
export const cookie = { ...auth, ambient: true, requestHeaders: [], isPresented: (): boolean => false };
export const withCookies = (origin: string) => createCors({ origins: [origin], credentials: true });
export const report = (until: string, by: 'client' | 'principal' = 'client') =>
  ({ mode: 'report', until, reason: 'new', enforce: { sample: 0.5, by } }) as const;

/** Policies in which nothing is wrong, and which each finding starts from. */
export const READ = { id: 'read', methods: ['GET'], auth, ...limited } as const;
export const WRITE = { ...READ, id: 'write', methods: ['POST'], body: shape, scopes: ['notes:write'] } as const;
const { scopes: _scopes, ...free } = WRITE;
/** One that changes things, and no right for it. */
export const FREE = free;
export const LOGIN = {
  id: 'login',
  methods: ['POST'],
  auth: 'public',
  body: shape,
  store: memoryStore(),
  limits: createLimits({ client: one('client'), afterBody: [account] }),
} as const;
const { body: _body, ...bodiless } = LOGIN;
export const BODILESS = bodiless;
/** A public POST without a body, of which nothing is named by one. */
export const PING = { ...BODILESS, ...limited };

export const SOUND: readonly (readonly [string, AnyPolicy])[] = [
  ['the least policy', open],
  ['one that reads', READ],
  ['one that writes with a scope', WRITE],
  ['a login', LOGIN],
  ['a login by form', { ...BODILESS, form, csrf }],
];
