import type { UsageSlice } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Wallet } from '../domain/wallet.ts';
import type { Runner } from './connect.ts';
import { askedByHolds } from './campaign-holds.ts';

export type SliceKey = {
  accountId: AccountId;
  wallet: Wallet;
  /** Exclusive. */
  fromSeq: number;
  /** Inclusive; null for the last entry there is. */
  toSeq: number | null;
};

export type Slice = { accountId: AccountId; wallet: Wallet; slice: UsageSlice };

/** Reads runs of ledger entries summed up, all at one moment; an empty run has the balance at its end. What campaign
 *  holds ask for at the entries of the run, the one before it included, is told with it (see campaign-holds.ts). */
export async function readSlices(sql: Runner, keys: readonly SliceKey[]): Promise<Slice[]> {
  const rows = await sql<(UsageSlice & Omit<Slice, 'slice'>)[]>`
    select key.account_id, key.wallet, key.from_seq, upto.seq, coalesce(at_end.balance, 0) as balance,
      run.used, coalesce(run.lowest, at_end.balance, 0) as lowest,
      coalesce(run.highest, at_end.balance, 0) as highest,
      least(run.campaign_lowest, asked.campaign_lowest) as campaign_lowest, asked.refused_required
    from unnest(
      ${keys.map((key) => key.accountId)}::text[],
      ${keys.map((key) => key.wallet)}::text[],
      ${keys.map((key) => key.fromSeq)}::bigint[],
      ${keys.map((key) => key.toSeq)}::bigint[]
    ) as key (account_id, wallet, from_seq, to_seq)
    join wallets on wallets.account_id = key.account_id and wallets.wallet = key.wallet
    cross join lateral (select coalesce(key.to_seq, wallets.seq) as seq) upto
    left join lateral (
      select balance_after as balance from ledger_entries entry
      where entry.account_id = key.account_id and entry.wallet = key.wallet and entry.seq = upto.seq
    ) at_end on true
    cross join lateral (
      select coalesce(-sum(quantity) filter (where kind = 'usage'), 0)::bigint as used,
        min(balance_after) as lowest, max(balance_after) as highest,
        min(balance_after) filter (where source = 'campaign') as campaign_lowest
      from ledger_entries entry
      where entry.account_id = key.account_id and entry.wallet = key.wallet
        and entry.seq > key.from_seq and entry.seq <= upto.seq
    ) run
    cross join lateral (${askedByHolds(sql, { fromSeq: sql`key.from_seq`, toSeq: sql`upto.seq` })}) asked`;
  return rows.map(({ accountId, wallet, ...slice }) => ({ accountId, wallet, slice }));
}
