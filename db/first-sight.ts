import type { UsageSlice } from '../domain/account-state.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { Settings } from '../domain/settings.ts';
import { readCampaignSight } from './campaign-sight.ts';
import type { Transaction } from './connect.ts';
import type { Slice } from './slices.ts';

export type Sight = UsageSlice & { alertArmed: boolean; depletedArmed: boolean };

/** Reconstructs from ledger and notifications what a workflow that knows nothing still has to tell and to do.
 *
 *  A notice is armed from the first entry at or above its value since it was last told; an alert that was never
 *  told under these settings from the moment its value was chosen. `lowest` goes below the balance only for what
 *  is still to be told, and `highest` is the balance, because no rise is left to tell of. A flag is cleared when
 *  the balance has recovered from a dip that only the other notice is due for; the balance itself arms it again.
 *  What campaigns ask for is told at every sight (see campaign-sight.ts). */
export async function readFirstSight(
  transaction: Transaction,
  key: Slice,
  settings: Settings | null,
): Promise<Sight> {
  const { accountId, wallet, slice } = key;
  const [past] = await transaction<Past[]>`
    with told as (
      select max(seq) filter (where kind = 'balance.alert' and alert_version = ${settings?.alertVersion ?? 0})
          as alert_seq,
        coalesce(max(seq) filter (where kind = 'balance.depleted'), 0) as depleted_seq
      from notifications
      where account_id = ${accountId} and wallet = ${wallet} and kind in ('balance.alert', 'balance.depleted')
    ),
    saved as (
      select coalesce(max(saved_seq), 0) as alert_seq
      from settings_history
      where account_id = ${accountId} and wallet = ${wallet} and version = ${settings?.alertVersion ?? 0}
    ),
    armed as (
      select
        case when told.alert_seq is null then saved.alert_seq + 1 else (
          select seq from ledger_entries
          where account_id = ${accountId} and wallet = ${wallet} and seq between told.alert_seq and ${slice.seq}
            and balance_after >= ${settings?.alertBelow ?? 0}
          order by seq limit 1
        ) end as alert_from,
        (
          select seq from ledger_entries
          where account_id = ${accountId} and wallet = ${wallet} and seq between told.depleted_seq and ${slice.seq}
            and balance_after > 0
          order by seq limit 1
        ) as depleted_from
      from told, saved
    )
    select armed.alert_from is not null as alert_armed, armed.depleted_from is not null as depleted_armed,
      min(balance_after) filter (where seq >= armed.alert_from) as alert_lowest,
      min(balance_after) filter (where seq >= armed.depleted_from) as depleted_lowest
    from armed
    left join ledger_entries on account_id = ${accountId} and wallet = ${wallet} and seq <= ${slice.seq}
      and seq >= least(armed.alert_from, armed.depleted_from)
    group by armed.alert_from, armed.depleted_from`;
  const campaign = await readCampaignSight(transaction, key, settings);
  return past === undefined
    ? { ...slice, ...campaign, alertArmed: true, depletedArmed: false }
    : seen({ ...slice, ...campaign }, past, settings);
}

type Past = {
  alertArmed: boolean;
  depletedArmed: boolean;
  alertLowest: Quantity | null;
  depletedLowest: Quantity | null;
};

function seen(slice: UsageSlice, past: Past, settings: Settings | null): Sight {
  const { balance } = slice;
  const alertLowest = past.alertLowest ?? balance;
  const depletedLowest = past.depletedLowest ?? balance;
  const alertDue = settings !== null && past.alertArmed && alertLowest < settings.alertBelow;
  const depletedDue = past.depletedArmed && depletedLowest <= 0;
  const lowest = Math.min(
    balance,
    ...(alertDue ? [alertLowest] : []),
    ...(depletedDue ? [depletedLowest] : []),
  ) as Quantity;
  return {
    ...slice,
    lowest,
    highest: balance,
    alertArmed: past.alertArmed && (alertDue || settings === null || lowest >= settings.alertBelow),
    depletedArmed: past.depletedArmed && (depletedDue || lowest > 0),
  };
}
