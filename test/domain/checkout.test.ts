import { describe, expect, test } from 'vitest';
import {
  initialState,
  type AccountSnapshot,
  type AccountState,
  type OpenTopUp,
  type WalletSnapshot,
} from '../../domain/account-state.ts';
import type { Command, Event } from '../../domain/commands.ts';
import { decide } from '../../domain/decide.ts';
import { explain } from '../../domain/explain.ts';
import { accountId, topUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { nextWakeAtMs } from '../../domain/next-wake.ts';
import { POLICY } from '../../domain/policy.ts';
import { PRICES, quote } from '../../domain/prices.ts';
import { NO_QUANTITY } from '../../domain/quantities.ts';
import { CHAT, credits, HOUR_MS, MINUTE_MS } from './world-examples.ts';

const ACCOUNT = accountId('acc_1');
const BOUGHT = topUpId('chat_credits', 'bought');
const NOW_MS = 1_800_000_000_000;
const UNTIL_MS = NOW_MS + 45 * MINUTE_MS;
const IDS = { call_minutes: topUpId('call_minutes', 'auto'), chat_credits: topUpId('chat_credits', 'auto') };
const CANCELED = { state: 'canceled', failure: null, suspend: null };

const PAGE: OpenTopUp = {
  order: {
    topUpId: BOUGHT,
    accountId: ACCOUNT,
    wallet: 'chat_credits',
    trigger: 'manual',
    ...quote(PRICES.scale, 'chat_credits', cents(10_00)),
    warrant: null,
  },
  state: 'action_required',
  attempt: 0,
  declines: 0,
  failure: null,
  nextAttemptAtMs: UNTIL_MS,
  checkout: true,
};

function wallet(balance: number, change: Partial<WalletSnapshot> = {}): WalletSnapshot {
  const level = { balance: credits(balance), lowest: credits(balance), highest: credits(balance) };
  return {
    ...level,
    fromSeq: 0,
    seq: 0,
    used: NO_QUANTITY,
    campaignLowest: null,
    refusedRequired: null,
    alertArmed: true,
    depletedArmed: false,
    settings: null,
    spentThisMonthCents: cents(0),
    monthEndsAtMs: NOW_MS + 100 * HOUR_MS,
    recentTopUpsAtMs: [],
    openTopUp: null,
    ...change,
  };
}

function snapshot(balance: number, open: OpenTopUp | null, change: Partial<AccountSnapshot> = {}) {
  const settings = { ...CHAT, version: 1, alertVersion: 1 };
  return {
    accountId: ACCOUNT,
    plan: 'scale',
    prices: PRICES.scale,
    customerId: 'cus_1',
    suspension: null,
    failuresInRow: 0,
    untold: [],
    wallets: {
      call_minutes: wallet(0),
      chat_credits: wallet(balance, { settings, openTopUp: open }),
    },
    ...change,
  } satisfies AccountSnapshot;
}

/** An account that hears one thing after the other. */
function hearing(...events: readonly (Event & { atMs?: number })[]) {
  let state: AccountState = initialState(ACCOUNT);
  let commands: Command[] = [];
  for (const { atMs = NOW_MS, ...event } of events) {
    ({ state, commands } = decide(state, { ...event, topUpIds: IDS }, atMs));
  }
  const paid = commands.filter(({ kind }) => kind !== 'read_account' && kind !== 'notify');
  const told = commands.flatMap((command) => (command.kind === 'notify' ? [command.request.kind] : []));
  return { state, commands: paid, told };
}

const read = (of: AccountSnapshot): Event => ({ kind: 'account_read', snapshot: of, policy: POLICY });
const lookedUp = (status: 'open' | 'paid' | 'closed'): Event => ({
  kind: 'looked_up',
  wallet: 'chat_credits',
  topUpId: BOUGHT,
  outcome: status === 'open' ? { status, processing: false } : { status },
});
const closed = (status: 'paid' | 'closed'): Event => ({
  kind: 'closed',
  wallet: 'chat_credits',
  topUpId: BOUGHT,
  outcome: { status },
});

describe('an open payment page', () => {
  test('is looked at when it is heard of: it may have been paid before', () => {
    expect(hearing(read(snapshot(200, PAGE))).commands).toEqual([
      { kind: 'look_up', wallet: 'chat_credits', topUpId: BOUGHT },
    ]);
    expect(hearing(read(snapshot(200, PAGE)), lookedUp('paid')).commands).toEqual([
      { kind: 'credit', wallet: 'chat_credits', topUpId: BOUGHT },
    ]);
  });

  test('is waited for until it closes, and nobody is reminded of it', () => {
    const { state, commands, told } = hearing(read(snapshot(200, PAGE)), lookedUp('open'));
    expect({ commands, told }).toEqual({ commands: [], told: [] });
    expect(nextWakeAtMs(state, NOW_MS)).toBe(UNTIL_MS);
  });

  test('is closed when its time is over, without a word of failure', () => {
    const late = UNTIL_MS + 1;
    const begun = [read(snapshot(200, PAGE)), lookedUp('open'), { kind: 'tick', atMs: late }] as const;
    expect(hearing(...begun).commands).toMatchObject([{ kind: 'look_up' }]);
    const open = { ...lookedUp('open'), atMs: late };
    expect(hearing(...begun, open).commands).toMatchObject([{ kind: 'close', closing: CANCELED }]);
    const ended = hearing(...begun, open, { ...closed('closed'), atMs: late });
    expect(ended).toMatchObject({ commands: [], told: [] });
    expect(ended.state.lastFailure).toBeNull();
  });

  test('gives way to an automatic charge, which follows once the page is closed', () => {
    const needed = [read(snapshot(40, PAGE)), lookedUp('open')] as const;
    expect(hearing(...needed).commands).toEqual([
      { kind: 'close', wallet: 'chat_credits', topUpId: BOUGHT, closing: CANCELED },
    ]);
    const after = hearing(...needed, closed('closed'), read(snapshot(40, null)));
    expect(after.commands).toMatchObject([{ kind: 'charge', order: { topUpId: IDS.chat_credits } }]);
  });

  test('is credited, and nothing is charged, when it was paid before it could be closed', () => {
    const { commands } = hearing(read(snapshot(40, PAGE)), lookedUp('open'), closed('paid'));
    expect(commands).toEqual([{ kind: 'credit', wallet: 'chat_credits', topUpId: BOUGHT }]);
  });

  test('stays open where no automatic charge may follow', () => {
    const suspension = { reason: 'operator', sinceMs: NOW_MS } as const;
    const suspended = hearing(read(snapshot(40, PAGE, { suspension })), lookedUp('open'));
    expect(suspended.commands).toEqual([]);
    const full = snapshot(40, PAGE);
    full.wallets.chat_credits.settings = {
      ...full.wallets.chat_credits.settings!,
      monthlyCapCents: cents(5_00),
    };
    expect(hearing(read(full), lookedUp('open')).commands).toEqual([]);
  });

  test('is closed when the guard that kept it open has gone', () => {
    const starts = Array.from({ length: POLICY.maxTopUpsPerDay }, () => NOW_MS - 24 * HOUR_MS + MINUTE_MS);
    const limited = snapshot(40, PAGE);
    limited.wallets.chat_credits.recentTopUpsAtMs = starts;
    const kept = hearing(read(limited), lookedUp('open'));
    expect(kept.commands).toEqual([]);
    const opensAtMs = nextWakeAtMs(kept.state, NOW_MS)!;
    expect(opensAtMs).toBe(NOW_MS + MINUTE_MS);
    const after = hearing(read(limited), lookedUp('open'), { kind: 'tick', atMs: opensAtMs });
    expect(after.commands).toMatchObject([{ kind: 'close', closing: CANCELED }]);
  });

  test('a card payment that waits for authentication does not give way', () => {
    const { checkout: _, ...card } = { ...PAGE, attempt: 1 };
    expect(hearing(read(snapshot(40, card))).commands).toEqual([]);
  });

  test('does not look as if automatic top-up waited for authentication', () => {
    const { settings, spentThisMonthCents, monthEndsAtMs } = snapshot(200, PAGE).wallets.chat_credits;
    const facts = {
      wallet: 'chat_credits',
      balance: credits(200),
      settings,
      prices: PRICES.scale,
      openTopUp: PAGE,
      suspension: null,
      cardOnFile: true,
      blockedBy: null,
      spentThisMonthCents,
      monthEndsAtMs,
      recentTopUpsAtMs: [],
    } as const;
    expect(explain(facts, NOW_MS, POLICY).state).toBe('armed');
  });
});
