import { describe } from 'vitest';
import { kvStore } from '../../src/store/kv.ts';
import { createMapKv } from '../../src/store/map-kv.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { Store } from '../../src/store/store.ts';
import { START_MS, type StoreDesk, testCommandsOver } from './store-cases.ts';

async function open(make: (clock: () => number) => Store): Promise<StoreDesk> {
  let nowMs = START_MS;
  const clock = (): number => nowMs;
  return { store: make(clock), clock, advance: (ms) => void (nowMs += ms) };
}

describe('Limiter over memoryStore()', () => {
  testCommandsOver(() => open((clock) => memoryStore({ clock })));
});

describe('Limiter over kvStore()', () => {
  testCommandsOver(() => open((clock) => kvStore(createMapKv({ clock }), { clock })));
});
