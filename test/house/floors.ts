/** Which room stands on which floor. A room imports from lower floors only, and neighbours are strangers. */
export const floors: ReadonlyMap<string, number> = new Map(
  Object.entries({
    secure: 6,
    oauth: 5,
    pkce: 4,
    jwt: 4,
    schema: 4,
    limiter: 4,
    access: 4,
    headers: 4,
    'cross-origin': 4,
    html: 4,
    audit: 4,
    threat: 4,
    seal: 4,
    net: 3,
    store: 3,
    // Below the other materials: a store hashes its keys under a random secret.
    crypto: 2,
    encoding: 1,
    core: 0,
  }),
);

/** The root door stands above the roof. */
export const rootFloor = 7;

/** The one room that may name a runtime; it imports from core alone. */
export const annexe = 'node';

/** Names that say nothing about what is inside. */
export const forbiddenNames: ReadonlySet<string> = new Set([
  'common',
  'constants',
  'helper',
  'helpers',
  'internal',
  'lib',
  'misc',
  'shared',
  'types',
  'util',
  'utils',
]);

export const maxLines = 250;
