import { MAX_KEY_ID_LENGTH } from './key.ts';

/** Remembers for a while which ids a fetch did not bring, so that who sends them again costs no fetch. */
export interface UnknownKeys {
  readonly has: (algorithm: string, keyId: string | undefined, now: number) => boolean;
  readonly add: (algorithm: string, keyId: string | undefined, now: number) => void;
  readonly clear: () => void;
}

/** Ids come from tokens: there are as many as anybody likes to send. */
const MAX_IDS = 64;

/** Makes such a memory; times are milliseconds of one clock. */
export function createUnknownKeys(forMs: number): UnknownKeys {
  const addedAt = new Map<string, number>();

  function nameOf(algorithm: string, keyId: string | undefined): string {
    return `${algorithm} ${keyId ?? ''}`;
  }

  return Object.freeze({
    has(algorithm: string, keyId: string | undefined, now: number): boolean {
      // No key has such an id, so that none that long is ever remembered either.
      if (keyId !== undefined && keyId.length > MAX_KEY_ID_LENGTH) return true;
      const at = addedAt.get(nameOf(algorithm, keyId));
      // A time to come is one of a clock that was set back since.
      return at !== undefined && at <= now && now < at + forMs;
    },
    add(algorithm: string, keyId: string | undefined, now: number): void {
      if (keyId !== undefined && keyId.length > MAX_KEY_ID_LENGTH) return;
      const name = nameOf(algorithm, keyId);
      addedAt.delete(name);
      const { value: oldest } = addedAt.keys().next();
      if (addedAt.size >= MAX_IDS && oldest !== undefined) addedAt.delete(oldest);
      addedAt.set(name, now);
    },
    clear: () => addedAt.clear(),
  });
}
