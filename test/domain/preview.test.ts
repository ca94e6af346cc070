import { describe, expect, test } from 'vitest';
import { MUTABLE_NOTICE_KINDS, isMuted } from '../../domain/email-preferences.ts';
import { burnPerDay, forecast } from '../../domain/forecast.ts';
import { cents } from '../../domain/money.ts';
import { NOTICE_KINDS } from '../../domain/notices.ts';
import { POLICY } from '../../domain/policy.ts';
import { alertsAtOnce, gapWarnings, saveEffect, type SaveFacts } from '../../domain/preview.ts';
import { PRICES } from '../../domain/prices.ts';
import { fromDisplayUnits, quantity, type Quantity } from '../../domain/quantities.ts';
import type { Settings, SettingsChoice } from '../../domain/settings.ts';
import { expectVat } from '../../domain/vat.ts';
import type { Wallet } from '../../domain/wallet.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const DAY_MS = 86_400_000;

function choice(wallet: Wallet, change: Partial<SettingsChoice> = {}): SettingsChoice {
  return {
    enabled: true,
    alertBelow: fromDisplayUnits(wallet, 10),
    topUpBelow: fromDisplayUnits(wallet, 5),
    amountCents: cents(10_00),
    monthlyCapCents: null,
    topUpOnRefusal: true,
    ...change,
  };
}

function saved(wallet: Wallet, change: Partial<SettingsChoice> = {}): Settings {
  return { ...choice(wallet, change), version: 3, alertVersion: 2 };
}

function facts(wallet: Wallet, units: number, change: Partial<SaveFacts> = {}): SaveFacts {
  return {
    wallet,
    balance: fromDisplayUnits(wallet, units),
    settings: null,
    campaignLowest: null,
    prices: PRICES.scale,
    openTopUp: null,
    suspension: null,
    cardOnFile: true,
    blockedBy: null,
    spentThisMonthCents: cents(0),
    monthEndsAtMs: NOW_MS + 8 * DAY_MS,
    recentTopUpsAtMs: [],
    ...change,
  };
}

const effect = (of: SaveFacts, chosen: SettingsChoice) => saveEffect(of, chosen, NOW_MS, POLICY);

describe('what saving settings would do now', () => {
  test('chat credits below the value are charged for at once, by a multiple when the gap is deep', () => {
    expect(effect(facts('chat_credits', 3), choice('chat_credits'))).toEqual({
      effect: 'charge',
      reason: 'top_up_due',
      amountCents: 1000,
      units: 1285,
    });
    const deep = facts('chat_credits', -2_000);
    expect(effect(deep, choice('chat_credits'))).toMatchObject({ effect: 'charge', amountCents: 2000 });
    expect(gapWarnings(deep, choice('chat_credits'))).toMatchObject([
      { code: 'amount_does_not_reach', field: 'amount' },
    ]);
    expect(gapWarnings(facts('chat_credits', 3), choice('chat_credits'))).toEqual([]);
  });

  test('call minutes below the value wait for a campaign', () => {
    expect(effect(facts('call_minutes', 3), choice('call_minutes'))).toEqual({
      effect: 'waits_for_campaign',
      reason: 'waiting_for_campaign',
      untilMs: null,
    });
  });

  test('what a campaign asked for before is served when a higher cap lets it, and not when the value sinks', () => {
    const capped = facts('call_minutes', 3, {
      settings: saved('call_minutes', { monthlyCapCents: cents(5_00) }),
      campaignLowest: fromDisplayUnits('call_minutes', 3),
    });
    expect(effect(capped, choice('call_minutes'))).toMatchObject({ effect: 'charge', amountCents: 1000 });
    const lower = choice('call_minutes', { topUpBelow: fromDisplayUnits('call_minutes', 4) });
    expect(effect(capped, lower)).toMatchObject({ effect: 'waits_for_campaign' });
  });

  test('a charge that is due under the settings in force is not announced as one of the new', () => {
    const due = facts('chat_credits', 3, { settings: saved('chat_credits') });
    expect(effect(due, choice('chat_credits', { amountCents: cents(20_00) }))).toEqual({
      effect: 'in_flight',
      reason: 'top_up_due',
      untilMs: null,
    });
  });

  test('nothing happens when it is off, when there is enough, and while something is in the way', () => {
    const wallet = 'chat_credits';
    const low = facts(wallet, 3);
    expect(effect(low, choice(wallet, { enabled: false }))).toMatchObject({
      effect: 'none',
      reason: 'disabled',
    });
    expect(effect(facts(wallet, 30), choice(wallet))).toMatchObject({
      effect: 'none',
      reason: 'balance_sufficient',
    });
    expect(effect({ ...low, cardOnFile: false }, choice(wallet))).toMatchObject({
      effect: 'blocked',
      reason: 'no_payment_method',
    });
    const spent = { ...low, spentThisMonthCents: cents(15_00) };
    expect(effect(spent, choice(wallet, { monthlyCapCents: cents(20_00) }))).toEqual({
      effect: 'blocked',
      reason: 'monthly_cap',
      untilMs: NOW_MS + 8 * DAY_MS,
    });
    const suspension = { reason: 'hard_decline', sinceMs: NOW_MS } as const;
    expect(effect({ ...low, suspension }, choice(wallet))).toMatchObject({
      effect: 'suspended',
      reason: 'hard_decline',
    });
    const openTopUp = { state: 'charging', nextAttemptAtMs: null } as const;
    expect(effect({ ...low, openTopUp }, choice(wallet))).toMatchObject({ effect: 'in_flight' });
  });

  test('after a top-up that has failed nothing is on its way, and nothing is charged before the pause is over', () => {
    const wallet = 'chat_credits';
    const lastFailed = { failure: 'card_declined', closedAtMs: NOW_MS - 1, failuresBefore: 0 } as const;
    const paused = facts(wallet, 3, { settings: saved(wallet), lastFailed });
    expect(effect(paused, choice(wallet))).toEqual({
      effect: 'blocked',
      reason: 'card_declined',
      untilMs: NOW_MS - 1 + (POLICY.softDeclineDelaysMs[0] ?? 0),
    });
    const openTopUp = { state: 'retrying', nextAttemptAtMs: NOW_MS + 1 } as const;
    expect(effect({ ...paused, openTopUp }, choice(wallet))).toMatchObject({ effect: 'in_flight' });
    const long = { ...lastFailed, closedAtMs: NOW_MS - DAY_MS };
    expect(effect({ ...paused, settings: null, lastFailed: long }, choice(wallet))).toMatchObject({
      effect: 'charge',
    });
  });

  test('saving tells an alert at once where a new alert value, or the switch, arms it above the balance', () => {
    const wallet = 'chat_credits';
    const alerts = (units: number, settings: Settings | null, change: Partial<SettingsChoice> = {}) =>
      alertsAtOnce(facts(wallet, units, { settings }), choice(wallet, change), NOW_MS, POLICY);
    expect(alerts(8, null)).toBe(true);
    expect(alerts(30, null)).toBe(false);
    expect(alerts(8, null, { enabled: false })).toBe(false);
    expect(alerts(8, saved(wallet, { enabled: false }))).toBe(true);
    expect(alerts(8, saved(wallet))).toBe(false);
    expect(alerts(30, saved(wallet), { alertBelow: fromDisplayUnits(wallet, 40) })).toBe(true);
  });
});

describe('the VAT that is expected', () => {
  const vat = (country: string, invoiced: Parameters<typeof expectVat>[2] = null) =>
    expectVat(cents(50_00), country, invoiced);

  test('is that of the seller at home, none outside of the Union, and unknown in its other states', () => {
    expect(vat('DE')).toEqual({
      ratePercent: 19,
      vatCents: 950,
      totalCents: 5950,
      reverseCharge: false,
      certain: false,
    });
    expect(vat('CH')).toMatchObject({ ratePercent: 0, vatCents: 0, totalCents: 5000, certain: false });
    expect(vat('AT')).toMatchObject({ ratePercent: null, vatCents: null, totalCents: null, certain: false });
  });

  test('is what the last invoice showed, whatever the country', () => {
    expect(vat('AT', { vatRate: null, reverseCharge: true })).toEqual({
      ratePercent: 0,
      vatCents: 0,
      totalCents: 5000,
      reverseCharge: true,
      certain: true,
    });
    expect(vat('FI', { vatRate: '25.5', reverseCharge: false })).toMatchObject({
      ratePercent: 25.5,
      vatCents: 1275,
      totalCents: 6275,
      certain: true,
    });
  });
});

describe('the forecast', () => {
  const days = (...used: number[]) => used.map((each) => quantity(each));
  const settings = { enabled: true, alertBelow: quantity(400), topUpBelow: quantity(200) };
  const of = (balance: number, burn: number | null, enabled = true) =>
    forecast(quantity(balance), { ...settings, enabled }, burn as Quantity | null, NOW_MS);

  test('rests on the days with use, so that neither an outlier nor a weekend moves it far', () => {
    expect(burnPerDay(days(100, 100, 100, 100))).toBe(100);
    expect(burnPerDay(days(100, 100, 5_000, 100))).toBe(100);
    expect(burnPerDay(days(100, 0, 100, 0))).toBe(50);
    expect(burnPerDay(days(100, 200))).toBe(150);
  });

  test('is silent where there is too little to go by', () => {
    expect(burnPerDay(days())).toBeNull();
    expect(burnPerDay(days(0, 0, 5))).toBeNull();
    expect(of(1_000, null)).toBeNull();
  });

  test('names the days on which the values are reached, and none that has passed', () => {
    expect(of(1_000, 100)).toEqual({
      alertAtMs: NOW_MS + 6 * DAY_MS,
      topUpAtMs: NOW_MS + 8 * DAY_MS,
      emptyAtMs: NOW_MS + 10 * DAY_MS,
    });
    expect(of(300, 100)).toMatchObject({ alertAtMs: null, topUpAtMs: NOW_MS + DAY_MS });
    expect(of(1_000, 100, false)).toMatchObject({ alertAtMs: null, topUpAtMs: null });
    expect(of(1_000_000, 1)).toEqual({ alertAtMs: null, topUpAtMs: null, emptyAtMs: null });
  });
});

describe('mails that a customer may do without', () => {
  test('are none that ask for an act or tell of a failure', () => {
    expect(MUTABLE_NOTICE_KINDS).toEqual([
      'balance.alert',
      'top_up.succeeded',
      'top_up.refunded',
      'auto_top_up.resumed',
    ]);
    for (const kind of NOTICE_KINDS) {
      expect(isMuted(kind, NOTICE_KINDS)).toBe(MUTABLE_NOTICE_KINDS.includes(kind));
      expect(isMuted(kind, [])).toBe(false);
    }
  });
});
