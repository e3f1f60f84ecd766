/** What waits for names. */
export interface Waiter {
  readonly names: ReadonlySet<string>;
}

interface Batch<W> {
  readonly waiters: W[];
  isOpen: boolean;
  /** When nobody need wait for it any more. */
  end: Promise<void>;
}

/**
 * Makes a queue in which of all that share a name one batch is in flight at a time. Who comes meanwhile goes together in the next, so that a
 * thousand calls for one key take two flights and not a thousand.
 *
 * Order is kept for each name, and all names of a waiter are taken in one turn: two can never wait for each other.
 *
 * @param fly takes waiters that came for names of the first of them, in order; it must not reject
 */
export function createQueue<W extends Waiter>(fly: (waiters: readonly W[]) => Promise<void>): (waiter: W) => void {
  /** The batch that came last for each name. */
  const last = new Map<string, Batch<W>>();

  function add(waiter: W): void {
    const ahead = new Set<Batch<W> | undefined>();
    for (const name of waiter.names) ahead.add(last.get(name));
    const [only] = ahead;
    // It is the last for each of these names, so they are among its own, and nobody stands between.
    if (ahead.size === 1 && only?.isOpen === true) {
      only.waiters.push(waiter);
      return;
    }
    const batch: Batch<W> = { waiters: [waiter], isOpen: true, end: Promise.resolve() };
    for (const name of waiter.names) last.set(name, batch);
    batch.end = depart(batch, ahead, waiter.names);
  }

  async function depart(
    batch: Batch<W>,
    ahead: ReadonlySet<Batch<W> | undefined>,
    names: ReadonlySet<string>,
  ): Promise<void> {
    // Also where there is none: what comes in the same turn goes together.
    await Promise.all([...ahead].map((before) => before?.end));
    batch.isOpen = false;
    await fly(batch.waiters);
    for (const name of names) if (last.get(name) === batch) last.delete(name);
  }

  return add;
}
