import type { AccountId } from '../domain/ids.ts';
import type { RefreshReason } from '../domain/wakes.ts';
import type { Transaction } from './connect.ts';

export type WakeMark = {
  accountId: AccountId;
  /** Why the account has to be read afresh; null when its new ledger entries tell it all. */
  refresh: RefreshReason | null;
  /** How long the wake may wait to be told together with later ones; 0 for at once. */
  delayMs: number;
  /** Whether the relay takes it before everything that can wait. Left out, what is told at once is urgent, except what
   *  the sweeper found, which is late anyway. Not urgent either is what one act of the platform brings to all accounts
   *  together: a crossing must not wait behind it. */
  urgent?: boolean;
};

/** Marks accounts to be woken, in the transaction that wrote what they are woken for. Each account may appear
 *  once. The rows are locked in the order of their ids and until the commit, so an account's version rises in
 *  the order of the commits, and the relay sees a mark exactly when it sees what was written with it. */
export async function markWakes(transaction: Transaction, marks: readonly WakeMark[]): Promise<void> {
  if (marks.length === 0) return;
  await transaction`
    insert into account_wakes as wake (account_id, version, dirty, urgent, due_at, refresh)
    select mark.account_id, 1, true, mark.urgent::boolean,
      -- Cut, because rounding up would make what is due at once due in the future.
      date_trunc('milliseconds', now()) + mark.delay_ms * interval '1 millisecond',
      array_remove(array[mark.refresh], null)
    from unnest(
      ${marks.map((mark) => mark.accountId)}::text[],
      ${marks.map((mark) => mark.refresh)}::text[],
      ${marks.map((mark) => mark.delayMs)}::bigint[],
      ${marks.map((mark) => String(isUrgent(mark)))}::text[]
    ) as mark (account_id, refresh, delay_ms, urgent)
    order by mark.account_id
    on conflict (account_id) do update set
      version = wake.version + 1,
      dirty = true,
      urgent = wake.dirty and wake.urgent or excluded.urgent,
      urgent_again = wake.outstanding is not null and (wake.urgent_again or excluded.urgent),
      due_at = case
        -- A message that waits to be sent again is in the way of what has become urgent. One that is being sent is not.
        when wake.outstanding is not null and wake.lease is null and excluded.urgent and not wake.urgent
          then least(wake.due_at, excluded.due_at)
        when wake.outstanding is not null then wake.due_at
        when wake.dirty then least(wake.due_at, excluded.due_at)
        else excluded.due_at
      end,
      due_again_at = case
        when wake.outstanding is not null then least(wake.due_again_at, excluded.due_at)
      end,
      refresh = case
        when excluded.refresh <@ wake.refresh then wake.refresh
        else wake.refresh || excluded.refresh
      end,
      sweeps = case
        when excluded.refresh = '{sweep}' then wake.sweeps + 1
        when excluded.refresh = '{}' then wake.sweeps
        else 0
      end,
      swept_at = case when excluded.refresh = '{sweep}' then now() else wake.swept_at end
    -- The message that is yet to be cut tells the new entries too: then the row is only locked, which costs half as
    -- much, and the relay cannot cut before the commit.
    where not (
      excluded.refresh = '{}' and wake.dirty and wake.outstanding is null and wake.due_at <= excluded.due_at
      and (wake.urgent or not excluded.urgent))`;
}

function isUrgent({ refresh, delayMs, urgent = delayMs === 0 && refresh !== 'sweep' }: WakeMark): boolean {
  return urgent;
}
