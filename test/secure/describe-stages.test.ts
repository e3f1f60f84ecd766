import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compilePolicy } from '../../src/secure/compile.ts';
import { describePolicy } from '../../src/secure/describe-policy.ts';
import { createLimits } from '../../src/secure/limits.ts';
import { createModes } from '../../src/secure/modes.ts';
import type { SomePolicy } from '../../src/secure/policy.ts';
import { secure } from '../../src/secure/secure.ts';
import { memoryStore } from '../../src/store/memory.ts';
import { anyPolicy } from './describe-policies.ts';
import { ok, open } from './fixtures.ts';

const limit = (name: string) => [{ name, limit: 10, windowSeconds: 60 }];

describe('describePolicy(): stages', () => {
  // An inventory that differs from what runs is worse than none.
  test('names the stages that the policy is compiled to, in their order, and no others', () => {
    fc.assert(fc.property(anyPolicy, (policy) => {
      const compiled = compilePolicy(policy as SomePolicy, () => 0, () => undefined);
      const running = compiled.stages.map(({ name }) => String(name));
      if (compiled.filter !== undefined) running.push('response');
      const described = describePolicy(policy).stages.filter(({ mode }) => mode !== 'off');
      expect(described.map(({ stage }) => stage)).toEqual(running);
    }));
  });

  test('says of the same stages as secure() that they do not enforce', () => {
    fc.assert(fc.property(anyPolicy, (policy) => {
      const announced: string[] = [];
      const onEvent = ({ stage }: { readonly stage: string }): void => void announced.push(stage);
      secure({ ...policy, onEvent } as never, ok);
      const { stages, limits } = describePolicy(policy);
      const loose = stages.filter(({ mode }) => mode !== 'enforce').map(({ stage }) => stage);
      const looseLimits = limits.filter(({ mode }) => mode !== 'enforce');
      const ofLimits = announced.filter((stage) => stage.endsWith('Limits'));
      expect(announced).toEqual(expect.arrayContaining(loose));
      expect(loose.filter((stage) => !stage.endsWith('Limits')).toSorted()).toEqual(
        announced.filter((stage) => !stage.endsWith('Limits')).toSorted(),
      );
      expect(looseLimits).toHaveLength(ofLimits.length);
    }));
  });

  test('says of a stage of several limits what the strictest of them does', () => {
    const limits = createLimits({ client: [...limit('a'), ...limit('b')] });
    const stageOf = (a: 'enforce' | 'report' | 'off', b: 'enforce' | 'report' | 'off') =>
      describePolicy({ ...open, store: memoryStore(), limits, mode: createModes({ limits: { a, b } }) }).stages
        .find(({ stage }) => stage === 'clientLimits')?.mode;
    expect([stageOf('report', 'enforce'), stageOf('off', 'report'), stageOf('off', 'off')]).toEqual([
      'enforce',
      'report',
      'off',
    ]);
  });

  test('says of limits that report until two days that they report, and no day', () => {
    const until = (day: string) => ({ mode: 'report', until: day, reason: 'new' }) as const;
    const limits = createLimits({ client: [...limit('a'), ...limit('b')] });
    const mode = createModes({ limits: { a: until('2099-01-31'), b: until('2099-02-28') } });
    const { stages } = describePolicy({ ...open, store: memoryStore(), limits, mode });
    expect(stages.find(({ stage }) => stage === 'clientLimits')).toMatchObject({ mode: 'report', until: null });
  });
});
