import { describe, expect, test } from 'vitest';
import { createKeyedHash } from '../../src/crypto/keyed-hash.ts';
import { createDebtTable, type DebtTable } from '../../src/store/debt-table.ts';

/** A table whose keys are texts, as the memory store uses it. */
function createTable(maxKeys: number): Omit<DebtTable, 'locate'> & { readonly locate: (key: string) => number } {
  const table = createDebtTable(maxKeys);
  const hash = createKeyedHash(new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8]));
  return {
    ...table,
    locate(key): number {
      hash.update(key);
      return table.locate(hash.low(), hash.high());
    },
  };
}

describe('createDebtTable()', () => {
  test('finds a key again where it was written', () => {
    const table = createTable(1024);
    for (let key = 0; key < 500; key++) table.write(table.locate(`k${key}`), key);
    let kept = 0;
    for (let key = 0; key < 500; key++) kept += table.read(table.locate(`k${key}`)) === key ? 1 : 0;
    // Sets of 8 may overflow here and there at half load; a hash that clusters would lose far more.
    expect(kept).toBeGreaterThan(480);
  });

  test('gives a new key the smallest debt of a full set, never less', () => {
    const table = createTable(8);
    for (let key = 0; key < 8; key++) table.write(table.locate(`k${key}`), 10 + key);
    expect(table.read(table.locate('stranger'))).toBe(10);
  });

  test('put() puts a slot back under its former key', () => {
    const table = createTable(8);
    for (let key = 0; key < 8; key++) table.write(table.locate(`k${key}`), 10 + key);
    const slot = table.locate('stranger');
    const [fingerprint, debt] = [table.fingerprintOf(slot), table.read(slot)];
    table.write(slot, 99);
    table.put(slot, fingerprint, debt);
    for (let key = 0; key < 8; key++) expect(table.read(table.locate(`k${key}`))).toBe(10 + key);
  });
});
