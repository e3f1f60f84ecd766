import { describe, expect, test } from 'vitest';
import { secure } from '../../../src/secure/secure.ts';
import { get, ok, quiet } from '../fixtures.ts';

describe('secure(): authentication', () => {
  // Without an id all principals share one budget, and an order without an owner belongs to each of them.
  test.each([[undefined], [null], [true], ['alice'], [[]], [{ scopes: [] }], [{ id: '' }], [{ id: 7 }]])(
    'answers 500 when an authenticator resolves with %o instead of a principal',
    async (principal) => {
      const auth = { ambient: false, authenticate: () => principal as never, challenge: () => 'Test' };
      expect((await secure({ methods: ['GET'], auth, ...quiet }, ok)(get())).status).toBe(500);
    },
  );
});
