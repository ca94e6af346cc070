import type {
  AccountSnapshot,
  ChargeOutcome,
  Closing,
  OpenTopUp,
  Suspension,
  UsageSlice,
  WalletSnapshot,
} from '../../domain/account-state.ts';
import type { AccountId, TopUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import type { Policy } from '../../domain/policy.ts';
import { PRICES } from '../../domain/prices.ts';
import { alertVersionAfter, type Settings, type SettingsChoice } from '../../domain/settings.ts';
import {
  OPEN_TOP_UP_STATES,
  type OpenTopUpState,
  type TopUpOrder,
  type TopUpState,
  type Warrant,
} from '../../domain/top-up.ts';
import type { RefreshReason, UsageSignal, WakeMessage } from '../../domain/wakes.ts';
import { forEachWallet, WALLETS, type Wallet } from '../../domain/wallet.ts';
import { consequenceOf } from '../../domain/holds.ts';
import { quantity } from '../../domain/quantities.ts';
import { createLedger, least, type Hold, type Ledger } from './world-ledger.ts';
import { createNotices, type Saving } from './world-notices.ts';

export type StoredTopUp = {
  order: TopUpOrder;
  state: TopUpState;
  attempt: number;
  /** The card of the last attempt. */
  card: string | null;
  declines: number;
  nextAttemptAtMs: number | null;
  outcomes: Map<number, ChargeOutcome>;
  createdAtMs: number;
  closedAtMs: number | null;
  creditSeq: number | null;
  cancelRequested: boolean;
  /** What the limits said when the intent was recorded. */
  limits: { spentCents: number; capCents: number | null; startsOfTheDay: number };
};

/** The database as the activities see it. A trusting one does not judge a warrant again, so that what the caps
 *  and thresholds allow rests on the decision alone; an honest one does. */
export function createDatabase(
  accountId: AccountId,
  { policy, trusting, clock }: { policy: Policy; trusting: boolean; clock: () => number },
) {
  const ledgers: Record<Wallet, Ledger> = forEachWallet(createLedger);
  const saved: Record<Wallet, { settings: Settings; seq: number } | null> = forEachWallet(() => null);
  const savings: Saving[] = [];
  const topUps: StoredTopUp[] = [];
  const notices = createNotices({ ledgers, savings, trusting, clock });
  const wake = {
    version: 0,
    dirty: false,
    refresh: new Set<RefreshReason>(),
    cutSeq: forEachWallet(() => 0),
    outstanding: null as WakeMessage | null,
  };
  const account = {
    customerId: null as string | null,
    suspension: null as Suspension | null,
    card: 'card_1',
    /** The card that a suspension is about. */
    suspendedCard: null as string | null,
    forgivenAtMs: 0,
  };

  const database = {
    ledgers,
    saved,
    savings,
    topUps,
    told: notices.told,
    tell: notices.tell,
    account,
    wake,

    mark(reason: RefreshReason | null): void {
      wake.version += 1;
      wake.dirty = true;
      if (reason !== null) wake.refresh.add(reason);
    },

    save(wallet: Wallet, choice: SettingsChoice): void {
      const previous = saved[wallet]?.settings ?? null;
      const version = (previous?.version ?? 0) + 1;
      const alertVersion = alertVersionAfter(previous, choice, version);
      const settings = { ...choice, version, alertVersion };
      saved[wallet] = { settings, seq: ledgers[wallet].seq() };
      savings.push({ wallet, settings });
      database.mark('settings');
    },

    /** A campaign asks for a hold of call minutes; the account is only woken when something can follow. */
    placeHold(units: number): 'held' | 'refused' {
      const ledger = ledgers.call_minutes;
      const balance = ledger.balance();
      const available = quantity(balance - ledger.held());
      const state = units <= available ? 'held' : 'refused';
      const settings = saved.call_minutes?.settings;
      ledger.holds.push({
        seq: ledger.seq(),
        balance,
        quantity: quantity(units),
        available,
        state,
        settings,
        topUpsBefore: topUps.length,
      });
      const [open] = database.open('call_minutes');
      const consequence = consequenceOf(
        state === 'refused',
        {
          wallet: 'call_minutes',
          balance,
          settings: settings ?? null,
          prices: PRICES.scale,
          openTopUp: open === undefined ? null : toOpenTopUp(open),
          suspension: account.suspension,
          cardOnFile: true,
          blockedBy: null,
          spentThisMonthCents: cents(database.spentThisMonth('call_minutes')),
          monthEndsAtMs: monthOf(clock()).endMs,
          recentTopUpsAtMs: database.startsOfTheDay('call_minutes'),
        },
        clock(),
        policy,
      );
      if (consequence !== 'nothing' && (consequence !== 'open' || state === 'refused')) database.mark(null);
      return state;
    },

    /** What the campaign's holds of a wallet ask for up to an entry. */
    askedByHolds: (wallet: Wallet, fromSeq: number, seq: number) =>
      ledgers[wallet].askedByHolds(fromSeq, seq, saved[wallet], isAnswered),

    /** Cuts what is new into a message that stays as it is until it is acknowledged. */
    claim(): WakeMessage | null {
      if (wake.outstanding !== null) return wake.outstanding;
      if (!wake.dirty) return null;
      const wallets: UsageSignal['wallets'] = {};
      for (const wallet of WALLETS) {
        const ledger = ledgers[wallet];
        const slice = withHolds(wallet, ledger.slice(wake.cutSeq[wallet], ledger.seq()), wake.cutSeq[wallet]);
        const isAsked = slice.campaignLowest !== null || slice.refusedRequired !== null;
        if (slice.seq > slice.fromSeq || isAsked) wallets[wallet] = slice;
        wake.cutSeq[wallet] = slice.seq;
      }
      const { version } = wake;
      wake.outstanding =
        wake.refresh.size > 0
          ? { kind: 'refresh', signal: { version, reasons: [...wake.refresh] } }
          : { kind: 'usage', signal: { version, wallets } };
      wake.refresh.clear();
      return wake.outstanding;
    },

    acknowledge(): void {
      if (wake.outstanding === null) return;
      wake.dirty = wake.version > wake.outstanding.signal.version;
      wake.outstanding = null;
    },

    readSnapshot(since: Record<Wallet, number> | null): AccountSnapshot {
      return {
        accountId,
        plan: 'scale',
        prices: PRICES.scale,
        customerId: account.customerId,
        suspension: account.suspension,
        resumedAtMs: account.forgivenAtMs,
        failuresInRow: database.failuresInRow(),
        untold: [],
        wallets: forEachWallet((wallet) => readWallet(wallet, since?.[wallet] ?? null)),
      };
    },

    find: (topUpId: TopUpId): StoredTopUp | null =>
      topUps.find((topUp) => topUp.order.topUpId === topUpId) ?? null,

    open: (wallet: Wallet): StoredTopUp[] =>
      topUps.filter((topUp) => topUp.order.wallet === wallet && isOpen(topUp.state)),

    /** Every start of an automatic top-up within the last day, whatever became of it. */
    startsOfTheDay: (wallet: Wallet): number[] =>
      autos(wallet)
        .filter(({ createdAtMs }) => createdAtMs > clock() - policy.dayMs)
        .map(({ createdAtMs }) => createdAtMs),

    spentThisMonth: (wallet: Wallet): number =>
      autos(wallet)
        .filter(({ state, createdAtMs }) => counts(state) && createdAtMs >= monthOf(clock()).startMs)
        .reduce((sum, { order }) => sum + order.amountCents, 0),

    /** Automatic top-ups that failed since the last credit or resumption. */
    failuresInRow: (): number =>
      topUps.filter(
        ({ order, state, closedAtMs }) =>
          order.trigger === 'auto' && state === 'failed' && (closedAtMs ?? 0) > account.forgivenAtMs,
      ).length,

    /** @returns null when it was recorded or had been before; otherwise why it was not. */
    recordIntent(order: TopUpOrder): Extract<ChargeOutcome, { status: 'not_needed' }> | null {
      if (database.find(order.topUpId) !== null) return null;
      const reason = refusalOf(order);
      if (reason !== null) {
        const settingsVersion = saved[order.wallet]?.settings.version ?? 0;
        return { status: 'not_needed', reason, seq: ledgers[order.wallet].seq(), settingsVersion };
      }
      const limits = {
        spentCents: database.spentThisMonth(order.wallet),
        capCents: saved[order.wallet]?.settings.monthlyCapCents ?? null,
        startsOfTheDay: database.startsOfTheDay(order.wallet).length,
      };
      topUps.push({
        order,
        state: 'pending',
        attempt: 0,
        card: null,
        declines: 0,
        nextAttemptAtMs: null,
        outcomes: new Map(),
        createdAtMs: clock(),
        closedAtMs: null,
        creditSeq: null,
        cancelRequested: false,
        limits,
      });
      return null;
    },

    /** @returns the outcome that the attempt has, or `recovered`; null when it may begin.
     *  @throws Error for an attempt that is neither the last one nor the next. */
    beginAttempt(topUp: StoredTopUp, attempt: number): ChargeOutcome | null {
      const known = topUp.outcomes.get(attempt);
      if (known !== undefined) return known;
      if (attempt === topUp.attempt) return null;
      if (attempt !== topUp.attempt + 1) {
        throw new Error(`${topUp.order.topUpId}: attempt ${attempt} after ${topUp.attempt}`);
      }
      if (topUp.cancelRequested || hasRecovered(topUp)) return { status: 'recovered' };
      topUp.attempt = attempt;
      topUp.card = account.card;
      topUp.state = 'charging';
      topUp.nextAttemptAtMs = null;
      return null;
    },

    /** A decline leaves the top-up `charging`: what follows from it is stored by `markWaiting`. */
    finishAttempt(topUp: StoredTopUp, attempt: number, outcome: ChargeOutcome): void {
      if (outcome.status === 'unknown') {
        if (isOpen(topUp.state) && topUp.state !== 'paid') topUp.state = 'unknown';
        return;
      }
      if (topUp.outcomes.has(attempt)) return;
      topUp.outcomes.set(attempt, outcome);
      if (outcome.status === 'paid') database.markPaid(topUp);
      if (outcome.status === 'action_required' && isOpen(topUp.state)) topUp.state = 'action_required';
    },

    markPaid(topUp: StoredTopUp): void {
      if (isOpen(topUp.state)) topUp.state = 'paid';
    },

    markWaiting(topUpId: TopUpId, state: OpenTopUpState, nextAttemptAtMs: number): void {
      const topUp = database.find(topUpId);
      if (topUp === null || topUp.state === 'paid' || !isOpen(topUp.state)) return;
      topUp.state = state;
      topUp.nextAttemptAtMs = nextAttemptAtMs;
      topUp.declines = [...topUp.outcomes.values()].filter(({ status }) => status === 'declined').length;
    },

    close(topUp: StoredTopUp, closing: Closing): void {
      if (topUp.state === 'paid' || !isOpen(topUp.state)) return;
      topUp.state = closing.state;
      topUp.closedAtMs = clock();
      if (closing.suspend === null || account.suspension !== null) return;
      account.suspension = { reason: closing.suspend, sinceMs: clock() };
      account.suspendedCard = topUp.card ?? account.card;
      database.mark('customer');
    },

    /** Stores the card on file. @returns whether it lifts the suspension that another one has caused. */
    saveCard(card: string): boolean {
      if (card !== account.card) {
        const waiting = topUps.filter(({ state }) => state === 'retrying');
        for (const topUp of waiting) topUp.nextAttemptAtMs = clock();
        if (waiting.length > 0) database.mark('account');
      }
      account.card = card;
      const { suspension } = account;
      const isOfCard = suspension?.reason === 'repeated_failures' || suspension?.reason === 'hard_decline';
      if (!isOfCard || account.suspendedCard === card) return false;
      account.suspension = null;
      account.forgivenAtMs = clock();
      database.mark('customer');
      return true;
    },

    /** Adds the credit once. @returns its entry. */
    credit(topUp: StoredTopUp): { seq: number; balance: WalletSnapshot['balance'] } {
      const ledger = ledgers[topUp.order.wallet];
      if (topUp.creditSeq === null) {
        if (topUp.state !== 'paid') throw new Error(`${topUp.order.topUpId} is credited without a payment`);
        topUp.creditSeq = ledger.append(topUp.order.quantity, null).seq;
        topUp.state = 'credited';
        if (topUp.order.trigger === 'auto') account.forgivenAtMs = clock();
        database.mark(null);
      }
      return { seq: topUp.creditSeq, balance: ledger.balance(topUp.creditSeq) };
    },
  };
  return database;

  function isAnswered(hold: Hold): boolean {
    return topUps.slice(hold.topUpsBefore).some(({ order: { wallet, warrant }, creditSeq }) => {
      const isForRefusal = wallet === 'call_minutes' && warrant?.cause === 'refusal';
      return isForRefusal && creditSeq !== null && warrant.target >= hold.quantity;
    });
  }

  function withHolds<Slice extends UsageSlice>(wallet: Wallet, slice: Slice, fromSeq: number): Slice {
    const { campaignLowest, refusedRequired } = database.askedByHolds(wallet, fromSeq, slice.seq);
    const lowest = [slice.campaignLowest, campaignLowest].filter((balance) => balance !== null);
    return { ...slice, campaignLowest: least(lowest), refusedRequired };
  }

  /** The balance that a warrant asks for as things stand. */
  function targetNow(wallet: Wallet, warrant: Warrant | null, { topUpBelow }: SettingsChoice): number {
    if (warrant?.cause !== 'refusal') return warrant?.target ?? topUpBelow;
    const { refusedRequired } = database.askedByHolds(wallet, 0, ledgers[wallet].seq());
    return Math.max(topUpBelow, Math.min(warrant.target, refusedRequired ?? topUpBelow));
  }

  function autos(wallet: Wallet): StoredTopUp[] {
    return topUps.filter(({ order }) => order.wallet === wallet && order.trigger === 'auto');
  }

  function readWallet(wallet: Wallet, since: number | null): WalletSnapshot {
    const ledger = ledgers[wallet];
    const seq = wake.cutSeq[wallet];
    const settings = saved[wallet]?.settings ?? null;
    const seen =
      since === null
        ? ledger.firstSight(seq, saved[wallet], notices.lastTold(wallet, settings?.alertVersion ?? 0))
        : {
            ...ledger.slice(since, seq),
            campaignLowest: ledger.campaignLowestSinceRecovery(seq, saved[wallet]),
            alertArmed: settings === null || ledger.balance(seq) >= settings.alertBelow,
            depletedArmed: ledger.balance(seq) > 0,
          };
    const sight = withHolds(wallet, seen, 0);
    const [open] = database.open(wallet);
    return {
      ...sight,
      settings,
      spentThisMonthCents: cents(database.spentThisMonth(wallet)),
      monthEndsAtMs: monthOf(clock()).endMs,
      recentTopUpsAtMs: database.startsOfTheDay(wallet),
      openTopUp: open === undefined ? null : toOpenTopUp(open),
    };
  }

  function hasRecovered({ order: { trigger, wallet, warrant } }: StoredTopUp): boolean {
    const settings = saved[wallet]?.settings;
    if (trigger !== 'auto') return false;
    if (settings?.enabled !== true || account.suspension !== null) return true;
    const needed = warrant?.cause === 'refusal' ? targetNow(wallet, warrant, settings) : settings.topUpBelow;
    if (ledgers[wallet].balance() >= needed) return true;
    const { monthlyCapCents } = settings;
    return monthlyCapCents !== null && database.spentThisMonth(wallet) > monthlyCapCents;
  }

  function refusalOf(order: TopUpOrder): Extract<ChargeOutcome, { status: 'not_needed' }>['reason'] | null {
    const { wallet, warrant, amountCents } = order;
    const settings = saved[wallet]?.settings;
    if (warrant === null) return null;
    if (settings?.enabled !== true || settings.version !== warrant.settingsVersion) return 'settings_changed';
    const open = database.open(wallet);
    if (trusting) return open.some((topUp) => topUp.order.trigger !== 'auto') ? 'in_flight' : null;
    if (account.suspension !== null) return 'suspended';
    if (ledgers[wallet].balance() >= targetNow(wallet, warrant, settings)) return 'balance_recovered';
    if (open.length > 0) return 'in_flight';
    const { monthlyCapCents } = settings;
    if (monthlyCapCents !== null && database.spentThisMonth(wallet) + amountCents > monthlyCapCents) {
      return 'monthly_cap';
    }
    return database.startsOfTheDay(wallet).length >= policy.maxTopUpsPerDay ? 'daily_limit' : null;
  }
}

export type Database = ReturnType<typeof createDatabase>;

export function isOpen(state: TopUpState): state is OpenTopUpState {
  const open: readonly TopUpState[] = OPEN_TOP_UP_STATES;
  return open.includes(state);
}

function counts(state: TopUpState): boolean {
  return state !== 'failed' && state !== 'canceled';
}

function toOpenTopUp({ state, cancelRequested, ...topUp }: StoredTopUp): OpenTopUp | null {
  const { order, attempt, declines, nextAttemptAtMs } = topUp;
  if (!isOpen(state)) return null;
  const open = { order, state, attempt, declines, failure: null, nextAttemptAtMs };
  return cancelRequested ? { ...open, cancelRequested } : open;
}

/** Calendar months in UTC: the account of the world lives in London. */
function monthOf(atMs: number): { startMs: number; endMs: number } {
  const at = new Date(atMs);
  return {
    startMs: Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1),
    endMs: Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1),
  };
}
