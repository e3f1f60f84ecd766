import { describe, expect, test } from 'vitest';
import { redisStore } from '../../src/store/redis.ts';
import type { Step } from '../../src/store/step.ts';
import type { Store } from '../../src/store/store.ts';

interface Desk {
  readonly store: Store;
  /** The one argument of the step, as it was sent each time. */
  readonly sent: string[];
  /** How often the step was asked to write its arguments down. */
  readonly encoded: () => number;
  readonly step: Step;
}

/** A server that says yes to all, and a step whose argument says as text what it was passed. */
function openDesk(write: (args: unknown) => string): Desk {
  const sent: string[] = [];
  let encoded = 0;
  const store = redisStore(([_name, _script, _keys, _key, argument = '']) => {
    sent.push(argument);
    return Promise.resolve([1_700_000_000, 0, 1, 0]);
  });
  const step: Step = {
    name: 'written',
    kind: 'value',
    apply: () => ({ ok: true, state: 'x', ttlMs: 1000, result: 0 }),
    twin: {
      lua: "return true, 'x', 1000, 0",
      encode(args) {
        encoded++;
        return [write(args)];
      },
      decode: ([result]) => result,
    },
  };
  return { store, sent, step, encoded: () => encoded };
}

/** What is sent for the same arguments before and after they were changed. */
async function sendTwice<T>(
  args: T,
  write: (args: T) => string,
  change: (args: T) => void,
): Promise<readonly string[]> {
  const { store, sent, step } = openDesk(() => write(args));
  const call = { step, space: 's', key: 'k', args };
  await store.run([[call]]);
  change(args);
  await store.run([[call]]);
  return sent;
}

let name = 'ada';
const CHANGING: readonly (readonly [string, () => Promise<readonly string[]>])[] = [
  [
    'a list in them',
    () => sendTwice(Object.freeze({ list: ['ada'] }), ({ list }) => list.join(), ({ list }) => void list.pop()),
  ],
  [
    'a function in them',
    () => sendTwice(Object.freeze({ read: () => name }), ({ read }) => read(), () => void (name += '!')),
  ],
  ['a getter', () => {
    const args = {
      get name(): string {
        return name;
      },
    };
    return sendTwice(Object.freeze(args), (passed) => passed.name, () => void (name += '!'));
  }],
  ['a Set', () => sendTwice(Object.freeze(new Set(['ada'])), (set) => [...set].join(), (set) => set.clear())],
  [
    'a Date',
    () => sendTwice(Object.freeze(new Date(0)), (date) => date.toISOString(), (date) => void date.setTime(1)),
  ],
];

describe('redisStore()', () => {
  test.each(CHANGING)('writes frozen arguments anew each time that change nevertheless: %s', async (_what, send) => {
    const [before, after] = await send();
    expect(after).not.toBe(before);
  });

  test('writes arguments once that are frozen and hold nothing that changes', async () => {
    const { store, sent, step, encoded } = openDesk(String);
    const call = {
      step,
      space: 's',
      key: 'k',
      args: Object.freeze({ limit: 5, name: 'a', is: true, none: undefined }),
    };
    for (let n = 0; n < 3; n++) await store.run([[call]]);
    expect(encoded()).toBe(1);
    expect(sent).toHaveLength(3);
  });

  test('writes arguments anew each time that are not frozen', async () => {
    const args = { limit: 5 };
    const { store, sent, step } = openDesk(() => String(args.limit));
    const call = { step, space: 's', key: 'k', args };
    await store.run([[call]]);
    args.limit = 6;
    await store.run([[call]]);
    expect(sent).toEqual(['5', '6']);
  });
});
