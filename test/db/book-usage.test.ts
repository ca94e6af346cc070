import { describe, expect, test } from 'vitest';
import { bookUsage, tellingDelayMs, type UsageEvent } from '../../db/book-usage.ts';
import { accountId } from '../../domain/ids.ts';
import { POLICY } from '../../domain/policy.ts';
import { quantity } from '../../domain/quantities.ts';

const ACCOUNT = accountId('acc_1');

/** Signals for usage above all thresholds that is reported at an even pace, told as the relay tells it: at once when it
 *  is due, with everything that was booked until then. */
function signalsFor({ events, everyMs }: { events: number; everyMs: number }): number {
  let [signals, dueAtMs, balance, seq] = [0, Number.POSITIVE_INFINITY, events + 1, 0];
  for (let nowMs = 0; seq < events; nowMs += everyMs) {
    if (dueAtMs <= nowMs) {
      signals += 1;
      dueAtMs = Number.POSITIVE_INFINITY;
    }
    const wallet = { accountId: ACCOUNT, wallet: 'call_minutes', balance: quantity(balance), seq } as const;
    const { accounts, wallets } = bookUsage(
      [event(seq, nowMs)],
      [{ ...wallet, campaignSeq: 0, thresholds: undefined }],
      new Map(),
      POLICY,
    );
    dueAtMs = Math.min(dueAtMs, nowMs + tellingDelayMs(accounts[0]!.telling, POLICY));
    ({ balance, seq } = wallets[0]!);
  }
  return signals + 1;
}

function event(number: number, occurredAtMs: number): UsageEvent {
  const id = `call_${number}`;
  const what = { wallet: 'call_minutes', quantity: quantity(1), source: 'outbound', type: 'call' } as const;
  return { id, accountId: ACCOUNT, ...what, occurredAtMs, fingerprint: id };
}

describe('usage above all thresholds', () => {
  test.each([900, 3_600, 36_000])(
    'of a call that is reported every second, %i times, leaves room below two actions for 1,000 events',
    (events) => {
      // The rest is for a continue-as-new, once in some 500 signals, and an alert now and then.
      expect((signalsFor({ events, everyMs: 1_000 }) * 1_000) / events).toBeLessThanOrEqual(1.5);
    },
  );

  test('is told twice a minute at most, however much there is of it', () => {
    expect(signalsFor({ events: 600_000, everyMs: 1 })).toBeLessThanOrEqual(600 / 30 + 1);
  });

  test('of a busy account is told in good time, so that no slice grows for a quarter of an hour', () => {
    const perSecond = 50;
    const events = perSecond * 900;
    const signals = signalsFor({ events, everyMs: 1_000 / perSecond });
    const longest = POLICY.entriesPerTelling + (perSecond * POLICY.coalesceMs) / 1_000;
    expect(signals).toBeGreaterThanOrEqual(Math.floor(events / longest));
  });
});
