import { describe, expect, test } from 'vitest';
import { memoryStore } from '../../src/store/memory.ts';
import { LIMITER_STEPS } from '../vectors/limiter-steps.ts';

describe.each(LIMITER_STEPS)('$name', ({ calls }) => {
  test('decides each line by the step alone', () => {
    let state: unknown;
    const seen = calls.map(({ step, args, nowUs }) => {
      const outcome = step.apply(state, args, nowUs);
      if (outcome.ok) state = outcome.state;
      return { ok: outcome.ok, result: outcome.result };
    });
    expect(seen).toEqual(calls.map(({ ok, result }) => ({ ok, result })));
  });

  test('decides each line in a memory store', () => {
    let nowUs = 0;
    const store = memoryStore({ maxKeys: 8, clock: () => nowUs / 1000 });
    const seen = calls.map((call) => {
      nowUs = call.nowUs;
      const answer = store.run([[{ step: call.step, space: 's', key: 'k', args: call.args }]]);
      return answer instanceof Promise ? undefined : answer.groups[0];
    });
    expect(seen).toEqual(calls.map(({ ok, result }) => ({ ok, results: [result] })));
  });
});
