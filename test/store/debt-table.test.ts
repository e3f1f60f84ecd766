import { describe, expect, test } from 'vitest';
import { createDebtTable } from '../../src/store/debt-table.ts';

describe('createDebtTable()', () => {
  test('finds a key again where it was written', () => {
    const table = createDebtTable(1024);
    for (let key = 0; key < 500; key++) table.write(table.locate(`k${key}`), key);
    let kept = 0;
    for (let key = 0; key < 500; key++) kept += table.read(table.locate(`k${key}`)) === key ? 1 : 0;
    // Sets of 8 may overflow here and there at half load; a hash that clusters would lose far more.
    expect(kept).toBeGreaterThan(480);
  });

  test('gives a new key the smallest debt of a full set, never less', () => {
    const table = createDebtTable(8);
    for (let key = 0; key < 8; key++) table.write(table.locate(`k${key}`), 10 + key);
    expect(table.read(table.locate('stranger'))).toBe(10);
  });

  test('restore() puts a slot back under its former key', () => {
    const table = createDebtTable(8);
    for (let key = 0; key < 8; key++) table.write(table.locate(`k${key}`), 10 + key);
    const slot = table.locate('stranger');
    const saved = table.save(slot);
    table.write(slot, 99);
    table.restore(slot, saved);
    for (let key = 0; key < 8; key++) expect(table.read(table.locate(`k${key}`))).toBe(10 + key);
  });
});
