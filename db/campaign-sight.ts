import type { UsageSlice } from '../domain/account-state.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { Settings } from '../domain/settings.ts';
import type { Transaction } from './connect.ts';
import { readAskedByHolds } from './campaign-holds.ts';
import type { Slice } from './slices.ts';

/** All that campaigns ask for at the end of the slice, by usage and by holds, for a workflow that reads afresh: what
 *  was asked for before the slice counts too, because it may not have been served. */
export async function readCampaignSight(
  transaction: Transaction,
  key: Slice,
  settings: Settings | null,
): Promise<Pick<UsageSlice, 'campaignLowest' | 'refusedRequired'>> {
  const [byUsage, byHolds] = await Promise.all([
    readCampaignLowest(transaction, key, settings),
    readAskedByHolds(transaction, { ...key, toSeq: key.slice.seq }),
  ]);
  const lowest = [byUsage, byHolds.campaignLowest].filter((balance) => balance !== null);
  return {
    campaignLowest: lowest.length === 0 ? null : (Math.min(...lowest) as Quantity),
    refusedRequired: byHolds.refusedRequired,
  };
}

/** The lowest balance that a campaign's usage has left and that still asks for a top-up at the end of the slice: after
 *  the balance was last at the top-up value, and after the settings were last saved. The entries before the slice
 *  count too, because what was asked for then may not have been served.
 *  @returns null when no campaign asks for anything. */
async function readCampaignLowest(
  transaction: Transaction,
  { accountId, wallet, slice }: Slice,
  settings: Settings | null,
): Promise<Quantity | null> {
  const [row] = await transaction<{ lowest: Quantity | null }[]>`
    with served as (
      select greatest(
        (
          select seq from ledger_entries
          where account_id = ${accountId} and wallet = ${wallet} and seq <= ${slice.seq}
            and balance_after >= ${settings?.topUpBelow ?? 0}
          order by seq desc limit 1
        ),
        (select saved_seq from settings where account_id = ${accountId} and wallet = ${wallet}),
        0
      ) as seq
    )
    select min(balance_after) as lowest
    from ledger_entries, served
    where account_id = ${accountId} and wallet = ${wallet} and source = 'campaign'
      and ledger_entries.seq > served.seq and ledger_entries.seq <= ${slice.seq}`;
  return row?.lowest ?? null;
}
