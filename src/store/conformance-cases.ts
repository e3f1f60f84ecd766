import {
  allows,
  appending,
  ask,
  askAtOnce,
  askOne,
  claiming,
  countYes,
  demand,
  owing,
  standsAs,
  times,
  wait,
} from './conformance-ask.ts';
import { fail, loseCount, mumble } from './conformance-steps.ts';
import type { StepCall } from './step.ts';
import type { Store } from './store.ts';
import { drop, swap } from './swap.ts';

/** What is wrong when it throws, and what must be so. */
export type ConformanceRow = readonly [name: string, check: (store: Store) => Promise<void>];

const BOUND = 20;
const CROWD = 64;
/** Between them lies every time that a store could mean in milliseconds. */
const YEAR_2000_MS = 946_684_800_000;
const YEAR_2200_MS = 7_258_118_400_000;

const place = { space: 'job', key: 'job-1' };

function swapping(expected: string | null, value: string): StepCall {
  return { ...place, step: swap, args: { expected, value, ttlMs: 60_000 } };
}

function dropping(expected: string): StepCall {
  return { ...place, step: drop, args: { expected } };
}

/** What a store must do with states and groups. */
export const STATE_ROWS: readonly ConformanceRow[] = [
  ['remembers what a step decided', async (store) => {
    await askOne(store, owing('a', 3, 10));
    await askOne(store, appending('a', 'one'));
    const { results: [before] } = await askOne(store, owing('a', 1, 10));
    demand(before === 3, 'It did not remember a debt.');
    await askOne(store, appending('a', 'two'));
    const { results: [words] } = await askOne(store, appending('a', 'three'));
    demand(words === 'one two ', 'It did not remember a list as the same list.');
  }],
  ['writes nothing when a step says no', async (store) => {
    await askOne(store, owing('a', 8, 10));
    demand(!(await askOne(store, owing('a', 3, 10))).ok, 'It allowed what a step denied.');
    demand((await askOne(store, owing('a', 2, 10))).ok, 'It wrote down what a step denied.');
  }],
  ['writes nothing of a group in which one step says no', async (store) => {
    const denied = await askOne(store, owing('a', 5, 10), claiming('a'), owing('b', 99, 10), appending('c', 'one'));
    demand(!denied.ok, 'It allowed a group of which a step was denied.');
    const after = await askOne(store, owing('a', 10, 10), claiming('a'), owing('b', 10, 10), appending('c', 'one', 1));
    demand(after.ok, 'It wrote down a part of a group of which a step was denied.');
  }],
  ['runs the steps of a group in order, each upon what the one before it left', async (store) => {
    const { ok, results } = await askOne(store, appending('a', 'one'), appending('b', 'x'), appending('a', 'two'));
    demand(ok && results.join() === ',,one ', 'A step did not find what the one before it in its group left.');
    demand(!(await askOne(store, owing('c', 6, 10), owing('c', 6, 10))).ok, 'A cell reached twice counted once.');
    const after = await askOne(store, owing('c', 5, 10), owing('c', 5, 10), appending('a', 'three'));
    demand(after.results.join() === '0,5,one two ', 'What a group left of a cell that it reached twice is not there.');
  }],
  ['runs groups in order, and each for itself', async (store) => {
    const { groups } = await ask(
      store,
      [appending('a', 'one')],
      [appending('a', 'no'), owing('b', 11, 10)],
      [],
      [appending('a', 'two')],
      [appending('a', 'three')],
    );
    demand(groups.map(({ ok }) => ok).join() === 'true,false,true,true,true', 'A group decided for another.');
    demand(groups[4]?.results[0] === 'one two ', 'It did not run groups in their order.');
    demand((await ask(store)).groups.length === 0, 'It answered a group that nobody asked for.');
  }],
  ['leaves nothing written of a group in which a step throws', async (store) => {
    const failing = { step: fail, space: 'fail', key: 'a', args: undefined };
    const isAllowed = await allows(store, [owing('a', 10, 10), claiming('a'), failing]);
    demand(!isAllowed, 'It allowed a group of which a step threw.');
    const after = await askOne(store, owing('a', 10, 10), claiming('a'));
    demand(after.ok, 'It wrote down a part of a group of which a step threw.');
  }],
  ['never takes an answer that it cannot read for a yes', async (store) => {
    const call = { space: 'odd', key: 'a', args: undefined };
    demand(!await allows(store, [{ ...call, step: mumble }]), 'It allowed what it could not read.');
    demand(!await allows(store, [{ ...call, key: 'b', step: loseCount }]), 'It allowed a debt that is no number.');
    demand((await askOne(store, owing('b', 1, 1, 'odd'))).ok, 'It wrote down a debt that is no number.');
  }],
  ['lets one of many who expect the same value swap it', async (store) => {
    demand((await askOne(store, swapping(null, 'v0'))).ok, 'It found a value where there was none.');
    demand(!(await askOne(store, swapping(null, 'v1'))).ok, 'It did not find the value that stands.');
    const answers = await askAtOnce(store, times(CROWD, (index) => [swapping('v0', `v${index + 1}`)]));
    demand(countYes(answers) === 1, `Of ${CROWD} who expected the same value, ${countYes(answers)} swapped it.`);
    const { results: [stands] } = await askOne(store, swapping('none of them', 'x'));
    demand(stands === `v${answers.findIndex(({ ok }) => ok) + 1}`, 'What stands is not what the winner wrote.');
  }],
  ['forgets what is dropped, and only that', async (store) => {
    await askOne(store, swapping(null, 'v0'));
    demand(!(await askOne(store, dropping('v1'))).ok, 'It dropped a value that was not expected.');
    const answers = await askAtOnce(store, times(CROWD, () => [dropping('v0')]));
    demand(countYes(answers) === 1, `A value was dropped ${countYes(answers)} times.`);
    demand((await askOne(store, swapping(null, 'v2'))).ok, 'It did not forget what was dropped.');
  }],
];

/** What it must do when many come at once, and as time goes by. */
export const CROWD_ROWS: readonly ConformanceRow[] = [
  ['lets one of many at once claim a key, and tells all others its value', async (store) => {
    const answers = await askAtOnce(store, times(CROWD, (index) => [claiming('a', `v${index}`)]));
    demand(countYes(answers) === 1, `${countYes(answers)} of ${CROWD} claimed the same key.`);
    const value = `v${answers.findIndex(({ ok }) => ok)}`;
    demand(answers.every(({ results: [one] }) => standsAs(one, value)), "It told another value than the winner's.");
  }],
  ['admits exactly the bound of many at once', async (store) => {
    const answers = await askAtOnce(store, times(CROWD, () => [owing('a', 1, BOUND)]));
    demand(countYes(answers) === BOUND, `It admitted ${countYes(answers)} where ${BOUND} may pass.`);
    const { groups } = await ask(store, ...times(CROWD, () => [owing('b', 1, BOUND)]));
    demand(countYes(groups) === BOUND, `It admitted ${countYes(groups)} of one call where ${BOUND} may pass.`);
  }],
  ['keeps groups apart that reach the same keys at once in another order', async (store) => {
    const pair = [owing('a', 1, BOUND), owing('b', 1, BOUND)];
    const groups = times(CROWD, (index) => index % 2 === 0 ? pair : [...pair].reverse());
    const yes = countYes(await askAtOnce(store, groups));
    demand(yes === BOUND, `It admitted ${yes} groups where ${BOUND} may pass.`);
    const { results } = await askOne(store, owing('a', 0, BOUND), owing('b', 0, BOUND));
    demand(results.join() === `${BOUND},${BOUND}`, 'It wrote down a part of a group.');
  }],
  ['keeps a value until its time is over', async (store) => {
    const first = await ask(store, [claiming('a', 'value', 300)]);
    for (let nowMs = first.nowMs; nowMs < first.nowMs + 300; await wait(40)) {
      const answer = await ask(store, [claiming('a', 'another')]);
      nowMs = answer.nowMs;
      const isEarly = nowMs < first.nowMs + 300 && answer.groups[0]?.ok === true;
      demand(!isEarly, 'It forgot a value before its time was over.');
    }
  }],
  ['forgets a value when its time is over', async (store) => {
    await askOne(store, claiming('a', 'value', 50));
    let isForgotten = false;
    for (let tries = 0; tries < 40 && !isForgotten; tries++) {
      await wait(50);
      isForgotten = (await askOne(store, claiming('a', 'another'))).ok;
    }
    demand(isForgotten, 'Two seconds after its time was over, a value still stands.');
  }],
  ['tells the time in milliseconds, and never an earlier one', async (store) => {
    let last = YEAR_2000_MS;
    for (let turn = 0; turn < 10; turn++) {
      const { nowMs } = await ask(store, turn % 2 === 1 ? [owing('a', 0, 1)] : []);
      demand(nowMs >= last && nowMs < YEAR_2200_MS, 'It told a time that cannot be.');
      last = nowMs;
    }
    await wait(50);
    demand((await ask(store)).nowMs > last, 'Its time stands still.');
  }],
];
