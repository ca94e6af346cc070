import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { AUTO_TOP_UP_STATES, explain, STATE_REASONS, type AutoTopUpFacts } from '../../domain/explain.ts';
import { cents } from '../../domain/money.ts';
import { POLICY } from '../../domain/policy.ts';
import { PRICES } from '../../domain/prices.ts';
import { fromDisplayUnits } from '../../domain/quantities.ts';
import type { Settings } from '../../domain/settings.ts';
import { OPEN_TOP_UP_STATES } from '../../domain/top-up.ts';
import { WALLETS, type Wallet } from '../../domain/wallet.ts';

const NOW_MS = Date.UTC(2026, 10, 22, 12);
const MONTH_ENDS_MS = Date.UTC(2026, 10, 30, 23);

function settings(wallet: Wallet, change: Partial<Settings> = {}): Settings {
  return {
    enabled: true,
    alertBelow: fromDisplayUnits(wallet, 10),
    topUpBelow: fromDisplayUnits(wallet, 5),
    amountCents: cents(50_00),
    monthlyCapCents: null,
    topUpOnRefusal: true,
    version: 1,
    alertVersion: 1,
    ...change,
  };
}

function facts(change: Partial<AutoTopUpFacts> = {}): AutoTopUpFacts {
  const wallet = change.wallet ?? 'call_minutes';
  return {
    wallet,
    balance: fromDisplayUnits(wallet, 30),
    settings: settings(wallet),
    prices: PRICES.scale,
    openTopUp: null,
    suspension: null,
    cardOnFile: true,
    blockedBy: null,
    spentThisMonthCents: cents(0),
    monthEndsAtMs: MONTH_ENDS_MS,
    recentTopUpsAtMs: [],
    ...change,
  };
}

const explained = (change: Partial<AutoTopUpFacts>) => explain(facts(change), NOW_MS, POLICY);

describe('what automatic top-up says of itself', () => {
  test('it is off before the first save and when the customer switched it off', () => {
    expect(explained({ settings: null })).toEqual({
      state: 'off',
      reason: 'never_saved',
      nextWakeAtMs: null,
    });
    expect(explained({ settings: settings('call_minutes', { enabled: false }) })).toEqual({
      state: 'off',
      reason: 'disabled',
      nextWakeAtMs: null,
    });
  });

  test('at the top-up value it is armed and sufficient; one minor unit below, calls wait for a campaign', () => {
    const atThreshold = fromDisplayUnits('call_minutes', 5);
    expect(explained({ balance: atThreshold })).toMatchObject({
      state: 'armed',
      reason: 'balance_sufficient',
    });
    const below = (atThreshold - 1) as typeof atThreshold;
    expect(explained({ balance: below })).toMatchObject({ state: 'armed', reason: 'waiting_for_campaign' });
  });

  test('chat credits below the top-up value wait for nothing', () => {
    const change = { wallet: 'chat_credits', balance: fromDisplayUnits('chat_credits', 4) } as const;
    expect(explained(change)).toMatchObject({ state: 'armed', reason: 'top_up_due' });
  });

  test.each([
    ['pending', 'charging', 'payment_running'],
    ['charging', 'charging', 'payment_running'],
    ['paid', 'charging', 'credit_running'],
    ['action_required', 'action_required', 'authentication_required'],
    ['retrying', 'retrying', 'insufficient_funds'],
    ['unknown', 'unknown', 'provider_unavailable'],
  ] as const)(
    'a top-up that is %s is shown as %s, even when it has been switched off since',
    (state, shown, reason) => {
      const openTopUp = { state, failure: 'insufficient_funds', nextAttemptAtMs: NOW_MS + 5 } as const;
      const explanation = explained({ openTopUp, settings: settings('call_minutes', { enabled: false }) });
      expect(explanation).toMatchObject({ state: shown, reason });
      expect(explanation.nextWakeAtMs).toBe(shown === 'charging' ? null : NOW_MS + 5);
    },
  );

  test('a suspension names its reason', () => {
    const suspension = { reason: 'hard_decline', sinceMs: NOW_MS - 1 } as const;
    expect(explained({ suspension })).toEqual({
      state: 'suspended',
      reason: 'hard_decline',
      nextWakeAtMs: null,
    });
  });

  test('a missing card is told before it matters', () => {
    expect(explained({ cardOnFile: false })).toMatchObject({ state: 'blocked', reason: 'no_payment_method' });
    expect(explained({ blockedBy: 'tax_location_unknown' })).toMatchObject({
      state: 'blocked',
      reason: 'tax_location_unknown',
    });
  });

  test('a cap without room for one amount blocks until the month ends, and one cent more of room does not', () => {
    const capped = settings('call_minutes', { monthlyCapCents: cents(99_99) });
    expect(explained({ settings: capped, spentThisMonthCents: cents(50_00) })).toEqual({
      state: 'blocked',
      reason: 'monthly_cap',
      nextWakeAtMs: MONTH_ENDS_MS,
    });
    expect(explained({ settings: capped, spentThisMonthCents: cents(49_99) }).state).toBe('armed');
  });

  test('ten top-ups within a day block until the oldest of them is a day old', () => {
    const starts = Array.from({ length: POLICY.maxTopUpsPerDay }, (_, at) => NOW_MS - 10_000 + at);
    expect(explained({ recentTopUpsAtMs: starts })).toEqual({
      state: 'blocked',
      reason: 'daily_limit',
      nextWakeAtMs: NOW_MS - 10_000 + POLICY.dayMs,
    });
    expect(explained({ recentTopUpsAtMs: starts.slice(1) }).state).toBe('armed');
  });

  test('an amount that buys nothing is no top-up', () => {
    const tiny = settings('call_minutes', { amountCents: cents(10) });
    expect(explained({ settings: tiny })).toMatchObject({ state: 'blocked', reason: 'amount_buys_nothing' });
  });

  test('after a top-up that has failed it tries again when the pause is over, not at once', () => {
    const wallet = 'chat_credits';
    const low = { wallet, balance: fromDisplayUnits(wallet, 4) } as const;
    const failed = (failuresBefore: number, agoMs: number) =>
      ({ failure: 'card_declined', closedAtMs: NOW_MS - agoMs, failuresBefore }) as const;
    const [first = 0, second = 0, third = 0] = POLICY.softDeclineDelaysMs;
    for (const [failuresBefore, delayMs] of [
      [0, first],
      [1, second],
      [7, third],
    ] as const) {
      expect(explained({ ...low, lastFailed: failed(failuresBefore, 1) })).toEqual({
        state: 'retrying',
        reason: 'card_declined',
        nextWakeAtMs: NOW_MS - 1 + delayMs,
      });
      expect(explained({ ...low, lastFailed: failed(failuresBefore, delayMs) })).toMatchObject({
        state: 'armed',
        reason: 'top_up_due',
      });
    }
    const sufficient = { ...low, balance: fromDisplayUnits(wallet, 30), lastFailed: failed(0, 1) };
    expect(explained(sufficient)).toMatchObject({ reason: 'balance_sufficient', nextWakeAtMs: null });
    expect(explained({ ...low, cardOnFile: false, lastFailed: failed(0, 1) }).state).toBe('blocked');
  });

  test('every set of facts has one explanation, and only obstacles and flights wake by themselves', () => {
    const anyFacts = fc.record({
      wallet: fc.constantFrom(...WALLETS),
      units: fc.integer({ min: -20, max: 20 }),
      saved: fc.boolean(),
      enabled: fc.boolean(),
      open: fc.option(fc.constantFrom(...OPEN_TOP_UP_STATES)),
      cardOnFile: fc.boolean(),
      suspended: fc.boolean(),
      spentCents: fc.integer({ min: 0, max: 200_00 }),
      capCents: fc.option(fc.integer({ min: 1_00, max: 200_00 })),
    });
    fc.assert(
      fc.property(
        anyFacts,
        ({ wallet, units, saved, enabled, open, suspended, spentCents, capCents, cardOnFile }) => {
          const monthlyCapCents = capCents === null ? null : cents(capCents);
          const { state, reason, nextWakeAtMs } = explained({
            wallet,
            balance: fromDisplayUnits(wallet, units),
            settings: saved ? settings(wallet, { enabled, monthlyCapCents }) : null,
            openTopUp: open === null ? null : { state: open, failure: null, nextAttemptAtMs: NOW_MS + 1 },
            suspension: suspended ? { reason: 'operator', sinceMs: NOW_MS } : null,
            spentThisMonthCents: cents(spentCents),
            cardOnFile,
          });
          expect(AUTO_TOP_UP_STATES).toContain(state);
          expect(reason).not.toBe('');
          const waitsForOthers = reason in STATE_REASONS;
          expect(waitsForOthers && nextWakeAtMs !== null).toBe(false);
          const mayCharge = open === null && saved && enabled && cardOnFile && !suspended;
          expect(state === 'armed' && !mayCharge).toBe(false);
        },
      ),
    );
  });
});
