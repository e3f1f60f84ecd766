import type { Store } from '../../src/store/store.ts';
import type { Group } from '../../src/store/step.ts';
import { memoryStore } from '../../src/store/memory.ts';
import type { PolicyEvent } from '../../src/secure/event.ts';

/** The last moment of the last day of {@linkcode REPORT}, and the first of the next. */
export const ON_LAST_DAY_MS: number = Date.UTC(2027, 0, 31, 23, 59, 59, 999);
export const NEXT_DAY_MS: number = Date.UTC(2027, 1, 1);

/** A report mode that ends. */
export const REPORT = { mode: 'report', until: '2027-01-31', reason: 'on trial' } as const;

/** A memory store, and what it was asked. */
export function watchedStore(clock: () => number = () => 0): {
  readonly store: Store;
  /** For each call its groups. */
  readonly calls: (readonly Group[])[];
  /** The same as the limits' keys. */
  readonly keys: () => readonly (readonly string[])[];
} {
  const inner = memoryStore({ clock });
  const calls: (readonly Group[])[] = [];
  return {
    store: {
      run(groups) {
        calls.push(groups);
        return inner.run(groups);
      },
    },
    calls,
    keys: () => calls.map((groups) => groups.flat().map(({ key }) => key)),
  };
}

/** A store whose every call fails until it is told not to. */
export function failingStore(clock: () => number = () => 0): { readonly store: Store; isDown: boolean } {
  const inner = memoryStore({ clock });
  const failing = {
    isDown: true,
    store: {
      run(groups: readonly Group[]): ReturnType<Store['run']> {
        if (failing.isDown) return Promise.reject(new Error('redis://user:canary-secret@host is down'));
        return inner.run(groups);
      },
    },
  };
  return failing;
}

/** What a listener heard. */
export function ear(): { readonly events: PolicyEvent[]; readonly onEvent: (event: PolicyEvent) => void } {
  const events: PolicyEvent[] = [];
  return { events, onEvent: (event) => void events.push(event) };
}

/** The outcomes of events, in short. */
export function outcomes(events: readonly PolicyEvent[]): readonly string[] {
  return events.map(({ outcome, stage, code }) => [outcome, stage, code].filter(Boolean).join(' '));
}
