import { initialState, type AccountState, type UsageSlice, type WalletSnapshot } from './account-state.ts';
import type { Command, Event, NoticeRequest } from './commands.ts';
import { decide } from './decide.ts';
import { accountId, topUpId } from './ids.ts';
import { cents, NO_CENTS, type Cents } from './money.ts';
import { nextWakeAtMs } from './next-wake.ts';
import type { Policy } from './policy.ts';
import type { Price } from './prices.ts';
import { addQuantity, NO_QUANTITY, type Quantity } from './quantities.ts';
import type { Settings } from './settings.ts';
import type { TopUpOrder } from './top-up.ts';
import { forEachWallet, type Wallet } from './wallet.ts';

/** A run of real entries, with balances as they would be without the top-ups that are taken out of the history. */
export type ReplayStep = {
  atMs: number;
  /** Sum of the entries, signed. */
  change: Quantity;
  lowest: Quantity;
  highest: Quantity;
  /** Lowest balance right after a campaign's usage or at a campaign's hold; null without campaign activity. */
  campaignLowest: Quantity | null;
  /** The largest balance that a refused campaign hold needed; null without a refusal. */
  refusedRequired: Quantity | null;
};

/** An automatic top-up that counts towards the limits. */
export type StartedTopUp = { atMs: number; amountCents: Cents };

export type ReplayBeginning = {
  wallet: Wallet;
  settings: Settings;
  prices: Record<Wallet, Price>;
  atMs: number;
  balance: Quantity;
  /** First instants of the calendar months in the account's time zone, from that of the beginning to the one after
   *  the end. */
  monthStartsMs: readonly number[];
  /** What was started before the beginning; oldest first. */
  started: readonly StartedTopUp[];
};

export type ReplayWatcher = {
  charged(order: TopUpOrder, atMs: number): void;
  told(request: NoticeRequest, atMs: number): void;
};

export type ReplayAccount = ReturnType<typeof createReplayAccount>;

/** An account whose charges all succeed at once: the workflow's own `decide()`, with a ledger of one wallet that is
 *  only imagined. */
export function createReplayAccount(beginning: ReplayBeginning, policy: Policy, watcher: ReplayWatcher) {
  const { wallet, settings } = beginning;
  const started: StartedTopUp[] = [...beginning.started];
  const orders = new Map<string, TopUpOrder>();
  let state: AccountState = initialState(accountId('replay'));
  let nowMs = beginning.atMs;
  let seq = 0;
  let inputs = 0;
  let balance = beginning.balance;
  /** What the top-ups of the replay have added to the balances of the history. */
  let credited = NO_QUANTITY;
  /** What campaigns still ask for: since the balance was last at the top-up value. */
  let campaignLowest: Quantity | null = null;
  /** Entries that the policy would only note: told together, as the relay does. */
  let quiet: UsageSlice | null = null;

  hear({ kind: 'refresh', signal: { version: 1, reasons: ['settings'] } });
  return {
    /** How often the policy was asked. */
    decisions: (): number => inputs,

    /** Goes on to the end of a run of entries, past everything that falls due on the way. */
    step(step: ReplayStep): void {
      wakeUntil(step.atMs);
      const slice = book(step);
      if (isQuiet(slice)) {
        quiet = quiet === null ? slice : joined(quiet, slice);
        return;
      }
      catchUp();
      tell(slice);
    },

    /** Lets time pass, with what falls due on the way. */
    wakeUntil,
  };

  function wakeUntil(untilMs: number): void {
    for (;;) {
      const wakeAtMs = nextWakeAtMs(state, nowMs);
      if (wakeAtMs === null || wakeAtMs > untilMs) break;
      nowMs = wakeAtMs;
      catchUp();
      hear({ kind: 'tick' });
    }
    nowMs = Math.max(nowMs, untilMs);
  }

  function catchUp(): void {
    if (quiet === null) return;
    const slice = quiet;
    quiet = null;
    tell(slice);
  }

  function tell(slice: UsageSlice): void {
    hear({ kind: 'usage', signal: { version: state.version + 1, wallets: { [wallet]: slice } } });
  }

  function book({ change, ...step }: ReplayStep): UsageSlice {
    const lifted = (level: Quantity): Quantity => addQuantity(level, credited);
    const campaign = step.campaignLowest === null ? null : lifted(step.campaignLowest);
    balance = addQuantity(balance, change);
    seq += 1;
    if (balance >= settings.topUpBelow) campaignLowest = null;
    else if (campaign !== null) campaignLowest = least(campaign, campaignLowest ?? campaign);
    return {
      fromSeq: seq - 1,
      seq,
      balance,
      used: NO_QUANTITY,
      lowest: least(lifted(step.lowest), balance),
      highest: most(lifted(step.highest), balance),
      campaignLowest: campaign,
      refusedRequired: step.refusedRequired,
    };
  }

  function isQuiet(slice: UsageSlice): boolean {
    const { alertArmed, depletedArmed, want } = state.wallets[wallet];
    const { enabled, alertBelow, topUpBelow } = settings;
    if (slice.refusedRequired !== null) return false;
    if (depletedArmed ? slice.lowest <= 0 : slice.highest > 0) return false;
    if (!enabled) return true;
    if (alertArmed ? slice.lowest < alertBelow : slice.highest >= alertBelow) return false;
    if (want !== null) return slice.highest < topUpBelow;
    if (wallet === 'chat_credits') return slice.lowest >= topUpBelow;
    return slice.campaignLowest === null || slice.campaignLowest >= topUpBelow;
  }

  function hear(event: Event): void {
    inputs += 1;
    const topUpIds = forEachWallet((each) => topUpId(each, `replay-${inputs}`));
    const decided = decide(state, { ...event, topUpIds }, nowMs);
    state = decided.state;
    for (const command of decided.commands) perform(command);
  }

  function perform(command: Command): void {
    switch (command.kind) {
      case 'read_account':
        return hear({ kind: 'account_read', snapshot: snapshot(command.since), policy });
      case 'notify':
        return watcher.told(command.request, nowMs);
      case 'charge': {
        const { order } = command;
        orders.set(order.topUpId, order);
        started.push({ atMs: nowMs, amountCents: order.amountCents });
        watcher.charged(order, nowMs);
        return hear({ kind: 'charged', wallet, topUpId: order.topUpId, outcome: { status: 'paid' } });
      }
      case 'credit': {
        const order = orders.get(command.topUpId);
        if (order === undefined) throw new Error(`${command.topUpId} was never charged`);
        balance = addQuantity(balance, order.quantity);
        credited = addQuantity(credited, order.quantity);
        seq += 1;
        if (balance >= settings.topUpBelow) campaignLowest = null;
        return hear({ kind: 'credited', wallet, topUpId: order.topUpId, seq, balance });
      }
      case 'sync_customer':
      case 'look_up':
      case 'close':
      case 'defer':
      case 'reverse':
        throw new Error(`${command.kind}, although every charge succeeds`);
    }
  }

  function snapshot(since: Readonly<Record<Wallet, number>> | null) {
    const level = { balance, lowest: balance, highest: balance };
    const watched: WalletSnapshot = {
      fromSeq: since?.[wallet] ?? seq,
      seq,
      used: NO_QUANTITY,
      ...level,
      campaignLowest,
      refusedRequired: null,
      // Settings that are saved arm their alert; who has nothing has run out before.
      alertArmed: true,
      depletedArmed: balance > 0,
      settings,
      ...spending(),
      openTopUp: null,
    };
    return {
      accountId: state.accountId,
      plan: 'flex' as const,
      prices: beginning.prices,
      customerId: 'replay',
      suspension: null,
      failuresInRow: 0,
      untold: [],
      wallets: forEachWallet((each) => (each === wallet ? watched : nothing(watched))),
    };
  }

  function spending() {
    const { monthStartsMs } = beginning;
    const startsAtMs = monthStartsMs.findLast((atMs) => atMs <= nowMs) ?? Number.NEGATIVE_INFINITY;
    const monthEndsAtMs = monthStartsMs.find((atMs) => atMs > nowMs) ?? Number.MAX_SAFE_INTEGER;
    const ofMonth = started.filter(({ atMs }) => atMs >= startsAtMs);
    return {
      monthEndsAtMs,
      spentThisMonthCents: cents(ofMonth.reduce((sum, { amountCents }) => sum + amountCents, 0)),
      recentTopUpsAtMs: started.map(({ atMs }) => atMs).filter((atMs) => atMs > nowMs - policy.dayMs),
    };
  }
}

/** The other wallet, of which no rule of this one reads anything. */
function nothing(watched: WalletSnapshot): WalletSnapshot {
  const level = { balance: NO_QUANTITY, lowest: NO_QUANTITY, highest: NO_QUANTITY };
  return {
    ...watched,
    ...level,
    fromSeq: 0,
    seq: 0,
    campaignLowest: null,
    depletedArmed: false,
    settings: null,
    spentThisMonthCents: NO_CENTS,
    recentTopUpsAtMs: [],
  };
}

function joined(first: UsageSlice, then: UsageSlice): UsageSlice {
  return {
    ...then,
    fromSeq: first.fromSeq,
    lowest: least(first.lowest, then.lowest),
    highest: most(first.highest, then.highest),
  };
}

function least(one: Quantity, other: Quantity): Quantity {
  return one < other ? one : other;
}

function most(one: Quantity, other: Quantity): Quantity {
  return one > other ? one : other;
}
