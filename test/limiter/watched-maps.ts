/** A Map that counts how often somebody begins to walk over it. */
export interface WatchedMap {
  readonly size: number;
  readonly walks: number;
}

/** Runs work, and tells which maps it made, and what becomes of them. */
export function watchMaps<T>(work: () => T): { readonly made: T; readonly maps: readonly WatchedMap[] } {
  const maps: WatchedMap[] = [];
  const Plain = Map;

  class Watched<Key, Value> extends Plain<Key, Value> {
    walks = 0;
    constructor(entries?: Iterable<readonly [Key, Value]> | null) {
      super(entries);
      maps.push(this);
    }
    override keys(): ReturnType<Map<Key, Value>['keys']> {
      this.walks++;
      return super.keys();
    }
  }

  Reflect.set(globalThis, 'Map', Watched);
  try {
    return { made: work(), maps };
  } finally {
    Reflect.set(globalThis, 'Map', Plain);
  }
}
