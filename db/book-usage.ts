import type { AccountId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { subtractQuantity, type Quantity } from '../domain/quantities.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { LockedWallet } from './lock-wallets.ts';
import type { UsageSource } from './schema.ts';

/** Usage as reported by the platform. */
export type UsageEvent = {
  /** Chosen by the platform; the same id in the same account is the same event. */
  id: string;
  accountId: AccountId;
  wallet: Wallet;
  /** Minor units used, positive. */
  quantity: Quantity;
  source: UsageSource | null;
  type: string;
  occurredAtMs: number;
  /** Digest of the event's content in one canonical form: the same id with another one is a conflict. */
  fingerprint: string;
  /** The hold that the usage was reserved by, which it settles. */
  hold?: string;
};

export type UsageResult =
  | { id: string; status: 'accepted' | 'duplicate' | 'conflict' }
  /** `too_old`: it may have been booked and archived, so it can no longer be told from a new one. */
  | { id: string; status: 'rejected'; reason: 'unknown_account' | 'too_old' };

/** The values whose crossing must not wait. */
export type Thresholds = {
  alertBelow: Quantity;
  topUpBelow: Quantity;
  enabled: boolean;
  /** A campaign has gone below the top-up value already, since the balance was last there and the settings were
   *  saved: its workflow has been told, and remembers what is wanted. */
  campaignBelow: boolean;
};

export type Booking = {
  /** One an event, in the order given. */
  results: UsageResult[];
  entries: { event: UsageEvent; seq: number; balanceAfter: Quantity }[];
  /** The wallets that changed, as they are afterwards. */
  wallets: LockedWallet[];
  /** The accounts that changed, and when their workflows have to hear of it. */
  accounts: { accountId: AccountId; telling: Telling }[];
};

/** `at_once` when a threshold was crossed; `soon` below one; `in_time` above all of them, where hearing of it changes
 *  nothing but what people see of the workflow. */
export type Telling = 'at_once' | 'soon' | 'in_time';

/** How long a wake may wait to be told together with later ones. */
export function tellingDelayMs(
  telling: Telling,
  { coalesceMs, inTimeFactor }: Pick<Policy, 'coalesceMs' | 'inTimeFactor'>,
): number {
  switch (telling) {
    case 'at_once':
      return 0;
    case 'soon':
      return coalesceMs;
    case 'in_time':
      return coalesceMs * inTimeFactor;
  }
}

type Line = LockedWallet & {
  thresholds: Thresholds | undefined;
  campaignBelow: boolean;
  urgent: boolean;
  /** The number of the last entry before the batch. */
  seqBefore: number;
};

/** Numbers the new events of a batch and carries the balances along. Pure: the caller holds the wallets' locks.
 *  @param known fingerprints of the entries that are already booked, by `eventKey`.
 *  @param tooOld events that may have been booked and archived, by `eventKey`. */
export function bookUsage(
  events: readonly UsageEvent[],
  wallets: readonly (LockedWallet & { thresholds: Thresholds | undefined })[],
  known: ReadonlyMap<string, string | null>,
  { entriesPerTelling }: Pick<Policy, 'entriesPerTelling'>,
  tooOld: ReadonlySet<string> = new Set(),
): Booking {
  const lines = new Map(
    wallets.map((wallet): [string, Line] => {
      const campaignBelow = wallet.thresholds?.campaignBelow ?? false;
      return [lineKey(wallet), { ...wallet, campaignBelow, urgent: false, seqBefore: wallet.seq }];
    }),
  );
  const booked = new Map(known);
  const entries: Booking['entries'] = [];
  const results = events.map((event): UsageResult => {
    const line = lines.get(lineKey(event));
    if (line === undefined) return { id: event.id, status: 'rejected', reason: 'unknown_account' };
    const key = eventKey(event);
    if (booked.has(key)) {
      return { id: event.id, status: booked.get(key) === event.fingerprint ? 'duplicate' : 'conflict' };
    }
    if (tooOld.has(key)) return { id: event.id, status: 'rejected', reason: 'too_old' };
    booked.set(key, event.fingerprint);
    entries.push(book(event, line));
    return { id: event.id, status: 'accepted' };
  });
  const changed = [...lines.values()].filter((line) => line.seq > line.seqBefore);
  return { results, entries, wallets: changed, accounts: accountsOf(changed, entriesPerTelling) };
}

/** Where an event's entry is found: the cause is unique in the account. */
export function eventKey(event: { accountId: AccountId; id: string }): string {
  return `${event.accountId} ${event.id}`;
}

function lineKey({ accountId, wallet }: { accountId: AccountId; wallet: Wallet }): string {
  return `${accountId} ${wallet}`;
}

function book(event: UsageEvent, line: Line): Booking['entries'][number] {
  const before = line.balance;
  line.balance = subtractQuantity(before, event.quantity);
  line.seq += 1;
  if (event.source === 'campaign') line.campaignSeq = line.seq;
  line.urgent ||= isCrossing(before, line.balance, line.thresholds);
  if (isCampaignBelow(event, line)) {
    // Only the first one wants something new. What follows is told along with the rest, however long a top-up takes or
    // is not possible.
    line.urgent ||= !line.campaignBelow;
    line.campaignBelow = true;
  }
  return { event, seq: line.seq, balanceAfter: line.balance };
}

/** Whether a threshold is crossed, so that the workflow has something to decide. */
function isCrossing(before: Quantity, after: Quantity, thresholds: Thresholds | undefined): boolean {
  const falls = (value: number) => before >= value && after < value;
  if (before > 0 && after <= 0) return true;
  if (thresholds?.enabled !== true) return false;
  return falls(thresholds.alertBelow) || falls(thresholds.topUpBelow);
}

/** Whether a campaign leaves less than the top-up value. */
function isCampaignBelow({ source }: UsageEvent, { balance, thresholds }: Line): boolean {
  return source === 'campaign' && thresholds?.enabled === true && balance < thresholds.topUpBelow;
}

function accountsOf(lines: readonly Line[], entriesPerTelling: number): Booking['accounts'] {
  const accounts = Map.groupBy(lines, (line) => line.accountId);
  return [...accounts].map(([accountId, own]) => {
    const tellings = own.map((line) => tellingOf(line, entriesPerTelling));
    return { accountId, telling: TELLINGS.find((telling) => tellings.includes(telling)) ?? 'in_time' };
  });
}

/** The most urgent first. */
const TELLINGS: readonly Telling[] = ['at_once', 'soon', 'in_time'];

function tellingOf(
  { urgent, balance, thresholds, seq, seqBefore }: Line,
  entriesPerTelling: number,
): Telling {
  if (urgent) return 'at_once';
  const { enabled, alertBelow, topUpBelow } = thresholds ?? { enabled: false, alertBelow: 0, topUpBelow: 0 };
  const isAbove = balance > 0 && (!enabled || balance >= Math.max(alertBelow, topUpBelow));
  const portion = (entries: number) => Math.floor(entries / entriesPerTelling);
  return isAbove && portion(seq) === portion(seqBefore) ? 'in_time' : 'soon';
}
