import { bookUsage, tellingDelayMs, type UsageEvent } from '../../db/book-usage.ts';
import { initialState, type AccountSnapshot, type UsageSlice } from '../../domain/account-state.ts';
import type { Command, Event } from '../../domain/commands.ts';
import { decide } from '../../domain/decide.ts';
import { topUpId } from '../../domain/ids.ts';
import { nextWakeAtMs } from '../../domain/next-wake.ts';
import { NO_CENTS } from '../../domain/money.ts';
import type { Policy } from '../../domain/policy.ts';
import { PRICES } from '../../domain/prices.ts';
import { addQuantity, NO_QUANTITY, type Quantity } from '../../domain/quantities.ts';
import { attributesOf } from '../../domain/story.ts';
import type { TopUpOrder } from '../../domain/top-up.ts';
import { forEachWallet, WALLETS, type Wallet } from '../../domain/wallet.ts';
import type { ModelAccount } from './model.ts';

/** What an account comes to. */
export type Tally = {
  events: number;
  /** Ledger entries: usage and credits. */
  entries: number;
  signals: number;
  activities: number;
  timers: number;
  attributeUpdates: number;
  /** Starts, continue-as-new included. */
  runs: number;
  topUps: number;
  alerts: number;
  mails: number;
  /** Net cents that were charged. */
  chargedCents: number;
};

/** How long the parts take, in milliseconds: of these the number of signals hardly depends. */
export type Delays = {
  readonly relay: number;
  readonly read: number;
  readonly charge: number;
  readonly credit: number;
};

const DELAYS: Delays = { relay: 100, read: 30, charge: 2_000, credit: 50 };

/** Of a signal or an activity in a workflow's history: itself and the workflow task that follows. */
const HISTORY_PER_SIGNAL = 4;
const HISTORY_PER_ACTIVITY = 6;
const FAR = Number.MAX_SAFE_INTEGER;

type Line = {
  balance: Quantity;
  seq: number;
  slice: UsageSlice;
  /** A campaign has gone below the top-up value since the balance was last there. */
  campaignBelow: boolean;
};

/** One account in simulated time: its ledger and its wake as the database keeps them, and its workflow with the real
 *  `decide()`; activities succeed after their usual time. */
export class SimulatedAccount {
  readonly tally: Tally;
  private state;
  private readonly lines: Record<Wallet, Line>;
  private version = 0;
  private wakeAtMs = FAR;
  private tickAtMs = FAR;
  private results: { atMs: number; event: () => Event }[] = [];
  private recent: Record<Wallet, number[]> = forEachWallet(() => []);
  private orders: Record<Wallet, TopUpOrder | null> = forEachWallet(() => null);
  private attributes = '';
  private history = 0;
  private topUpNumber = 0;
  private readonly model: ModelAccount;
  private readonly policy: Policy;
  private readonly delays: Delays;

  constructor(model: ModelAccount, policy: Policy, delays: Delays = DELAYS) {
    this.model = model;
    this.policy = policy;
    this.delays = delays;
    this.state = initialState(model.accountId);
    this.lines = forEachWallet((wallet) => {
      const balance = model.startBalance[wallet];
      return { balance, seq: 1, slice: emptySlice(1, balance), campaignBelow: false };
    });
    this.tally = {
      events: 0,
      entries: 0,
      signals: 0,
      activities: 0,
      timers: 0,
      attributeUpdates: 0,
      runs: 1,
      topUps: 0,
      alerts: 0,
      mails: 0,
      chargedCents: 0,
    };
    this.hear({ kind: 'account_read', snapshot: this.snapshot(), policy }, 0);
    // What made the account known belongs to its past.
    Object.assign(this.tally, { activities: 0, timers: 0, attributeUpdates: 0, alerts: 0, mails: 0 });
  }

  /** Takes an event at its time; what was due before it happens first. */
  use(event: UsageEvent): void {
    this.advance(event.occurredAtMs);
    const { accountId } = this.model;
    const line = this.lines[event.wallet];
    const settings = this.model.settings[event.wallet];
    const thresholds = { ...settings, campaignBelow: line.campaignBelow };
    const { balance, seq } = line;
    const wallet = { accountId, wallet: event.wallet, balance, seq, campaignSeq: 0, thresholds };
    const { entries, accounts } = bookUsage([event], [wallet], new Map(), this.policy);
    const [entry] = entries;
    if (entry === undefined) throw new Error('a new event is always booked');
    this.tally.events += 1;
    this.append(event.wallet, entry.balanceAfter, event.quantity, event.source === 'campaign');
    const delayMs = tellingDelayMs(accounts[0]?.telling ?? 'in_time', this.policy);
    this.wakeAtMs = Math.min(this.wakeAtMs, event.occurredAtMs + delayMs + this.delays.relay);
  }

  /** Lets everything happen that is due until then. */
  advance(untilMs: number): void {
    for (;;) {
      const [next] = this.results;
      const resultAtMs = next?.atMs ?? FAR;
      const atMs = Math.min(this.wakeAtMs, resultAtMs, this.tickAtMs);
      if (atMs > untilMs) return;
      if (next !== undefined && atMs === resultAtMs) {
        this.results.shift();
        this.hear(next.event(), atMs);
      } else if (atMs === this.wakeAtMs) this.signal(atMs);
      else this.hear({ kind: 'tick' }, atMs);
    }
  }

  private append(wallet: Wallet, balance: Quantity, used: number, isCampaign: boolean): void {
    const line = this.lines[wallet];
    const { slice } = line;
    const isFirst = slice.seq === slice.fromSeq;
    line.balance = balance;
    line.seq += 1;
    this.tally.entries += 1;
    slice.seq = line.seq;
    slice.balance = balance;
    slice.used = addQuantity(slice.used, used as Quantity);
    slice.lowest = isFirst || balance < slice.lowest ? balance : slice.lowest;
    slice.highest = isFirst || balance > slice.highest ? balance : slice.highest;
    const { topUpBelow } = this.model.settings[wallet];
    line.campaignBelow = balance < topUpBelow && (line.campaignBelow || isCampaign);
    if (isCampaign && (slice.campaignLowest === null || balance < slice.campaignLowest)) {
      slice.campaignLowest = balance;
    }
  }

  /** Cuts the slices as the relay does, and tells the workflow. */
  private signal(atMs: number): void {
    this.wakeAtMs = FAR;
    this.version += 1;
    this.tally.signals += 1;
    this.history += HISTORY_PER_SIGNAL;
    const wallets: Partial<Record<Wallet, UsageSlice>> = {};
    for (const wallet of WALLETS) {
      const line = this.lines[wallet];
      if (line.slice.seq === line.slice.fromSeq) continue;
      wallets[wallet] = line.slice;
      line.slice = emptySlice(line.seq, line.balance);
    }
    this.hear({ kind: 'usage', signal: { version: this.version, wallets } }, atMs);
  }

  private hear(event: Event, nowMs: number): void {
    const topUpIds = forEachWallet((wallet) =>
      topUpId(wallet, `${this.model.accountId}-${this.topUpNumber}`),
    );
    const { state, commands } = decide(this.state, { ...event, topUpIds }, nowMs);
    this.state = state;
    for (const command of commands) this.perform(command, nowMs);
    this.publish();
    const nextMs = nextWakeAtMs(state, nowMs);
    if (nextMs !== null) this.tally.timers += 1;
    this.tickAtMs = nextMs ?? FAR;
    if (this.history < this.policy.historyEventsMax) return;
    this.history = 0;
    this.tally.runs += 1;
  }

  private perform(command: Command, nowMs: number): void {
    const { delays, tally } = this;
    this.history += HISTORY_PER_ACTIVITY;
    tally.activities += 1;
    switch (command.kind) {
      case 'read_account':
        return this.later(nowMs + delays.read, () => ({
          kind: 'account_read',
          snapshot: this.snapshot(),
          policy: this.policy,
        }));
      case 'charge': {
        const { wallet, order } = command;
        this.topUpNumber += 1;
        this.orders[wallet] = order;
        this.recent[wallet].push(nowMs);
        tally.topUps += 1;
        tally.chargedCents += order.amountCents;
        return this.later(nowMs + delays.charge, () => ({
          kind: 'charged',
          wallet,
          topUpId: order.topUpId,
          outcome: { status: 'paid' },
        }));
      }
      case 'credit':
        return this.credit(command.wallet, nowMs + delays.credit);
      case 'notify':
        if (command.request.kind === 'balance.alert') tally.alerts += 1;
        // The dashboard first, then the mail.
        tally.activities += 1;
        tally.mails += 1;
        this.history += HISTORY_PER_ACTIVITY;
        return;
      case 'sync_customer':
      case 'look_up':
      case 'close':
      case 'defer':
      case 'reverse':
        throw new Error(`the model has no ${command.kind}`);
    }
  }

  private credit(wallet: Wallet, atMs: number): void {
    this.later(atMs, () => {
      const order = this.orders[wallet];
      if (order === null) throw new Error('what is credited was ordered');
      const balance = addQuantity(this.lines[wallet].balance, order.quantity);
      this.append(wallet, balance, 0, false);
      this.orders[wallet] = null;
      this.wakeAtMs = Math.min(this.wakeAtMs, atMs + this.delays.relay);
      return { kind: 'credited', wallet, topUpId: order.topUpId, seq: this.lines[wallet].seq, balance };
    });
  }

  private later(atMs: number, event: () => Event): void {
    this.results.push({ atMs, event });
    this.results.sort((one, other) => one.atMs - other.atMs);
  }

  private publish(): void {
    const text = JSON.stringify(attributesOf(this.state));
    if (text === this.attributes) return;
    this.attributes = text;
    this.tally.attributeUpdates += 1;
  }

  /** What a read finds: the ledger up to the last slice that was cut. */
  private snapshot(): AccountSnapshot {
    return {
      accountId: this.model.accountId,
      plan: 'scale',
      prices: PRICES.scale,
      customerId: 'cus',
      suspension: null,
      failuresInRow: 0,
      untold: [],
      wallets: forEachWallet((wallet) => {
        const { slice, balance } = this.lines[wallet];
        const level = this.state.known ? this.state.wallets[wallet].balance : balance;
        return {
          ...emptySlice(slice.fromSeq, level),
          alertArmed: true,
          depletedArmed: true,
          settings: this.model.settings[wallet],
          spentThisMonthCents: NO_CENTS,
          monthEndsAtMs: FAR,
          recentTopUpsAtMs: [...this.recent[wallet]],
          openTopUp: null,
        };
      }),
    };
  }
}

function emptySlice(seq: number, balance: Quantity): UsageSlice {
  return {
    fromSeq: seq,
    seq,
    balance,
    used: NO_QUANTITY,
    lowest: balance,
    highest: balance,
    campaignLowest: null,
    refusedRequired: null,
  };
}

/** Actions that Temporal Cloud bills: starts, signals, activities, timers and updates of search attributes. */
export function actionsOf({ signals, activities, timers, attributeUpdates, runs }: Tally): number {
  return signals + activities + timers + attributeUpdates + runs;
}
