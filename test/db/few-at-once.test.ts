import { expect, test } from 'vitest';
import { fewAtOnce } from '../../db/few-at-once.ts';

test('never more than so many run, all that may wait get their turn in order, and the rest is turned away', async () => {
  const limited = fewAtOnce(2, 3);
  const order: number[] = [];
  let [running, most] = [0, 0];
  const gates = Array.from({ length: 6 }, () => Promise.withResolvers<void>());
  const results = gates.map((gate, at) =>
    limited(async () => {
      running += 1;
      most = Math.max(most, running);
      order.push(at);
      await gate.promise;
      running -= 1;
      return at;
    }),
  );
  expect(await results[5]).toBeNull();
  for (const gate of gates) gate.resolve();
  expect(await Promise.all(results)).toEqual([0, 1, 2, 3, 4, null]);
  expect({ order, most }).toEqual({ order: [0, 1, 2, 3, 4], most: 2 });
});

test('work that fails leaves its place to the next', async () => {
  const limited = fewAtOnce(1, 1);
  const failed = limited(() => Promise.reject(new Error('broken')));
  const next = limited(async () => 'done');
  await expect(failed).rejects.toThrow('broken');
  expect(await next).toBe('done');
  expect(await limited(async () => 'again')).toBe('again');
});
