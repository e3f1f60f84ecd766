import { createRoles } from '../../src/access/role.ts';
import { createCors } from '../../src/cross-origin/cors.ts';
import { fromText } from '../../src/schema/from-text.ts';
import type { LintCode } from '../../src/secure/lint-finding.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { open } from './fixtures.ts';
import {
  account,
  auth,
  bearerOf,
  BODILESS,
  cookie,
  csrf,
  form,
  FREE,
  limited,
  type LintCase,
  LOGIN,
  type ModeCode,
  one,
  PING,
  READ,
  shape,
  withCookies,
  WRITE,
} from './lint-policies.ts';

const OPEN = createLimits({ client: one('c'), whenStoreFails: 'open' });

/** What a policy lets in, by code. */
export const ACCESS_CASES: Readonly<Record<Exclude<LintCode, ModeCode>, readonly LintCase[]>> = {
  mutation_unauthorized: [
    ['a method that changes and no right for it', FREE, 'every right', { ...FREE, scopes: ['a'] }],
    ['DELETE beside GET', { ...READ, methods: ['GET', 'DELETE'] }, 'GET alone', READ],
    ['the same by cookie', { ...FREE, auth: cookie, csrf }, 'said on purpose', { ...FREE, authorize: () => true }],
    [
      'roles of nobody',
      FREE,
      'the methods of roles',
      { ...FREE, methodsByRole: createRoles({ admin: { methods: ['POST'] } }) },
    ],
    ['no rule', FREE, 'a rule', { ...FREE, roles: createRoles({ a: { permissions: ['p'] } }).permissionRule('p') }],
  ],
  public_mutation: [
    ['a public DELETE', { ...PING, methods: ['DELETE'] }, 'the same of somebody', { ...FREE, methods: ['DELETE'] }],
    ['a public DELETE', { ...PING, methods: ['DELETE'] }, 'a public POST', PING],
    ['a public PUT', { ...LOGIN, methods: ['PUT'] }, 'authorize', {
      ...LOGIN,
      methods: ['PUT'],
      authorize: () => false,
    }],
  ],
  limits_fail_open: [
    ['a public POST', { ...PING, limits: OPEN }, 'one of somebody', { ...FREE, limits: OPEN }],
    [
      'a login whose limits fail open',
      { ...LOGIN, limits: createLimits({ client: one('c'), afterBody: [account], whenStoreFails: 'open' }) },
      'a store of this process',
      { ...LOGIN, limits: createLimits({ client: one('c'), afterBody: [account], whenStoreFails: memoryStore() }) },
    ],
    [
      'a public POST',
      { ...PING, limits: OPEN },
      'a public GET, whose limits protect its cost',
      { ...PING, methods: ['GET'], limits: OPEN },
    ],
  ],
  object_unauthorized: [
    ['an id in the path', { ...READ, params: fromText(shape) }, 'authorize', {
      ...READ,
      params: fromText(shape),
      authorize: () => true,
    }],
    ['an id in the path', { ...READ, params: fromText(shape) }, 'for everybody', { ...open, params: fromText(shape) }],
  ],
  login_without_account_limit: [
    ['a public body and no account limit', { ...LOGIN, ...limited }, 'a limit by account', LOGIN],
    ['a public form', { ...BODILESS, ...limited, form, csrf }, 'no body', PING],
    ['a public body', { ...LOGIN, ...limited }, 'a principal', { ...LOGIN, ...limited, auth, scopes: ['a'] }],
  ],
  public_unlimited: [
    ['a public POST', { methods: ['POST'], auth: 'public' }, 'one of somebody', { methods: ['POST'], auth }],
    ['a public POST', { id: 'a', methods: ['POST'], auth: 'public' }, 'a public GET', open],
    ['a public POST', { ...LOGIN, limits: createLimits({ afterBody: [account] }) }, 'a limit by address', LOGIN],
  ],
  authentication_unlimited: [
    ['tokens that nothing counts', { methods: ['GET'], auth }, 'a limit of the route', {
      ...READ,
      limits: createLimits({ route: one('route') }),
    }],
    ['tokens that nothing counts', { methods: ['GET'], auth }, 'nobody to authenticate', open],
    ['tokens that nothing counts', { methods: ['GET'], auth }, 'a limit by address', READ],
    // What comes after a forged token does not come.
    ['a limit by principal', { ...READ, limits: createLimits({ principal: one('p') }) }, 'a limit by head', {
      ...READ,
      limits: createLimits({ beforeAuthentication: [{ limits: one('head'), key: () => '' }] }),
    }],
  ],
  public_form_forgeable: [
    ['a login by form', { ...BODILESS, form }, 'csrf', { ...BODILESS, form, csrf }],
    ['a login by form', { ...BODILESS, form }, 'a form of somebody', { ...READ, methods: ['POST'], form }],
    ['a login by form', { ...BODILESS, form }, 'JSON, which needs a preflight', LOGIN],
    [
      'CORS of one origin',
      { ...BODILESS, form, cors: createCors({ origins: ['https://a.test'] }) },
      'of every origin',
      {
        ...BODILESS,
        form,
        cors: createCors({ origins: '*' }),
      },
    ],
  ],
  public_with_cookies: [
    ['a logout', { ...PING, cors: withCookies('https://a.test') }, 'one of somebody, who sends none', {
      ...READ,
      methods: ['POST'],
      cors: createCors({ origins: ['https://a.test'], credentials: true, headers: ['authorization'] }),
    }],
    // Only POST needs no preflight.
    ['a logout', { ...PING, cors: withCookies('https://a.test') }, 'a public GET', {
      ...open,
      cors: withCookies('https://a.test'),
    }],
    ['a logout', { ...PING, cors: withCookies('https://a.test') }, 'a form, which has a finding of its own', {
      ...BODILESS,
      form,
      cors: withCookies('https://a.test'),
    }],
    ['a logout that reads cookies itself', { ...PING, cors: withCookies('https://a.test') }, 'csrf', {
      ...PING,
      cors: withCookies('https://a.test'),
      csrf,
    }],
    ['the same', { ...PING, cors: withCookies('https://a.test') }, 'no cookies', {
      ...PING,
      cors: createCors({ origins: ['https://a.test'] }),
    }],
    ['the same', { ...PING, cors: withCookies('https://a.test') }, 'JSON, which needs a preflight', {
      ...LOGIN,
      cors: createCors({ origins: ['https://a.test'], credentials: true, headers: ['content-type'] }),
    }],
  ],
  cookies_readable_by_pattern: [
    ['every name below', { ...READ, auth: cookie, csrf, cors: withCookies('https://*.a.test') }, 'without cookies', {
      ...READ,
      auth: cookie,
      csrf,
      cors: createCors({ origins: ['https://*.a.test'] }),
    }],
    ['every name below', { ...READ, auth: cookie, csrf, cors: withCookies('https://*.a.test') }, 'one name', {
      ...READ,
      auth: cookie,
      csrf,
      cors: withCookies('https://app.a.test'),
    }],
    ['every name below', { ...READ, auth: cookie, csrf, cors: withCookies('https://*.a.test') }, 'tokens', {
      ...READ,
      cors: createCors({ origins: ['https://*.a.test'], credentials: true, headers: ['authorization'] }),
    }],
  ],
  credentials_confusable: [
    [
      'one that cannot tell',
      { ...READ, auth: [{ ...cookie, isPresented: undefined }, bearerOf], csrf } as never,
      'all can',
      {
        ...READ,
        auth: [cookie, bearerOf],
        csrf,
      },
    ],
    [
      'one that cannot tell',
      { ...READ, auth: [auth, { ...auth, isPresented: undefined }] } as never,
      'one alone',
      { ...READ, auth: { ...auth, isPresented: undefined } } as never,
    ],
  ],
  body_unvalidated: [
    ['a raw body', { ...PING, dangerouslyAllowUnvalidatedBody: true }, 'none', {
      ...PING,
      dangerouslyAllowUnvalidatedBody: false,
    }],
  ],
  public_body_large: [
    ['2 MiB from anybody', { ...LOGIN, bodyLimits: { maxBytes: 2 ** 21 } }, '1 MiB', {
      ...LOGIN,
      bodyLimits: { maxBytes: 2 ** 20 },
    }],
    ['2 MiB from anybody', { ...LOGIN, bodyLimits: { maxBytes: 2 ** 21 } }, 'from somebody', {
      ...WRITE,
      bodyLimits: { maxBytes: 2 ** 21 },
    }],
  ],
};
