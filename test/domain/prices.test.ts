import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { cents } from '../../domain/money.ts';
import { PLANS, PRICES, quote, type Plan } from '../../domain/prices.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';

describe('a quote', () => {
  test('50 € buy 454 call minutes on Scale', () => {
    expect(quote(PRICES.scale, 'call_minutes', cents(50_00))).toEqual({
      amountCents: 5_000,
      currency: 'EUR',
      units: 454,
      quantity: 454 * 60_000,
    });
  });

  test('10 € buy 1,285 chat credits', () => {
    expect(quote(PRICES.scale, 'chat_credits', cents(10_00)).units).toBe(1_285);
  });

  test.each([
    ['flex', 100],
    ['starter', 125],
    ['business', 333],
    ['scale', 454],
  ] as const)('on %s 50 € buy %d call minutes', (plan, units) => {
    expect(quote(PRICES[plan], 'call_minutes', cents(50_00)).units).toBe(units);
    expect(quote(PRICES[plan], 'chat_credits', cents(50_00)).units).toBe(6_428);
  });

  test('less than one unit buys nothing', () => {
    expect(quote(PRICES.flex, 'call_minutes', cents(49)).units).toBe(0);
    expect(quote(PRICES.flex, 'call_minutes', cents(50)).units).toBe(1);
  });

  test('beyond the safe integers is a bug', () => {
    expect(() => quote(PRICES.scale, 'chat_credits', cents(Number.MAX_SAFE_INTEGER))).toThrow(RangeError);
  });

  const amount = fc.integer({ min: 0, max: 1e8 });

  property.prop([fc.constantFrom(...PLANS), fc.constantFrom(...WALLETS), amount], {
    seed: 45,
    numRuns: 2_000,
  })('never gives a unit that was not paid for, and never keeps one that was', expectFair);
});

function expectFair(plan: Plan, wallet: Wallet, amountCents: number): void {
  const price = PRICES[plan][wallet];
  const { units } = quote(PRICES[plan], wallet, cents(amountCents));
  const bought = BigInt(amountCents) * BigInt(price.units);
  expect(BigInt(units) * BigInt(price.cents) <= bought).toBe(true);
  expect(BigInt(units + 1) * BigInt(price.cents) > bought).toBe(true);
}
