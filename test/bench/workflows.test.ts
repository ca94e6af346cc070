import { expect, test } from 'vitest';
import { isMet } from '../../bench/harness/results.ts';
import { openingResult } from '../../bench/workflows.ts';

/** A sample every 1,000 workflows; the worker's memory grows by so much over all of them. */
function samplesUpTo(open: number, grownBytes: number) {
  const base = 500 * 2 ** 20;
  return Array.from({ length: open / 1_000 + 1 }, (_, index) => ({
    seconds: index * 10,
    open: index * 1_000,
    bytes: { worker: base + (grownBytes * index) / 100, API: base, Temporal: base, PostgreSQL: base },
    cpuSeconds: { worker: index, API: 0, Temporal: index, PostgreSQL: index },
  }));
}

test('memory that stays flat over 100,000 open workflows meets its target, and memory that grows misses it', () => {
  const verdicts = (grownBytes: number) => openingResult(samplesUpTo(100_000, grownBytes)).targets.map(isMet);
  expect(verdicts(0)).toEqual([true, true, true]);
  expect(verdicts(500 * 2 ** 20)).toEqual([true, false, true]);
});

test('fewer than 100,000 open workflows miss every target, however flat the memory was, and the title says how many', () => {
  const { targets, tables, notes } = openingResult(samplesUpTo(40_000, 0));
  expect(targets.map(isMet)).toEqual([false, false, false]);
  expect(tables[0]?.title).toBe('40,000 of 100,000 accounts got an open workflow');
  expect(notes?.join(' ')).toContain('The time was up before all were open');
});
