import { Refusal } from '../../src/core/refusal.ts';
import {
  CANARY,
  CLAIMS,
  type Exit,
  leak,
  limitsOf,
  refuseLoudly,
  type Rules,
  sendTo,
  type Sent,
  type World,
} from './exit-world.ts';

const claims = (other: object): Rules => ({ verify: () => ({ ...CLAIMS, ...other }) });
const never = (): Promise<never> => new Promise(() => undefined);
const headers = (other: Readonly<Record<string, string | undefined>>): Sent => ({ headers: other });
const SHORT = { timeouts: { stageMs: 20 } };
const once = (world: World): Promise<Response> => sendTo(world);

/** The ways out of the stages, in their order. */
export const STAGE_EXITS: readonly Exit[] = [
  { name: 'a preflight', status: 204, sent: { method: 'OPTIONS', body: null, headers: preflight('POST') } },
  {
    name: 'a preflight that asks for more',
    status: 204,
    sent: { method: 'OPTIONS', body: null, headers: preflight(`${CANARY}method`) },
  },
  { name: 'method', status: 405, code: 'method_not_allowed', sent: { method: 'DELETE', body: null } },
  { name: 'hosts', status: 421, code: 'host_not_allowed', sent: { url: `https://${CANARY}host.test/?q=a` } },
  { name: 'https', status: 403, code: 'https_required', sent: { url: `http://api.test/${CANARY}path?q=a` } },
  { name: 'deny', status: 403, code: 'forbidden', sent: { peer: { peerAddress: '203.0.113.9' } } },
  {
    name: 'clientLimits',
    status: 429,
    code: 'rate_limited',
    before: once,
    rules: { fields: { limits: limitsOf('client') } },
  },
  {
    name: 'clientLimits without a store',
    status: 503,
    code: 'store_unavailable',
    rules: { store: { run: () => Promise.reject(new Error(`redis://${CANARY}store`)) } },
  },
  {
    name: 'contentHeaders: the type',
    status: 415,
    code: 'media_type_unsupported',
    sent: headers({ 'content-type': `text/${CANARY}type` }),
  },
  {
    name: 'contentHeaders: the coding',
    status: 415,
    code: 'content_encoding_unsupported',
    sent: headers({ 'content-encoding': `${CANARY}coding` }),
  },
  { name: 'no credentials', status: 401, code: 'credentials_missing', sent: headers({ authorization: undefined }) },
  {
    name: 'another scheme',
    status: 401,
    code: 'credentials_missing',
    sent: headers({ authorization: `Basic ${CANARY}basic` }),
  },
  {
    name: 'a token in the query',
    status: 400,
    code: 'credentials_malformed',
    sent: { url: `https://api.test/?access_token=${CANARY}token` },
  },
  {
    name: 'a forged token',
    status: 401,
    code: 'jwt_signature_invalid',
    rules: {
      verify: (token) => {
        throw new Refusal('jwt_signature_invalid', { cause: new Error(token) });
      },
    },
  },
  { name: 'a verifier that throws', status: 500, code: 'internal_error', rules: { verify: leak } },
  {
    name: 'a verifier that never answers',
    status: 503,
    code: 'deadline_exceeded',
    rules: { verify: never, fields: SHORT },
  },
  { name: 'a token of nobody', status: 401, code: 'jwt_claim_missing', rules: claims({ sub: undefined }) },
  {
    name: 'crossSite',
    status: 403,
    code: 'cross_site_request',
    sent: headers({ 'sec-fetch-site': `${CANARY}site` }),
  },
  { name: 'scopes', status: 403, code: 'insufficient_scope', rules: claims({ scope: `${CANARY}scope` }) },
  { name: 'roles', status: 403, code: 'forbidden', rules: claims({ roles: ['reader', `${CANARY}role`] }) },
  { name: 'methodsByRole', status: 403, code: 'forbidden', rules: claims({ roles: ['caller'] }) },
  {
    name: 'principalLimits',
    status: 429,
    code: 'rate_limited',
    before: once,
    rules: { fields: { limits: limitsOf('principal') } },
  },
  {
    name: 'params',
    status: 400,
    code: 'params_invalid',
    sent: { peer: { params: { id: `${CANARY}${'a'.repeat(20)}` } } },
  },
  { name: 'no params', status: 500, code: 'internal_error', sent: { peer: { params: undefined } } },
  {
    name: 'query',
    status: 400,
    code: 'query_invalid',
    sent: { url: `https://api.test/?q=${CANARY}${'a'.repeat(20)}` },
  },
  { name: 'body: no JSON', status: 400, code: 'json_malformed', sent: { body: `{"note":${CANARY}body` } },
  { name: 'body: too large', status: 413, code: 'body_too_large', sent: { body: `"${CANARY}${'a'.repeat(300)}"` } },
  {
    name: 'bodySchema',
    status: 400,
    code: 'body_invalid',
    sent: { body: `{"note":"${CANARY}${'a'.repeat(20)}"}` },
  },
  {
    name: 'bodySchema that throws',
    status: 500,
    code: 'internal_error',
    rules: { fields: { body: { '~standard': { version: 1, vendor: 'them', validate: leak } } } },
  },
  {
    name: 'inputLimits',
    status: 429,
    code: 'rate_limited',
    before: once,
    rules: { fields: { limits: limitsOf('input') } },
  },
  { name: 'resource', status: 404, code: 'not_found', rules: { load: () => null } },
  { name: 'a resource that throws', status: 500, code: 'internal_error', rules: { load: leak } },
  {
    name: 'a resource that never comes',
    status: 503,
    code: 'deadline_exceeded',
    rules: { load: never, fields: SHORT },
  },
  { name: 'authorize', status: 403, code: 'forbidden', rules: { authorize: () => `${CANARY}yes` } },
  {
    name: 'authorize, hidden',
    status: 404,
    code: 'not_found',
    rules: { authorize: refuseLoudly, fields: { notFoundInsteadOfForbidden: true } },
  },
  { name: 'an authorize that throws', status: 500, code: 'internal_error', rules: { authorize: leak } },
  { name: 'precondition', status: 412, code: 'precondition_failed', sent: headers({ 'if-match': `"${CANARY}tag"` }) },
  {
    name: 'no precondition',
    status: 428,
    code: 'precondition_required',
    sent: headers({ 'if-match': undefined }),
  },
  {
    name: 'no idempotency key',
    status: 400,
    code: 'idempotency_key_missing',
    sent: headers({ 'idempotency-key': undefined }),
  },
  {
    name: 'an idempotency key that is none',
    status: 400,
    code: 'idempotency_key_invalid',
    sent: headers({ 'idempotency-key': `"${CANARY}key", "b"` }),
  },
  {
    name: 'an idempotency key of another request',
    status: 422,
    code: 'idempotency_mismatch',
    before: once,
    sent: { body: `{"note":"${CANARY}other"}` },
  },
  {
    name: 'an idempotency key in use',
    status: 409,
    code: 'idempotency_conflict',
    rules: { handler: never, fields: { timeouts: {} } },
    before: async (world) => {
      sendTo(world).catch(() => undefined);
      while (!world.stored.some((asked) => asked.includes('running'))) await new Promise((done) => setTimeout(done));
    },
  },
  { name: 'a replay', status: 200, before: once },
];

function preflight(method: string): Readonly<Record<string, string>> {
  return { 'access-control-request-method': method, 'access-control-request-headers': 'authorization' };
}
