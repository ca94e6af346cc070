import type { UsageSlice } from '../../domain/account-state.ts';
import { quantity, type Quantity } from '../../domain/quantities.ts';
import type { Settings } from '../../domain/settings.ts';

export type Source = 'campaign' | 'inbound' | 'outbound';

export type Entry = {
  seq: number;
  quantity: Quantity;
  balanceAfter: Quantity;
  /** Null for a credit. */
  source: Source | null;
};

/** A campaign's hold after entry `seq`, under these settings. */
export type Hold = {
  seq: number;
  balance: Quantity;
  quantity: Quantity;
  /** Without this hold. */
  available: Quantity;
  state: 'held' | 'ended' | 'refused';
  settings: Settings | undefined;
  /** How many top-ups of the account had been begun. */
  topUpsBefore: number;
};
type Saved = { settings: Settings; seq: number } | null;
type Asked = Pick<UsageSlice, 'campaignLowest' | 'refusedRequired'>;

/** The entries of one wallet, from the first on: entry `seq` is at index `seq - 1`. */
export function createLedger() {
  const entries: Entry[] = [];
  const holds: Hold[] = [];
  const ledger = {
    entries,
    holds,
    held: (): number =>
      holds.reduce((sum, { state, quantity: each }) => sum + (state === 'held' ? each : 0), 0),
    seq: (): number => entries.length,
    balance: (seq: number = entries.length): Quantity => entries[seq - 1]?.balanceAfter ?? quantity(0),

    append(change: number, source: Source | null): Entry {
      const seq = entries.length + 1;
      const balanceAfter = quantity(ledger.balance() + change);
      const entry: Entry = { seq, quantity: quantity(change), balanceAfter, source };
      entries.push(entry);
      return entry;
    },

    /** Sums up the entries after `fromSeq` up to `seq`. */
    slice(fromSeq: number, seq: number): UsageSlice {
      const run = entries.slice(fromSeq, seq);
      const balance = ledger.balance(seq);
      const after = run.map((entry) => entry.balanceAfter);
      const campaign = run.filter((entry) => entry.source === 'campaign').map((entry) => entry.balanceAfter);
      const used = run.reduce((sum, entry) => sum + (entry.source === null ? 0 : 0 - entry.quantity), 0);
      return {
        fromSeq,
        seq,
        balance,
        used: quantity(used),
        lowest: least(after) ?? balance,
        highest: after.length === 0 ? balance : quantity(Math.max(...after)),
        campaignLowest: least(campaign),
        refusedRequired: null,
      };
    },

    /** What the campaign's holds at these entries still ask for, as things stand now.
     *  @param isAnswered whether a top-up begun after the hold has been credited. */
    askedByHolds(fromSeq: number, seq: number, saved: Saved, isAnswered: (hold: Hold) => boolean): Asked {
      if (saved?.settings.enabled !== true) return { campaignLowest: null, refusedRequired: null };
      const { settings } = saved;
      const { topUpBelow } = settings;
      const isReached = (hold: Hold, value: number) =>
        entries.slice(hold.seq).some((entry) => entry.balanceAfter >= value);
      const asking = holds
        .filter((hold) => hold.seq >= fromSeq && hold.seq <= seq && hold.settings === settings)
        .filter(({ state }) => state !== 'refused' || settings.topUpOnRefusal);
      const below = asking
        .filter((hold) => hold.balance < topUpBelow && !isReached(hold, topUpBelow))
        .map(({ balance }) => balance);
      const required = asking
        .filter(
          (hold) => hold.state === 'refused' && !isAnswered(hold) && !isReached(hold, requiredThen(hold)),
        )
        .map((hold) => hold.quantity + Math.min(hold.balance - hold.available, ledger.held()))
        .filter((balance) => ledger.balance() < balance);
      return {
        campaignLowest: least(below),
        refusedRequired: required.length === 0 ? null : quantity(Math.max(...required)),
      };
    },

    /** What a workflow that knows nothing has to be told of the past, by what was told of it before. */
    firstSight(
      seq: number,
      saved: { settings: Settings; seq: number } | null,
      toldSeqs: { alert: number | null; depleted: number | null },
    ): UsageSlice & { alertArmed: boolean; depletedArmed: boolean } {
      const slice = ledger.slice(seq, seq);
      const alertBelow = saved?.settings.alertBelow ?? quantity(0);
      const reached = (from: number, isReached: (balance: Quantity) => boolean) =>
        entries.slice(Math.max(0, from - 1), seq).find((entry) => isReached(entry.balanceAfter))?.seq ?? null;
      const alertFrom =
        toldSeqs.alert === null
          ? (saved?.seq ?? 0) + 1
          : reached(toldSeqs.alert, (balance) => balance >= alertBelow);
      const depletedFrom = reached(toldSeqs.depleted ?? 0, (balance) => balance > 0);
      const lowestFrom = (from: number | null) =>
        from === null ? null : least(entries.slice(from - 1, seq).map((entry) => entry.balanceAfter));
      const alertLowest = lowestFrom(alertFrom) ?? slice.balance;
      const depletedLowest = lowestFrom(depletedFrom) ?? slice.balance;
      const alertDue = saved !== null && alertFrom !== null && alertLowest < alertBelow;
      const depletedDue = depletedFrom !== null && depletedLowest <= 0;
      const lowest = Math.min(
        slice.balance,
        ...(alertDue ? [alertLowest] : []),
        ...(depletedDue ? [depletedLowest] : []),
      );
      return {
        ...slice,
        lowest: quantity(lowest),
        campaignLowest: ledger.campaignLowestSinceRecovery(seq, saved),
        alertArmed: alertFrom !== null && (alertDue || saved === null || lowest >= alertBelow),
        depletedArmed: depletedFrom !== null && (depletedDue || lowest > 0),
      };
    },

    /** The lowest balance that a campaign left since the settings were saved and since the balance was last at
     *  or above the top-up value. */
    campaignLowestSinceRecovery(
      seq: number,
      saved: { settings: Settings; seq: number } | null,
    ): Quantity | null {
      if (saved === null) return null;
      const recovered = entries
        .slice(0, seq)
        .findLast((entry) => entry.balanceAfter >= saved.settings.topUpBelow);
      const after = Math.max(saved.seq, recovered?.seq ?? 0);
      const run = entries.slice(after, seq).filter((entry) => entry.source === 'campaign');
      return least(run.map((entry) => entry.balanceAfter));
    },
  };
  return ledger;
}

export type Ledger = ReturnType<typeof createLedger>;

/** The balance at which a refused hold would have been granted. */
export function requiredThen(hold: Hold): number {
  return hold.quantity + hold.balance - hold.available;
}

export function least(balances: readonly Quantity[]): Quantity | null {
  return balances.length === 0 ? null : quantity(Math.min(...balances));
}
