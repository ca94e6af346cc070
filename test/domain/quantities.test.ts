import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import {
  addQuantity,
  fromDisplayUnits,
  fromSeconds,
  fromWholeUnits,
  MINOR_PER_UNIT,
  quantity,
  subtractQuantity,
  toDisplayUnits,
} from '../../domain/quantities.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';

describe('quantities', () => {
  test('a minute is 60,000 ms and a credit 1,000 thousandths', () => {
    expect(fromWholeUnits('call_minutes', 454)).toBe(454 * 60_000);
    expect(fromWholeUnits('chat_credits', 1_285)).toBe(1_285_000);
  });

  test('three decimals of the wire are exact', () => {
    expect(fromDisplayUnits('call_minutes', 12.5)).toBe(750_000);
    expect(fromDisplayUnits('call_minutes', 0.001)).toBe(60);
    expect(fromDisplayUnits('chat_credits', 0.001)).toBe(1);
    expect(fromDisplayUnits('chat_credits', 1.005)).toBe(1_005);
    expect(fromDisplayUnits('chat_credits', -2.675)).toBe(-2_675);
  });

  test.each([0.0001, 1.0005, 0.1 + 0.2, Number.NaN, Infinity, -Infinity, 1e300, 2 ** 53])(
    '%d is refused rather than rounded',
    (value) => {
      for (const wallet of WALLETS) expect(() => fromDisplayUnits(wallet, value)).toThrow(RangeError);
    },
  );

  test('seconds of a call are exact to the millisecond', () => {
    expect(fromSeconds(61.001)).toBe(61_001);
    expect(fromSeconds(0)).toBe(0);
    expect(() => fromSeconds(0.0005)).toThrow(RangeError);
  });

  test('the wire never shows more than there is', () => {
    expect(toDisplayUnits('call_minutes', quantity(59_999))).toBe(0.999);
    expect(toDisplayUnits('call_minutes', quantity(59))).toBe(0);
    expect(toDisplayUnits('call_minutes', quantity(-1))).toBe(-0.001);
    expect(toDisplayUnits('call_minutes', quantity(-60_000))).toBe(-1);
    expect(Object.is(toDisplayUnits('chat_credits', quantity(0)), 0)).toBe(true);
  });

  test('fractions and sums beyond the safe integers are bugs', () => {
    expect(() => quantity(0.5)).toThrow(RangeError);
    expect(() => addQuantity(quantity(Number.MAX_SAFE_INTEGER), quantity(1))).toThrow(RangeError);
    expect(() => subtractQuantity(quantity(-Number.MAX_SAFE_INTEGER), quantity(1))).toThrow(RangeError);
    expect(() => fromWholeUnits('call_minutes', Number.MAX_SAFE_INTEGER)).toThrow(RangeError);
  });

  const wallet = fc.constantFrom(...WALLETS);
  const thousandths = fc.integer({ min: -1e11, max: 1e11 });
  const largest = fc.integer({ min: 0, max: 150_000_000_000_000 });

  property.prop([wallet, thousandths], { seed: 41, numRuns: 2_000 })(
    'what the wire says comes back from the ledger',
    expectRoundTrip,
  );

  property.prop([wallet, fc.maxSafeInteger()], { seed: 42, numRuns: 2_000 })(
    'the wire shows the largest thousandth that is not above the amount',
    expectLargestBelow,
  );

  property.prop([largest], { seed: 43, numRuns: 2_000 })(
    'the largest minutes of the wire are as exact as the smallest',
    expectExact,
  );
});

function expectRoundTrip(wallet: Wallet, thousandths: number): void {
  const displayUnits = thousandths / 1_000;
  expect(toDisplayUnits(wallet, fromDisplayUnits(wallet, displayUnits))).toBe(displayUnits);
}

function expectLargestBelow(wallet: Wallet, minor: number): void {
  fc.pre(Math.abs(minor) < 4e15);
  const perThousandth = BigInt(MINOR_PER_UNIT[wallet] / 1_000);
  const shown = BigInt(Math.round(toDisplayUnits(wallet, quantity(minor)) * 1_000));
  expect(shown * perThousandth <= BigInt(minor)).toBe(true);
  expect((shown + 1n) * perThousandth > BigInt(minor)).toBe(true);
}

function expectExact(thousandths: number): void {
  const displayUnits = thousandths / 1_000;
  fc.pre(displayUnits * 1_000 === thousandths);
  expect(BigInt(fromDisplayUnits('call_minutes', displayUnits))).toBe(BigInt(thousandths) * 60n);
}
