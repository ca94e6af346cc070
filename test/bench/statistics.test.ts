import { expect, test } from 'vitest';
import { interleaved, median, percentile } from '../../bench/support/statistics.ts';

test('the median is the middle value, or the mean of the two in the middle', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(() => median([])).toThrow(RangeError);
});

test('a percentile lies where so many of the values are below', () => {
  const values = Array.from({ length: 101 }, (_, index) => 100 - index);
  expect([0, 50, 95, 99, 100].map((percent) => percentile(values, percent))).toEqual([0, 50, 95, 99, 100]);
  expect(percentile([10, 20], 75)).toBe(17.5);
});

test('every variant is measured once a round, and each round begins with another one', async () => {
  const order: string[] = [];
  const results = await interleaved(3, ['a', 'b', 'c'], (variant, round) => {
    order.push(`${variant}${round}`);
    return Promise.resolve(`${variant}${round}`);
  });
  expect(order).toEqual(['a0', 'b0', 'c0', 'b1', 'c1', 'a1', 'c2', 'a2', 'b2']);
  expect(results.map(({ measurements }) => measurements)).toEqual([
    ['a0', 'a1', 'a2'],
    ['b0', 'b1', 'b2'],
    ['c0', 'c1', 'c2'],
  ]);
});
