import type {
  AccountSnapshot,
  ChargeOutcome,
  Closing,
  OpenTopUp,
  Suspension,
  WalletSnapshot,
} from '../../domain/account-state.ts';
import type { NoticeRequest } from '../../domain/commands.ts';
import type { AccountId, TopUpId } from '../../domain/ids.ts';
import { cents } from '../../domain/money.ts';
import { noticeCause } from '../../domain/notices.ts';
import type { Policy } from '../../domain/policy.ts';
import { PRICES } from '../../domain/prices.ts';
import { alertVersionAfter, type Settings, type SettingsChoice } from '../../domain/settings.ts';
import {
  OPEN_TOP_UP_STATES,
  type OpenTopUpState,
  type TopUpOrder,
  type TopUpState,
} from '../../domain/top-up.ts';
import type { RefreshReason, UsageSignal, WakeMessage } from '../../domain/wakes.ts';
import { forEachWallet, WALLETS, type Wallet } from '../../domain/wallet.ts';
import { createLedger, type Ledger } from './world-ledger.ts';

export type StoredTopUp = {
  order: TopUpOrder;
  state: TopUpState;
  attempt: number;
  declines: number;
  nextAttemptAtMs: number | null;
  outcomes: Map<number, ChargeOutcome>;
  createdAtMs: number;
  closedAtMs: number | null;
  creditSeq: number | null;
  /** What the limits said when the intent was recorded. */
  limits: { spentCents: number; capCents: number | null; startsOfTheDay: number };
};

export type Told = { request: NoticeRequest; atMs: number };

/** The database as the activities see it. A trusting one does not judge a warrant again, so that what the caps
 *  and thresholds allow rests on the decision alone; an honest one does. */
export function createDatabase(
  accountId: AccountId,
  { policy, trusting, clock }: { policy: Policy; trusting: boolean; clock: () => number },
) {
  const ledgers: Record<Wallet, Ledger> = forEachWallet(createLedger);
  const saved: Record<Wallet, { settings: Settings; seq: number } | null> = forEachWallet(() => null);
  const savings: { wallet: Wallet; settings: Settings }[] = [];
  const topUps: StoredTopUp[] = [];
  const told: Told[] = [];
  const causes = new Set<string>();
  const wake = {
    version: 0,
    dirty: false,
    refresh: new Set<RefreshReason>(),
    cutSeq: forEachWallet(() => 0),
    cutRefusals: forEachWallet(() => 0),
    outstanding: null as WakeMessage | null,
  };
  const account = {
    customerId: null as string | null,
    suspension: null as Suspension | null,
    forgivenAtMs: 0,
  };

  const database = {
    ledgers,
    saved,
    savings,
    topUps,
    told,
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

    /** Cuts what is new into a message that stays as it is until it is acknowledged. */
    claim(): WakeMessage | null {
      if (wake.outstanding !== null) return wake.outstanding;
      if (!wake.dirty) return null;
      const wallets: UsageSignal['wallets'] = {};
      for (const wallet of WALLETS) {
        const ledger = ledgers[wallet];
        const refused = ledger.refusals.slice(wake.cutRefusals[wallet]);
        const slice = ledger.slice(wake.cutSeq[wallet], ledger.seq(), refused);
        if (slice.seq > slice.fromSeq || refused.length > 0) wallets[wallet] = slice;
        wake.cutSeq[wallet] = slice.seq;
        wake.cutRefusals[wallet] = ledger.refusals.length;
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
        failuresInRow: database.failuresInRow(),
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
        declines: 0,
        nextAttemptAtMs: null,
        outcomes: new Map(),
        createdAtMs: clock(),
        closedAtMs: null,
        creditSeq: null,
        limits,
      });
      return null;
    },

    /** @returns the outcome that the attempt has, or `recovered`; null when it may begin. */
    beginAttempt(topUp: StoredTopUp, attempt: number): ChargeOutcome | null {
      const known = topUp.outcomes.get(attempt);
      if (known !== undefined) return known;
      const { trigger, wallet, warrant } = topUp.order;
      if (trigger === 'auto' && attempt > topUp.attempt) {
        const isRecovered = warrant !== null && ledgers[wallet].balance() >= warrant.target;
        if (isRecovered || saved[wallet]?.settings.enabled !== true) return { status: 'recovered' };
      }
      topUp.attempt = Math.max(topUp.attempt, attempt);
      topUp.state = 'charging';
      topUp.nextAttemptAtMs = null;
      return null;
    },

    finishAttempt(topUp: StoredTopUp, attempt: number, outcome: ChargeOutcome): void {
      if (outcome.status === 'unknown') {
        topUp.state = 'unknown';
        return;
      }
      if (topUp.outcomes.has(attempt)) return;
      topUp.outcomes.set(attempt, outcome);
      topUp.nextAttemptAtMs = null;
      if (outcome.status === 'declined') topUp.declines += 1;
      if (outcome.status === 'declined') topUp.state = 'retrying';
      if (outcome.status === 'action_required') topUp.state = 'action_required';
      if (outcome.status === 'paid') database.markPaid(topUp);
    },

    markPaid(topUp: StoredTopUp): void {
      if (isOpen(topUp.state)) topUp.state = 'paid';
    },

    markWaiting(topUpId: TopUpId, state: OpenTopUpState, nextAttemptAtMs: number): void {
      const topUp = database.find(topUpId);
      if (topUp === null || topUp.state === 'paid' || !isOpen(topUp.state)) return;
      topUp.state = state;
      topUp.nextAttemptAtMs = nextAttemptAtMs;
    },

    close(topUp: StoredTopUp, closing: Closing): void {
      if (topUp.state === 'paid' || !isOpen(topUp.state)) return;
      topUp.state = closing.state;
      topUp.closedAtMs = clock();
      if (closing.suspend !== null) account.suspension ??= { reason: closing.suspend, sinceMs: clock() };
    },

    /** Adds the credit once. @returns its entry. */
    credit(topUp: StoredTopUp): { seq: number; balance: WalletSnapshot['balance'] } {
      const ledger = ledgers[topUp.order.wallet];
      if (topUp.creditSeq === null) {
        if (topUp.state !== 'paid') throw new Error(`${topUp.order.topUpId} is credited without a payment`);
        topUp.creditSeq = ledger.append(topUp.order.quantity, null).seq;
        topUp.state = 'credited';
        account.forgivenAtMs = clock();
        database.mark(null);
      }
      return { seq: topUp.creditSeq, balance: ledger.balance(topUp.creditSeq) };
    },

    tell(request: NoticeRequest): void {
      const cause = noticeCause(request);
      if (causes.has(cause) || (!trusting && isToldAlready(request))) return;
      causes.add(cause);
      told.push({ request, atMs: clock() });
    },
  };
  return database;

  function autos(wallet: Wallet): StoredTopUp[] {
    return topUps.filter(({ order }) => order.wallet === wallet && order.trigger === 'auto');
  }

  function readWallet(wallet: Wallet, since: number | null): WalletSnapshot {
    const ledger = ledgers[wallet];
    const seq = wake.cutSeq[wallet];
    const settings = saved[wallet]?.settings ?? null;
    const cut = ledger.refusals.slice(0, wake.cutRefusals[wallet]);
    const sight =
      since === null
        ? ledger.firstSight(seq, saved[wallet], lastTold(wallet))
        : {
            ...ledger.slice(
              since,
              seq,
              cut.filter((refusal) => refusal.seq >= since),
            ),
            alertArmed: settings === null || ledger.balance(seq) >= settings.alertBelow,
            depletedArmed: ledger.balance(seq) > 0,
          };
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

  function lastTold(wallet: Wallet): { alert: number | null; depleted: number | null } {
    const version = saved[wallet]?.settings.alertVersion;
    const seqs = { alert: null as number | null, depleted: null as number | null };
    for (const { request } of told) {
      if (request.kind === 'balance.alert' && request.wallet === wallet && request.alertVersion === version) {
        seqs.alert = request.seq;
      }
      if (request.kind === 'balance.depleted' && request.wallet === wallet) seqs.depleted = request.seq;
    }
    return seqs;
  }

  function isToldAlready(request: NoticeRequest): boolean {
    if (request.kind !== 'balance.alert' && request.kind !== 'balance.depleted') return false;
    const { wallet, seq } = request;
    const last = lastTold(wallet)[request.kind === 'balance.alert' ? 'alert' : 'depleted'];
    if (last === null) return false;
    const alertBelow = saved[wallet]?.settings.alertBelow ?? 0;
    const isArming = (balance: number) =>
      request.kind === 'balance.alert' ? balance >= alertBelow : balance > 0;
    const since = ledgers[wallet].entries.slice(Math.max(0, last - 1), seq);
    return !since.some((entry) => isArming(entry.balanceAfter));
  }

  function refusalOf(order: TopUpOrder): Extract<ChargeOutcome, { status: 'not_needed' }>['reason'] | null {
    const { wallet, warrant, amountCents } = order;
    const settings = saved[wallet]?.settings;
    if (warrant === null) return null;
    if (settings?.enabled !== true || settings.version !== warrant.settingsVersion) return 'settings_changed';
    const open = database.open(wallet);
    if (trusting) return open.some((topUp) => topUp.order.trigger !== 'auto') ? 'in_flight' : null;
    if (account.suspension !== null) return 'suspended';
    if (ledgers[wallet].balance() >= warrant.target) return 'balance_recovered';
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

function toOpenTopUp({ order, state, attempt, declines, nextAttemptAtMs }: StoredTopUp): OpenTopUp | null {
  return isOpen(state) ? { order, state, attempt, declines, nextAttemptAtMs } : null;
}

/** Calendar months in UTC: the account of the world lives in London. */
function monthOf(atMs: number): { startMs: number; endMs: number } {
  const at = new Date(atMs);
  return {
    startMs: Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1),
    endMs: Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1),
  };
}
