import { expect, test } from 'vitest';
import { takeTurns, type TurnsOptions } from '../../api/turns.ts';

/** Work that is begun and ends when the test lets it. */
function open(change: Partial<TurnsOptions> = {}) {
  const begun: string[] = [];
  const ends: PromiseWithResolvers<string>[] = [];
  const inTurn = takeTurns({
    most: 2,
    maxWaiting: 100,
    maxWaitingOfLine: 100,
    reachOf: () => 'work',
    ...change,
  });
  const ask = (line: string, name: string) =>
    inTurn(line, () => {
      begun.push(name);
      const end = Promise.withResolvers<string>();
      ends.push(end);
      return end.promise;
    });
  return { ask, begun, ends };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

test('one piece of work of a line runs at a time, and the lines have turns', async () => {
  const { ask, begun, ends } = open();
  const names = ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1'];
  const asked = names.map((name) => ask(name.slice(0, 1), name));
  for (let ended = 0; ended < names.length; ended += 1) {
    await settled();
    const running = begun.slice(ended).map((name) => name.slice(0, 1));
    expect(new Set(running).size).toBe(running.length);
    expect(running.length).toBeLessThanOrEqual(2);
    ends[ended]?.resolve('done');
  }
  expect(await Promise.all(asked)).toEqual(names.map(() => 'done'));
  expect(begun.toSorted()).toEqual(names);
  expect(begun.indexOf('c1')).toBeLessThan(begun.indexOf('a3'));
});

test('a line that stands still leaves the other places to the others', async () => {
  const { ask, begun, ends } = open();
  const still = [ask('a', 'a1'), ask('a', 'a2'), ask('a', 'a3')];
  for (let at = 1; at <= 5; at += 1) {
    const other = ask('b', `b${at}`);
    await settled();
    ends.at(-1)?.resolve('done');
    expect(await other).toBe('done');
  }
  expect(begun).toEqual(['a1', 'b1', 'b2', 'b3', 'b4', 'b5']);
  for (let at = 0; at < 3; at += 1) {
    (at === 0 ? ends[0] : ends.at(-1))?.resolve('done');
    expect(await still[at]).toBe('done');
    await settled();
  }
});

test('what finds no room to wait is turned away, and finds it again later', async () => {
  const { ask, begun, ends } = open({ most: 1, maxWaiting: 3, maxWaitingOfLine: 2 });
  const taken = [ask('a', 'a1'), ask('a', 'a2'), ask('a', 'a3')];
  expect(await ask('a', 'a4')).toBeNull();
  taken.push(ask('b', 'b1'));
  expect(await ask('c', 'c1')).toBeNull();
  await settled();
  ends[0]?.resolve('done');
  await settled();
  taken.push(ask('a', 'a5'));
  for (let at = 1; at < 5; at += 1) {
    ends[at]?.resolve('done');
    await settled();
  }
  expect(await Promise.all(taken)).toEqual(taken.map(() => 'done'));
  expect(begun).toHaveLength(5);
});

test.each([
  ['work', ['rejected', 'fulfilled', 'fulfilled']],
  ['line', ['rejected', 'rejected', 'fulfilled']],
  ['all', ['rejected', 'rejected', 'rejected']],
] as const)('an error that concerns the %s rejects that much', async (reach, expected) => {
  const { ask, ends } = open({ most: 1, reachOf: () => reach });
  const asked = [ask('a', 'a1'), ask('a', 'a2'), ask('b', 'b1')];
  const outcomes = Promise.allSettled(asked);
  await settled();
  ends[0]?.reject(new Error('no'));
  for (let at = 1; at < 3; at += 1) {
    await settled();
    ends[at]?.resolve('done');
  }
  expect((await outcomes).map(({ status }) => status)).toEqual(expected);
  const later = ask('a', 'a3');
  await settled();
  ends.at(-1)?.resolve('done');
  expect(await later).toBe('done');
});
