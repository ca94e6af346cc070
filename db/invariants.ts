import { OPEN_TOP_UP_STATES } from '../domain/top-up.ts';
import type { Policy } from '../domain/policy.ts';
import { SERVICE_ROLE, type Database, type Transaction } from './connect.ts';
import { findMissingTopUps, findUntoldBalances } from './find-forgotten.ts';

export type InvariantResult = {
  /** Of the list of invariants in docs. */
  number: number;
  name: string;
  holds: boolean;
  /** What breaks it, in words; the first hundred. */
  violations: string[];
};

export type InvariantLimits = Pick<
  Policy,
  'dayMs' | 'maxTopUpsPerDay' | 'forgottenAfterMs' | 'softDeclineDelaysMs'
>;
type Check = (transaction: Transaction, limits: InvariantLimits) => Promise<string[]>;

const LIMIT = 100;

/** Judges the invariants that the database alone can judge, all at one moment. Reads every entry: after tests and
 *  by the reconciler, not on a request. */
export async function checkInvariants(db: Database, limits: InvariantLimits): Promise<InvariantResult[]> {
  return db.reading(async (transaction) => {
    await transaction`set local statement_timeout = '10min'`;
    const results: InvariantResult[] = [];
    for (const { number, name, check } of CHECKS) {
      const violations = (await check(transaction, limits)).slice(0, LIMIT);
      results.push({ number, name, holds: violations.length === 0, violations });
    }
    return results;
  });
}

/** Balances are the sum of their entries, numbered without a gap, each carrying on from the one before. What has been
 *  archived counts as its checkpoint says. */
const conservation: Check = (transaction) =>
  violations(transaction`
    select format('%s/%s: balance %s, seq %s, but its %s entries sum up to %s', wallets.account_id, wallets.wallet,
      wallets.balance, wallets.seq, coalesce(ledger.entries, 0) + coalesce(checkpoint.seq, 0),
      coalesce(ledger.sum, 0) + coalesce(checkpoint.balance_after, 0)) as violation
    from wallets
    left join ledger_checkpoints checkpoint using (account_id, wallet)
    left join (
      select account_id, wallet, count(*) as entries, sum(quantity) as sum,
        bool_and(chains) as chains, max(seq) as seq
      from (
        select account_id, wallet, entry.seq, quantity,
          entry.balance_after = quantity
              + coalesce(lag(entry.balance_after) over run, checkpoint.balance_after, 0)
            and entry.seq = 1 + coalesce(lag(entry.seq) over run, checkpoint.seq, 0) as chains
        from ledger_entries entry
        left join ledger_checkpoints checkpoint using (account_id, wallet)
        where entry.seq > coalesce(checkpoint.seq, 0)
        window run as (partition by account_id, wallet order by entry.seq)
      ) entry
      group by account_id, wallet
    ) ledger using (account_id, wallet)
    where wallets.balance <> coalesce(ledger.sum, 0) + coalesce(checkpoint.balance_after, 0)
      or wallets.seq <> coalesce(ledger.seq, checkpoint.seq, 0)
      or wallets.seq <> coalesce(ledger.entries, 0) + coalesce(checkpoint.seq, 0)
      or not coalesce(ledger.chains, true)
    limit ${LIMIT}`);

/** One cause, one entry. */
const ingest: Check = (transaction) =>
  violations(transaction`
    select format('%s: %s entries for %s', account_id, count(*), cause) as violation
    from ledger_entries group by account_id, cause having count(*) > 1
    limit ${LIMIT}`);

/** The ledger's side of it: a credit has a recorded payment and what was bought, and the other way round. */
const bijection: Check = (transaction) =>
  violations(transaction`
    select format('%s/%s: %s, paid %s, bought %s, credited %s', coalesce(top_up.account_id, entry.account_id),
      coalesce(top_up.top_up_id, entry.cause), top_up.state, top_up.paid_at is not null, top_up.quantity,
      entry.quantity) as violation
    from (select * from top_ups where credited_at is not null) top_up
    full join (select * from ledger_entries where kind = 'top_up') entry
      on entry.account_id = top_up.account_id and entry.cause = 'top_up:' || top_up.top_up_id
    where top_up.top_up_id is null or entry.cause is null or top_up.paid_at is null
      or entry.quantity <> top_up.quantity or entry.wallet <> top_up.wallet
    limit ${LIMIT}`);

/** The ledger's side of it: what the entries of refunds and disputes took is what is recorded of each reversal; and of
 *  each top-up, it is the share that went back of the payment (all of it when everything did). */
const reversalBijection: Check = async (transaction) => [
  ...(await violations(transaction`
    select format('%s/%s: took %s, but its entries sum up to %s', coalesce(reversal.account_id, entry.account_id),
      coalesce(reversal.reversal_id, entry.reversal_id), reversal.quantity, entry.quantity) as violation
    from reversals reversal
    full join (
      select account_id, split_part(cause, ':', 2) as reversal_id, kind, -sum(quantity) as quantity
      from ledger_entries where kind in ('refund', 'dispute') group by 1, 2, 3
    ) entry using (account_id, reversal_id)
    where reversal.reversal_id is null or reversal.quantity <> coalesce(entry.quantity, 0)
      or reversal.kind <> coalesce(entry.kind, reversal.kind)
    limit ${LIMIT}`)),
  ...(await violations(transaction`
    select format('%s/%s: took %s back of %s for %s of %s cents', account_id, top_up_id, taken, quantity, reversed,
      total) as violation
    from (
      select top_up.account_id, top_up.top_up_id, top_up.quantity,
        coalesce(top_up.total_cents, top_up.amount_cents) as total, sum(reversal.quantity) as taken,
        coalesce(sum(reversal.amount_cents) filter (
          where reversal.status in ('pending', 'requires_action', 'succeeded', 'lost')), 0) as reversed
      from top_ups top_up join reversals reversal using (account_id, top_up_id)
      group by 1, 2
    ) gone
    where taken <> floor(quantity * least(reversed, total) / total)
    limit ${LIMIT}`)),
];

const singleFlight: Check = (transaction) =>
  violations(transaction`
    select format('%s/%s: %s open top-ups', account_id, wallet, count(*)) as violation
    from top_ups where state = any(${OPEN_TOP_UP_STATES}::text[])
    group by account_id, wallet having count(*) > 1
    limit ${LIMIT}`);

/** Each automatic top-up names settings that were enabled and a balance that was below, and the caps held. */
const warrant: Check = async (transaction, { dayMs, maxTopUpsPerDay }) => [
  ...(await violations(transaction`
    select format('%s/%s: not warranted by %s', top_up.account_id, top_up.top_up_id, top_up.warrant) as violation
    from top_ups top_up
    left join settings_history settings on settings.account_id = top_up.account_id
      and settings.wallet = top_up.wallet
      and settings.version = (top_up.warrant ->> 'settingsVersion')::bigint
    left join ledger_entries entry on entry.account_id = top_up.account_id and entry.wallet = top_up.wallet
      and entry.seq = (top_up.warrant ->> 'seq')::bigint
    left join ledger_checkpoints checkpoint on checkpoint.account_id = top_up.account_id
      and checkpoint.wallet = top_up.wallet and checkpoint.seq >= (top_up.warrant ->> 'seq')::bigint
    where top_up.trigger = 'auto' and (settings.enabled is not true
      or (top_up.warrant ->> 'balance')::bigint >= (top_up.warrant ->> 'target')::bigint
      or (checkpoint.seq is null or entry.seq is not null)
        and (top_up.warrant ->> 'balance')::bigint <> coalesce(entry.balance_after, 0))
    limit ${LIMIT}`)),
  ...(await violations(transaction`
    select format('%s/%s: %s cents in the month of %s', account_id, wallet, spent, month) as violation
    from (
      select top_up.account_id, top_up.wallet, top_up.top_up_id,
        date_trunc('month', top_up.created_at at time zone accounts.time_zone) as month,
        settings.monthly_cap_cents as cap,
        sum(top_up.amount_cents) over (
          partition by top_up.account_id, top_up.wallet,
            date_trunc('month', top_up.created_at at time zone accounts.time_zone)
          order by top_up.created_at) as spent
      from top_ups top_up
      join accounts on accounts.account_id = top_up.account_id
      join settings_history settings on settings.account_id = top_up.account_id
        and settings.wallet = top_up.wallet
        and settings.version = (top_up.warrant ->> 'settingsVersion')::bigint
      where top_up.trigger = 'auto' and top_up.state not in ('failed', 'canceled')
    ) spending
    where spent > cap
    limit ${LIMIT}`)),
  ...(await violations(transaction`
    select format('%s/%s: more than %s automatic top-ups in a day before %s', account_id, wallet,
      ${maxTopUpsPerDay}::integer, created_at) as violation
    from (
      select account_id, wallet, created_at, count(*) over (
        partition by account_id, wallet order by created_at
        range between ${dayMs}::bigint * interval '1 millisecond' preceding and current row) as starts
      from top_ups where trigger = 'auto'
    ) day
    where starts > ${maxTopUpsPerDay}
    limit ${LIMIT}`)),
];

const liveness: Check = async (transaction, limits) =>
  (await findMissingTopUps(transaction, limits)).map(
    ({ accountId, wallet }) => `${accountId}/${wallet}: a top-up is wanted and there is none`,
  );

const unknownIsSettled: Check = (transaction) =>
  violations(transaction`
    select format('%s/%s: unknown since %s', account_id, top_up_id, unknown_since) as violation
    from top_ups where state = 'unknown' and unknown_since < now() - interval '20 hours'
    limit ${LIMIT}`);

/** Every crossing and outcome is told once: recorded with its mail, which is sent, given up, or still young. */
const notice: Check = async (transaction, limits) => [
  ...(await findUntoldBalances(transaction, limits)).map(
    ({ accountId, wallet }) => `${accountId}/${wallet}: nobody was told of the balance`,
  ),
  ...(await violations(transaction`
    select format('%s/%s: %s mails for %s', account_id, notification_id, count(delivery_id), cause) as violation
    from notifications left join deliveries using (account_id, notification_id)
    group by account_id, notification_id, cause having count(delivery_id) <> 1
    limit ${LIMIT}`)),
  ...(await violations(transaction`
    select format('%s/%s: %s since %s after %s attempts', account_id, delivery_id, status, created_at,
      attempts) as violation
    from deliveries
    where (status in ('pending', 'sending') and created_at < now() - interval '25 hours')
      or (status = 'sent' and provider_message_id is null)
    limit ${LIMIT}`)),
  ...(await violations(transaction`
    select format('%s/%s: credited, but nobody was told', account_id, top_up_id) as violation
    from top_ups
    where credited_at < now() - ${limits.forgottenAfterMs}::bigint * interval '1 millisecond'
      and not exists (
        select 1 from notifications
        where notifications.account_id = top_ups.account_id
          and notifications.cause = 'top_up.succeeded:' || top_ups.top_up_id)
    limit ${LIMIT}`)),
];

const immutability: Check = (transaction) =>
  violations(transaction`
    select format('%s: %s', ledger.relname, concat_ws(', ',
      case when has_table_privilege(${SERVICE_ROLE}, ledger.oid, 'UPDATE, DELETE, TRUNCATE')
        then 'the service may change entries' end,
      case when not exists (
        select 1 from pg_trigger where tgrelid = ledger.oid and tgname = 'append_only' and tgenabled <> 'D')
        then 'its trigger is missing' end)) as violation
    from pg_class ledger
    where (ledger.oid = 'ledger_entries'::regclass
        or ledger.oid in (select inhrelid from pg_inherits where inhparent = 'ledger_entries'::regclass))
      and (has_table_privilege(${SERVICE_ROLE}, ledger.oid, 'UPDATE, DELETE, TRUNCATE')
        or not exists (
          select 1 from pg_trigger where tgrelid = ledger.oid and tgname = 'append_only' and tgenabled <> 'D'))
    limit ${LIMIT}`);

const CHECKS: readonly { number: number; name: string; check: Check }[] = [
  { number: 1, name: 'conservation', check: conservation },
  { number: 2, name: 'ingest', check: ingest },
  { number: 3, name: 'bijection of payments and credits, the ledger’s side', check: bijection },
  {
    number: 3,
    name: 'bijection of reversals and what was taken back, the ledger’s side',
    check: reversalBijection,
  },
  { number: 4, name: 'single flight', check: singleFlight },
  { number: 5, name: 'warrant', check: warrant },
  { number: 6, name: 'liveness', check: liveness },
  { number: 7, name: 'unknown is settled', check: unknownIsSettled },
  { number: 8, name: 'notice', check: notice },
  { number: 10, name: 'immutability', check: immutability },
];

async function violations(rows: PromiseLike<readonly Record<string, unknown>[]>): Promise<string[]> {
  return (await rows).map((row) => String(row['violation']));
}
