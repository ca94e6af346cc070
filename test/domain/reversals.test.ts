import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cents } from '../../domain/money.ts';
import { quantity } from '../../domain/quantities.ts';
import { sharesOf, takenBack, type Reversal } from '../../domain/reversals.ts';

const bought = fc.integer({ min: 1, max: 2 ** 50 }).map(quantity);
const total = fc.integer({ min: 1, max: 99_999_999 }).map(cents);
const amount = fc.integer({ min: 1, max: 99_999_999 }).map(cents);
const reversal = fc.record<Reversal>({
  reversalId: fc.uuid(),
  amountCents: amount,
  counts: fc.boolean(),
  createdAtMs: fc.integer({ min: 0, max: 5 }),
});
const reversals = fc.uniqueArray(reversal, { maxLength: 12, selector: ({ reversalId }) => reversalId });

const sumOf = (values: Iterable<number>) => [...values].reduce((sum, value) => sum + value, 0);

test('what is taken back is the exact proportion, cut to the customer’s favour, and all for all', () => {
  fc.assert(
    fc.property(bought, total, amount, (units, totalCents, reversedCents) => {
      const taken = BigInt(takenBack(units, reversedCents, totalCents));
      const reversed = BigInt(Math.min(reversedCents, totalCents));
      expect(taken * BigInt(totalCents)).toBeLessThanOrEqual(BigInt(units) * reversed);
      expect((taken + 1n) * BigInt(totalCents)).toBeGreaterThan(BigInt(units) * reversed);
      expect(takenBack(units, totalCents, totalCents)).toBe(units);
    }),
  );
});

test('shares add up to what the sum of the reversals takes, and none of them gives', () => {
  fc.assert(
    fc.property(bought, total, reversals, (units, totalCents, all) => {
      const shares = sharesOf(units, totalCents, all);
      const counting = all.filter(({ counts }) => counts);
      const reversed = cents(Math.min(totalCents, sumOf(counting.map(({ amountCents }) => amountCents))));
      expect(sumOf(shares.values())).toBe(takenBack(units, reversed, totalCents));
      expect(Math.min(0, ...shares.values())).toBe(0);
      const others = all.filter(({ counts }) => !counts).map(({ reversalId }) => shares.get(reversalId));
      expect(others.every((share) => share === 0)).toBe(true);
    }),
  );
});

test('a payment that is refunded in parts takes back everything, however it is cut', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(bought, parts, (units, amounts) => {
      const all = amounts.map((part, at) => ({
        reversalId: `re_${at}`,
        amountCents: cents(part),
        counts: true,
        createdAtMs: at,
      }));
      expect(sumOf(sharesOf(units, cents(sumOf(amounts)), all).values())).toBe(units);
    }),
  );
});

test('the order in which reversals are listed changes nothing', () => {
  fc.assert(
    fc.property(bought, total, reversals, fc.infiniteStream(fc.nat()), (units, totalCents, all, keys) => {
      const shuffled = all
        .map((each) => ({ each, key: keys.next().value as number }))
        .toSorted((one, other) => one.key - other.key)
        .map(({ each }) => each);
      expect(Object.fromEntries(sharesOf(units, totalCents, shuffled))).toEqual(
        Object.fromEntries(sharesOf(units, totalCents, all)),
      );
    }),
  );
});

test('later reversals leave the shares of the earlier ones alone', () => {
  fc.assert(
    fc.property(bought, total, reversals, amount, (units, totalCents, all, amountCents) => {
      const later = { reversalId: 'later', amountCents, counts: true, createdAtMs: 6 };
      const before = Object.fromEntries(sharesOf(units, totalCents, all));
      expect(Object.fromEntries(sharesOf(units, totalCents, [...all, later]))).toMatchObject(before);
    }),
  );
});
