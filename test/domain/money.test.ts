import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { cents, fromEuros, toEuros } from '../../domain/money.ts';

describe('money', () => {
  test('two decimals of the wire are exact', () => {
    expect(fromEuros(50)).toBe(5_000);
    expect(fromEuros(0.29)).toBe(29);
    expect(fromEuros(1.1)).toBe(110);
    expect(fromEuros(9_999.99)).toBe(999_999);
    expect(toEuros(cents(1_999))).toBe(19.99);
  });

  test.each([1.005, 0.001, 0.1 + 0.2, Number.NaN, Infinity, 1e17])('%d euros are refused', (euros) => {
    expect(() => fromEuros(euros)).toThrow(RangeError);
  });

  test('a fraction of a cent is a bug', () => {
    expect(() => cents(0.5)).toThrow(RangeError);
    expect(() => cents(Number.MAX_SAFE_INTEGER + 1)).toThrow(RangeError);
  });

  property.prop([fc.integer({ min: -1e12, max: 1e12 })], { seed: 44, numRuns: 2_000 })(
    'every amount survives the wire',
    expectRoundTrip,
  );
});

function expectRoundTrip(amount: number): void {
  expect(fromEuros(toEuros(cents(amount)))).toBe(amount);
}
