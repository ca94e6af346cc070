import type postgres from 'postgres';
import type { UsageSlice } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Runner } from './connect.ts';

/** A campaign that has asked this often since goes on, or asks again: older holds are not looked at. */
const RECENT_HOLDS = 1_000;

type Fragment = postgres.PendingQuery<postgres.Row[]>;
export type AskedByHolds = Pick<UsageSlice, 'campaignLowest' | 'refusedRequired'>;

/** A subquery upon a row of `wallets`, by that name: what the campaign holds at the entries from `fromSeq` to `toSeq`
 *  (both inclusive) still ask for. As a level and not as news, so that it may be told any number of times.
 *
 *  `campaign_lowest` is the lowest balance below the top-up value at a hold, unless a credit has reached the value
 *  since. `refused_required` is the largest balance at which a refused hold would be granted now: its quantity and
 *  what runs beside it, at most as much as ran beside it then. A refusal is over when the balance suffices, or has
 *  sufficed since, and with the credit of the first top-up that was begun for it: should the limits not have let that
 *  be enough, the call that asks again is refused again. Only holds made under the settings as they are count, and refused ones only with `topUpOnRefusal`.
 *  @param before when given, holds made later are not looked at. */
export function askedByHolds(
  sql: Runner,
  { fromSeq, toSeq, before }: { fromSeq: Fragment; toSeq: Fragment; before?: Fragment },
): Fragment {
  const isOfWallet = sql`account_id = wallets.account_id and wallet = wallets.wallet`;
  return sql`
    with asking as materialized (
      select hold.seq, hold.state, hold.quantity, hold.balance, hold.created_at, chosen.top_up_below,
        hold.quantity + hold.balance - hold.available as required_then,
        hold.quantity + least(hold.balance - hold.available, running.quantity) as required
      from (
        select top_up_below, top_up_on_refusal, saved_seq, updated_at from settings
        where ${isOfWallet} and enabled
      ) chosen
      cross join lateral (
        select seq, state, quantity, available, balance, created_at from holds
        where ${isOfWallet} and source = 'campaign'
          and seq >= greatest(${fromSeq}, chosen.saved_seq) and seq <= ${toSeq}
        order by seq desc limit ${RECENT_HOLDS}
      ) hold
      cross join lateral (
        select coalesce(sum(quantity), 0)::bigint as quantity from holds
        where ${isOfWallet} and state = 'held' and expires_at > now()
      ) running
      where hold.created_at >= chosen.updated_at
        and (hold.state <> 'refused' or chosen.top_up_on_refusal)
        ${before === undefined ? sql`` : sql`and hold.created_at < ${before}`}
    ),
    open as materialized (
      select * from asking
      where balance < top_up_below and wallets.balance < top_up_below
        or state = 'refused' and wallets.balance < required
    ),
    credit as materialized (
      select seq, balance_after from ledger_entries
      where ${isOfWallet} and seq > (select min(seq) from open) and quantity > 0
    )
    select
      min(balance) filter (where balance < top_up_below and wallets.balance < top_up_below and not exists (
        select 1 from credit where credit.seq > open.seq and credit.balance_after >= open.top_up_below
      )) as campaign_lowest,
      max(required) filter (where state = 'refused' and wallets.balance < required and not exists (
        select 1 from credit where credit.seq > open.seq and credit.balance_after >= open.required_then
      ) and not exists (
        select 1 from top_ups
        where ${isOfWallet} and top_ups.created_at >= open.created_at and credited_at is not null
          and warrant ->> 'cause' = 'refusal' and (warrant ->> 'target')::bigint >= open.quantity
      )) as refused_required
    from open`;
}

/** What the campaign holds of a wallet ask for, up to an entry. */
export async function readAskedByHolds(
  sql: Runner,
  { accountId, wallet, toSeq }: { accountId: AccountId; wallet: Wallet; toSeq: number },
): Promise<AskedByHolds> {
  const range = { fromSeq: sql`0::bigint`, toSeq: sql`${toSeq}::bigint` };
  const [asked] = await sql<AskedByHolds[]>`
    select asked.campaign_lowest, asked.refused_required
    from wallets
    cross join lateral (${askedByHolds(sql, range)}) asked
    where wallets.account_id = ${accountId} and wallets.wallet = ${wallet}`;
  return asked ?? { campaignLowest: null, refusedRequired: null };
}
