import { describe, expect, test } from 'vitest';
import { cents } from '../../domain/money.ts';
import { PRICES } from '../../domain/prices.ts';
import type { Quantity } from '../../domain/quantities.ts';
import { alertVersionAfter, settingsWarnings, type Settings } from '../../domain/settings.ts';
import { CALLS, CHAT, credits, minutes } from './world-examples.ts';

describe('warnings', () => {
  const codes = (choice: Parameters<typeof settingsWarnings>[1], usualHold: Quantity | null = null) =>
    settingsWarnings('call_minutes', choice, { prices: PRICES.scale, usualHold }).map(
      ({ code, field }) => `${code} ${field}`,
    );

  test('the product page\u2019s examples give none', () => {
    expect(codes(CALLS)).toEqual([]);
    expect(settingsWarnings('chat_credits', CHAT, { prices: PRICES.scale, usualHold: null })).toEqual([]);
  });

  test('an alert value at the top-up value gives no early warning', () => {
    expect(codes({ ...CALLS, alertBelow: minutes(5) })).toEqual(['alert_not_above_top_up alertBelow']);
    expect(codes({ ...CALLS, alertBelow: minutes(5.001) })).toEqual([]);
  });

  test('an amount that does not lift an empty balance to the top-up value is pointed out', () => {
    expect(codes({ ...CALLS, topUpBelow: minutes(455), alertBelow: minutes(500) })).toEqual([
      'amount_below_threshold amount',
    ]);
    expect(codes({ ...CALLS, topUpBelow: minutes(454), alertBelow: minutes(500) })).toEqual([]);
  });

  test('a cap below one amount stops everything', () => {
    expect(codes({ ...CALLS, monthlyCapCents: cents(49_99) })).toEqual(['cap_below_amount monthlyCap']);
    expect(codes({ ...CALLS, monthlyCapCents: cents(50_00) })).toEqual([]);
  });

  test('a top-up value below what a call usually reserves is pointed out, with what follows from a refusal', () => {
    expect(codes(CALLS, minutes(10))).toEqual(['threshold_below_usual_hold topUpBelow']);
    expect(codes(CALLS, minutes(5))).toEqual([]);
    const detail = (topUpOnRefusal: boolean) =>
      settingsWarnings(
        'call_minutes',
        { ...CALLS, topUpOnRefusal },
        { prices: PRICES.scale, usualHold: minutes(10) },
      )[0]?.detail;
    expect(detail(true)).toMatch(/usually reserves 10 minutes.*Each refusal starts a top-up/);
    expect(detail(false)).toMatch(/usually reserves 10 minutes.*No top-up runs/);
  });
});

describe('the alert version', () => {
  const saved: Settings = { ...CHAT, version: 3, alertVersion: 2 };

  test('rises with the first save, a new alert value and the switch', () => {
    expect(alertVersionAfter(null, CHAT, 1)).toBe(1);
    expect(alertVersionAfter(saved, { ...CHAT, alertBelow: credits(99) }, 4)).toBe(4);
    expect(alertVersionAfter(saved, { ...CHAT, enabled: false }, 4)).toBe(4);
  });

  test('stays with any other change', () => {
    expect(alertVersionAfter(saved, { ...CHAT, topUpBelow: credits(1), amountCents: cents(500) }, 4)).toBe(2);
  });
});
