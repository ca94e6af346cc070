import { describe, expect, test } from 'vitest';
import { accountId, topUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { orderFor, type OrderFacts } from '../../domain/order.ts';
import { POLICY } from '../../domain/policy.ts';
import { PRICES } from '../../domain/prices.ts';
import { CALLS, minutes } from './world-examples.ts';

function facts(balance: number, choice: Partial<typeof CALLS> = {}, spentCents = 0): OrderFacts {
  const settings = { ...CALLS, ...choice, version: 4, alertVersion: 1 };
  return {
    topUpId: topUpId('call_minutes', '1'),
    accountId: accountId('acc_1'),
    wallet: 'call_minutes',
    settings,
    prices: PRICES.scale,
    spentThisMonthCents: cents(spentCents),
    warrant: {
      balance: minutes(balance),
      seq: 7,
      settingsVersion: 4,
      target: settings.topUpBelow,
      cause: 'campaign',
    },
  };
}

const amount = (given: OrderFacts) => orderFor(given, POLICY)?.amountCents ?? null;

describe('an order', () => {
  test('freezes amount, units and the reason of the charge', () => {
    const given = facts(4);
    expect(orderFor(given, POLICY)).toEqual({
      topUpId: 'tu_call_1',
      accountId: 'acc_1',
      wallet: 'call_minutes',
      trigger: 'auto',
      amountCents: 5_000,
      currency: 'EUR',
      units: 454,
      quantity: minutes(454),
      warrant: given.warrant,
    });
  });

  test('reaches the target exactly with one amount, and takes a second for a millisecond more', () => {
    expect(amount(facts(5 - 454))).toBe(50_00);
    expect(
      amount({ ...facts(5 - 454), warrant: { ...facts(5 - 454).warrant, target: minutes(5.001) } }),
    ).toBe(100_00);
  });

  test('units are those of the whole amount, so that nothing is lost to rounding', () => {
    expect(orderFor(facts(5 - 908), POLICY)).toMatchObject({ amountCents: 100_00, units: 909 });
  });

  test('is ten amounts at most', () => {
    expect(amount(facts(-1_000_000))).toBe(500_00);
  });

  test('stays within the cap, and is none without room for one amount', () => {
    expect(amount(facts(-1_000, { monthlyCapCents: cents(120_00) }))).toBe(100_00);
    expect(amount(facts(-1_000, { monthlyCapCents: cents(120_00) }, 50_00))).toBe(50_00);
    expect(amount(facts(-1_000, { monthlyCapCents: cents(120_00) }, 70_01))).toBeNull();
  });

  test('is none when it buys nothing', () => {
    const poor = facts(4, { amountCents: cents(10), monthlyCapCents: cents(40) });
    expect(amount({ ...poor, prices: PRICES.flex })).toBeNull();
  });
});
