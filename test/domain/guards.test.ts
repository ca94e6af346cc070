import { describe, expect, test } from 'vitest';
import { dailyLimitOpensAtMs, guardInTheWay, multiplesWithinCap } from '../../domain/guards.ts';
import { cents } from '../../domain/money.ts';
import { POLICY } from '../../domain/policy.ts';

const DAY_MS = 24 * 3_600_000;

describe('the monthly cap', () => {
  test('has room for whole amounts only', () => {
    expect(multiplesWithinCap(cents(1_000), cents(2_999), cents(0))).toBe(2);
    expect(multiplesWithinCap(cents(1_000), cents(2_999), cents(1_999))).toBe(1);
    expect(multiplesWithinCap(cents(1_000), cents(2_999), cents(2_000))).toBe(0);
    expect(multiplesWithinCap(cents(1_000), cents(2_999), cents(9_000))).toBe(0);
    expect(multiplesWithinCap(cents(1_000), null, cents(9_000))).toBe(Infinity);
  });
});

describe('the daily limit', () => {
  const starts = (count: number) => Array.from({ length: count }, (_, index) => 1_000 + index);

  test('stands with ten, and opens when the first of them is a day old', () => {
    expect(dailyLimitOpensAtMs(starts(9), 2_000, POLICY)).toBeNull();
    expect(dailyLimitOpensAtMs(starts(10), 2_000, POLICY)).toBe(1_000 + DAY_MS);
    expect(dailyLimitOpensAtMs(starts(10), 1_000 + DAY_MS, POLICY)).toBeNull();
  });

  test('with more than ten opens when ten are left no more', () => {
    expect(dailyLimitOpensAtMs(starts(12), 2_000, POLICY)).toBe(1_002 + DAY_MS);
  });
});

describe('the guard in the way', () => {
  const facts = {
    amountCents: cents(1_000),
    monthlyCapCents: cents(1_000),
    spentThisMonthCents: cents(0),
    monthEndsAtMs: 99 * DAY_MS,
    recentTopUpsAtMs: [] as number[],
  };

  test('is none when there is room', () => {
    expect(guardInTheWay(facts, 0, POLICY)).toBeNull();
  });

  test('is the cap before the daily limit, and each says when it opens', () => {
    const recentTopUpsAtMs = Array.from({ length: 10 }, () => DAY_MS);
    const limited = { ...facts, recentTopUpsAtMs };
    expect(guardInTheWay(limited, DAY_MS, POLICY)).toEqual({ reason: 'daily_limit', untilMs: 2 * DAY_MS });
    expect(guardInTheWay({ ...limited, spentThisMonthCents: cents(1) }, DAY_MS, POLICY)).toEqual({
      reason: 'monthly_cap',
      untilMs: 99 * DAY_MS,
    });
  });
});
