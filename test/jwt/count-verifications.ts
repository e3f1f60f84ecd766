import { vi } from 'vitest';

/** Counts the signatures that some work verifies. */
export async function countVerifications(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(crypto.subtle, 'verify');
  // Bun hands out the spy of an earlier test, with its calls.
  spy.mockClear();
  try {
    await work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}
