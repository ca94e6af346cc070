import type { AccountId } from '../domain/ids.ts';
import { entryCauses } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { quantity } from '../domain/quantities.ts';
import type { Wallet } from '../domain/wallet.ts';
import {
  type Booking,
  type Thresholds,
  type UsageEvent,
  type UsageResult,
  bookUsage,
  eventKey,
  tellingDelayMs,
} from './book-usage.ts';
import type { Transaction } from './connect.ts';
import { limitLockWait, lockWallets } from './lock-wallets.ts';
import { markWakes } from './mark-wakes.ts';
import { settleHolds } from './settle-holds.ts';

export type IngestPolicy = Pick<
  Policy,
  'coalesceMs' | 'inTimeFactor' | 'entriesPerTelling' | 'eventRetentionMs'
>;

/** @property lockTimeoutMs how long it may wait for a lock; unset, as long as any statement of the service. */
type IngestOptions = IngestPolicy & { lockTimeoutMs?: number | undefined };

/** Books a batch of usage in the transaction and answers for each event, in the order given; the events of a
 *  wallet are applied in that order too. Takes the same few statements whatever the number of events.
 *  @throws RangeError for a quantity that is not a positive whole number, before anything is written. */
export async function ingestUsage(
  transaction: Transaction,
  events: readonly UsageEvent[],
  policy: IngestOptions,
): Promise<UsageResult[]> {
  for (const event of events) {
    if (quantity(event.quantity) <= 0) throw new RangeError(`usage must be positive: ${event.quantity}`);
  }
  const accountIds = [...new Set(events.map((event) => event.accountId))];
  // Sent together; each statement sees what had been committed when it began, so both come after the lock.
  const [, , wallets, settings, known, tooOld] = await Promise.all([
    keepPlans(transaction),
    policy.lockTimeoutMs === undefined ? null : limitLockWait(transaction, policy.lockTimeoutMs),
    lockWallets(transaction, accountIds),
    readThresholds(transaction, accountIds, campaignsOf(events)),
    readKnownEvents(transaction, events),
    readTooOld(transaction, events, Date.now() - policy.eventRetentionMs),
  ]);
  const thresholds = new Map(settings.map((row) => [`${row.accountId} ${row.wallet}`, row]));
  const booking = bookUsage(
    events,
    wallets.map((row) => ({ ...row, thresholds: thresholds.get(`${row.accountId} ${row.wallet}`) })),
    known,
    policy,
    tooOld,
  );
  if (booking.entries.length > 0) await writeBooking(transaction, booking, policy);
  return booking.results;
}

/** Has each statement planned once a connection, and not anew for each batch, which for the partitions of the ledger
 *  costs more than what a small batch does; and keeps the plans from reading whole tables: one that was made while a
 *  table was empty would go on reading all of it while it grows, until the next ANALYZE. */
async function keepPlans(transaction: Transaction): Promise<void> {
  await transaction`select
    set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true)`;
}

/** Between two entries of campaigns no more than this many others are looked at: a campaign that comes back after
 *  more is told as if it were new, which is harmless. */
const ENTRIES_LOOKED_AT = 1_000;

function campaignsOf(events: readonly UsageEvent[]): AccountId[] {
  const ofCampaigns = events.filter(({ source }) => source === 'campaign');
  return [...new Set(ofCampaigns.map(({ accountId }) => accountId))];
}

type ThresholdRow = Thresholds & { accountId: AccountId; wallet: Wallet };

/** @param campaigns accounts of which campaign usage is about to be booked; only of these it matters whether a
 *    campaign has been below the top-up value before. Each entry is looked at once, by the next such booking. */
async function readThresholds(
  transaction: Transaction,
  accountIds: readonly AccountId[],
  campaigns: readonly AccountId[],
): Promise<ThresholdRow[]> {
  return transaction<ThresholdRow[]>`
    select account_id, wallet, enabled, alert_below, top_up_below,
      case when enabled and account_id = any(${campaigns}::text[]) then (
        select wallets.balance < settings.top_up_below
          and wallets.campaign_seq > greatest(settings.saved_seq, wallets.seq - ${ENTRIES_LOOKED_AT}::bigint)
          and not exists (
            select 1 from ledger_entries entry
            where entry.account_id = wallets.account_id and entry.wallet = wallets.wallet
              and entry.seq >= wallets.campaign_seq and entry.balance_after >= settings.top_up_below)
        from wallets
        where wallets.account_id = settings.account_id and wallets.wallet = settings.wallet
      ) else false end as campaign_below
    from settings
    where account_id = any(${accountIds}::text[])`;
}

async function readKnownEvents(
  transaction: Transaction,
  events: readonly UsageEvent[],
): Promise<Map<string, string | null>> {
  const rows = await transaction<{ accountId: AccountId; id: string; fingerprint: string | null }[]>`
    select event.account_id, event.id, entry.fingerprint
    from unnest(
      ${events.map((event) => event.accountId)}::text[],
      ${events.map((event) => event.id)}::text[],
      ${events.map((event) => entryCauses.usage(event.id))}::text[]
    ) as event (account_id, id, cause)
    -- The limit keeps it a look-up for each event; as a plain join it becomes a scan of the ledger.
    cross join lateral (
      select fingerprint from ledger_entries
      where ledger_entries.account_id = event.account_id and ledger_entries.cause = event.cause
      limit 1
    ) entry`;
  return new Map(rows.map((row) => [eventKey(row), row.fingerprint]));
}

/** Old events of wallets from which something has been archived. Read after the known ones: an entry that was archived
 *  between the two reads is missed by neither. */
async function readTooOld(
  transaction: Transaction,
  events: readonly UsageEvent[],
  horizonMs: number,
): Promise<Set<string>> {
  const old = events.filter((event) => event.occurredAtMs < horizonMs);
  if (old.length === 0) return new Set();
  const rows = await transaction<{ accountId: AccountId; id: string }[]>`
    select event.account_id, event.id
    from unnest(
      ${old.map((event) => event.accountId)}::text[],
      ${old.map((event) => event.wallet)}::text[],
      ${old.map((event) => event.id)}::text[]
    ) as event (account_id, wallet, id)
    join ledger_checkpoints checkpoint using (account_id, wallet)`;
  return new Set(rows.map(eventKey));
}

async function writeBooking(transaction: Transaction, booking: Booking, policy: IngestPolicy): Promise<void> {
  await Promise.all([
    insertEntries(transaction, booking.entries),
    updateWallets(transaction, booking.wallets),
    settleHolds(transaction, booking.entries),
    markWakes(
      transaction,
      booking.accounts.map(({ accountId, telling }) => ({
        accountId,
        refresh: null,
        delayMs: tellingDelayMs(telling, policy),
      })),
    ),
  ]);
}

async function insertEntries(transaction: Transaction, entries: Booking['entries']): Promise<void> {
  const column = <T>(read: (event: UsageEvent) => T) => entries.map((entry) => read(entry.event));
  await transaction`
    insert into ledger_entries
      (account_id, wallet, seq, kind, quantity, balance_after, cause, fingerprint, source, type, occurred_at)
    select account_id, wallet, seq, 'usage', -quantity, balance_after, cause, fingerprint, source, type, occurred_at
    from unnest(
      ${column((event) => event.accountId)}::text[],
      ${column((event) => event.wallet)}::text[],
      ${entries.map((entry) => entry.seq)}::bigint[],
      ${column((event) => event.quantity)}::bigint[],
      ${entries.map((entry) => entry.balanceAfter)}::bigint[],
      ${column((event) => entryCauses.usage(event.id))}::text[],
      ${column((event) => event.fingerprint)}::text[],
      ${column((event) => event.source)}::text[],
      ${column((event) => event.type)}::text[],
      ${column((event) => event.occurredAtMs)}::timestamptz[]
    ) as event (
      account_id, wallet, seq, quantity, balance_after, cause, fingerprint, source, type, occurred_at)`;
}

async function updateWallets(transaction: Transaction, wallets: Booking['wallets']): Promise<void> {
  await transaction`
    update wallets
    set balance = after.balance, seq = after.seq, campaign_seq = after.campaign_seq
    from unnest(
      ${wallets.map((wallet) => wallet.accountId)}::text[],
      ${wallets.map((wallet) => wallet.wallet)}::text[],
      ${wallets.map((wallet) => wallet.balance)}::bigint[],
      ${wallets.map((wallet) => wallet.seq)}::bigint[],
      ${wallets.map((wallet) => wallet.campaignSeq)}::bigint[]
    ) as after (account_id, wallet, balance, seq, campaign_seq)
    where wallets.account_id = after.account_id and wallets.wallet = after.wallet`;
}
