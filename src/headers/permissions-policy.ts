import { refuseUnknownKeys } from '../core/option.ts';
import { parseOrigin } from '../net/origin.ts';
import type { BareItem } from '../net/structured-field.ts';
import { serializeDictionary } from '../net/structured-field-serialize.ts';
import { type CspToken, self } from './csp-token.ts';
import { DENIED } from './denied.ts';
import { kebab } from './kebab.ts';
import { FEATURES, type PermissionsFeature } from './permissions-feature.ts';

/** Who may use each feature: `[]` nobody, `self` the page and its own frames, origins the frames that have one of them, `*` all frames. */
export type PermissionsPolicy = { readonly [feature in PermissionsFeature]?: '*' | readonly (CspToken | string)[] };

const ACTION = 'format permissions policy';

/**
 * Formats `Permissions-Policy`. What the preset of `createHeaderPolicy` denies (camera, microphone, payment, …) stays denied unless it is named here.
 *
 * @param features who may use which; `self` is the constant of this room
 * @returns the header's value, for `html.permissionsPolicy`
 * @throws {TypeError} for a feature that no browser knows, or what is neither `self` nor an origin
 * @see Permissions Policy, RFC 9651 section 3.2
 *
 * @example
 * ```ts
 * import { createHeaderPolicy, formatPermissionsPolicy, self } from 'sallyport/headers';
 *
 * const permissionsPolicy = formatPermissionsPolicy({ camera: [self, 'https://meet.example'], fullscreen: '*' });
 * createHeaderPolicy({ html: { permissionsPolicy } });
 * console.log(permissionsPolicy); // camera=(self "https://meet.example"), microphone=(), … fullscreen=*
 * ```
 */
export function formatPermissionsPolicy(features: PermissionsPolicy): string {
  refuseUnknownKeys(ACTION, features, FEATURES);
  const members = new Map(DENIED.split(', ').map((member) => [member.replace('=()', ''), membersOf(member, [])]));
  for (const name of FEATURES) {
    if (Object.hasOwn(features, name)) members.set(kebab(name), membersOf(name, features[name]));
  }
  return serializeDictionary(members);
}

type Member = Parameters<typeof serializeDictionary>[0] extends ReadonlyMap<string, infer Value> ? Value : never;

function membersOf(name: string, allowed: unknown): Member {
  if (allowed === '*') return { type: 'token', value: '*' };
  if (!Array.isArray(allowed)) throw new TypeError(`Cannot ${ACTION}: ${name} must be a list, or *.`);
  return { type: 'innerList', items: Array.from(allowed, (entry: unknown) => readEntry(name, entry)) };
}

function readEntry(name: string, entry: unknown): BareItem {
  if (entry === self) return { type: 'token', value: 'self' };
  // One label may be a star: `https://*.example.com`.
  if (typeof entry !== 'string' || parseOrigin(entry.replace('://*.', '://')) === undefined) {
    throw new TypeError(`Cannot ${ACTION}: ${name} takes self and origins such as https://a.example.`);
  }
  return { type: 'string', value: entry };
}
