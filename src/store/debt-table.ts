/**
 * A fixed-size table of debts under hashed keys: 12 bytes a slot, no strings, no objects, no timers.
 *
 * A new key takes over the slot with the smallest debt of its set **and that debt** (Space-Saving): what it is told is never less than
 * what it owes, so a flood of new keys can deny, but can never admit more than the limit. A debt that time has passed is as good as
 * none, which is all there is to expiry. The smallest debt of a set never shrinks, or a key that was evicted would come back with less than it owes: what
 * is given back lowers a debt to the next smallest at the most.
 */
export interface DebtTable {
  /** Finds the slot of a key by the two words of its hash: its own, or the one it would take over. Valid until the next call. */
  readonly locate: (low: number, high: number) => number;
  /** The debt in a slot. */
  readonly read: (slot: number) => number;
  /** Writes the debt of the key that was located last; a smaller one than stood there only as far as the debts beside it allow. */
  readonly write: (slot: number, debt: number) => void;
  /** Whose debt is in a slot, as far as the table knows. */
  readonly fingerprintOf: (slot: number) => number;
  /** Puts back what stood in a slot. */
  readonly put: (slot: number, fingerprint: number, debt: number) => void;
}

const WAYS = 8;

/**
 * Creates a table.
 *
 * @param maxKeys how many keys it must hold; rounded up to a power of two, at least 8
 * @returns an empty table; the hash must be keyed, or an attacker finds keys that meet in one slot
 * @see Metwally, Agrawal, El Abbadi: Efficient computation of frequent and top-k elements in data streams (2005)
 */
export function createDebtTable(maxKeys: number): DebtTable {
  const size = Math.max(WAYS, 2 ** Math.ceil(Math.log2(maxKeys)));
  const setMask = size / WAYS - 1;
  const debts = new Float64Array(size);
  const fingerprints = new Uint32Array(size);
  let fingerprint = 0;

  function locate(low: number, high: number): number {
    fingerprint = high;
    const start = (low & setMask) * WAYS;
    // Where there is room a key sits in the slot that its hash likes best, and is found at once.
    const liked = start + (high & (WAYS - 1));
    if (fingerprints[liked] === high) return liked;
    // Two passes: a known key, the common case, then never touches the debts of its neighbours.
    for (let slot = start; slot < start + WAYS; slot++) if (fingerprints[slot] === high) return slot;
    let least = liked;
    for (let slot = start; slot < start + WAYS; slot++) if (read(slot) < read(least)) least = slot;
    return least;
  }

  function read(slot: number): number {
    return debts[slot] ?? 0;
  }

  function write(slot: number, debt: number): void {
    const before = read(slot);
    debts[slot] = debt < before ? Math.min(before, Math.max(debt, leastBeside(slot))) : debt;
    fingerprints[slot] = fingerprint;
  }

  function leastBeside(slot: number): number {
    const start = slot - slot % WAYS;
    let least = Infinity;
    for (let other = start; other < start + WAYS; other++) if (other !== slot) least = Math.min(least, read(other));
    return least;
  }

  function fingerprintOf(slot: number): number {
    return fingerprints[slot] ?? 0;
  }

  function put(slot: number, formerFingerprint: number, formerDebt: number): void {
    fingerprints[slot] = formerFingerprint;
    debts[slot] = formerDebt;
  }

  return { locate, read, write, fingerprintOf, put };
}
