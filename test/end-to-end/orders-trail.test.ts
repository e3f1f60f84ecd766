import { describe, expect, test } from 'vitest';
import { createTrail, type Station, stationsOf } from '../../examples/orders/trail.ts';
import { definePolicy } from '../../src/secure/define-policy.ts';
import type { PolicyEvent } from '../../src/secure/event.ts';
import { object } from '../../src/schema/object.ts';

const policy = definePolicy({ id: 'p', methods: ['GET'], auth: 'public', response: object({}) });
const ways = new Map<string | undefined, readonly Station[]>([['p', stationsOf(policy)]]);

function event(changes: Partial<PolicyEvent>): PolicyEvent {
  return {
    outcome: 'allowed',
    stage: 'handler',
    code: undefined,
    limit: undefined,
    status: 200,
    policyId: 'p',
    requestId: '1',
    traceId: undefined,
    method: 'GET',
    client: '192.0.2.1',
    principalId: undefined,
    issuer: undefined,
    actorId: undefined,
    atMs: 0,
    durationMs: 1,
    ...changes,
  };
}

function statesOf(changes: Partial<PolicyEvent>): readonly string[] | undefined {
  const trail = createTrail();
  trail.keep(event(changes));
  return trail.find('1', ways)?.stations.map(({ state }) => state);
}

describe('the trail of examples/orders', () => {
  test('stationsOf() gives the stages of the policy alone, each with its reason, the handler before the response', () => {
    const stations = stationsOf(policy);
    expect(stations.map(({ name }) => name)).toEqual([
      'request',
      'method',
      'contentHeaders',
      'body',
      'handler',
      'response',
    ]);
    expect(stations.every(({ reason }) => reason !== '')).toBe(true);
  });

  test.each<[string, Partial<PolicyEvent>, readonly string[]]>([
    ['an answer of the handler', {}, ['passed', 'passed', 'passed', 'passed', 'passed', 'passed']],
    ['one that was filtered', { stage: 'response' }, ['passed', 'passed', 'passed', 'passed', 'passed', 'passed']],
    [
      'a refusal of a stage',
      { outcome: 'denied', stage: 'contentHeaders' },
      ['passed', 'passed', 'ended', 'unreached', 'unreached', 'unreached'],
    ],
    [
      'a refusal of the handler',
      { outcome: 'denied', stage: 'handler' },
      ['passed', 'passed', 'passed', 'passed', 'ended', 'unreached'],
    ],
    [
      'a request that is none',
      { outcome: 'denied', stage: 'request' },
      ['ended', 'unreached', 'unreached', 'unreached', 'unreached', 'unreached'],
    ],
    [
      'an answer of a stage',
      { stage: 'contentHeaders' },
      ['passed', 'passed', 'ended', 'unreached', 'unreached', 'unreached'],
    ],
    [
      'a response that does not fit',
      { outcome: 'failed', stage: 'response' },
      ['passed', 'passed', 'passed', 'passed', 'passed', 'ended'],
    ],
  ])('find() tells the way of %s', (_, changes, states) => {
    expect(statesOf(changes)).toEqual(states);
  });

  // Requests come without end.
  test('keep() forgets the oldest of more than 200', () => {
    const trail = createTrail();
    for (let id = 0; id < 1000; id++) trail.keep(event({ requestId: String(id) }));
    const kept = Array.from({ length: 1000 }, (_, id) => trail.find(String(id), ways)).filter((way) =>
      way !== undefined
    );
    expect(kept).toHaveLength(200);
    expect(trail.find('799', ways)).toBeUndefined();
    expect(trail.find('800', ways)).toBeDefined();
  });

  test('keep() takes no answer of what is none', () => {
    expect(statesOf({ outcome: 'would_deny', status: undefined })).toBeUndefined();
    expect(statesOf({ outcome: 'degraded', requestId: undefined })).toBeUndefined();
  });
});
