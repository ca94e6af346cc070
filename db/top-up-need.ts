import type { SuspensionReason } from '../domain/account-state.ts';
import type { TopUpId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Quantity } from '../domain/quantities.ts';
import type { TopUp } from '../domain/top-up.ts';
import type { Transaction } from './connect.ts';
import { lockTopUp, type LockedTopUp } from './lock-top-up.ts';
import { readAccount } from './read-account.ts';
import { isOpenTopUp, topUpColumns } from './read-top-ups.ts';
import { hasRecovered, lostReasonOf, type LostReason } from './record-intent.ts';

export const GONE_BY = [
  'switched_off',
  'suspended',
  'balance_recovered',
  'amount_lowered',
  'monthly_cap',
  'paid_later',
] as const satisfies readonly (LostReason | 'paid_later')[];

/** Whether a top-up is still needed, as an operator has to know before it is charged. */
export type TopUpNeed = {
  /** Of its wallet, now. */
  balance: Quantity;
  suspension: SuspensionReason | null;
  /** The latest top-up of the wallet that was made after this one and has been credited. */
  paidLater: TopUpId | null;
  /** Why it is no longer needed; null while it is. What a person bought is needed until a later one was credited. */
  goneBy: (typeof GONE_BY)[number] | null;
  /** Whether its next attempt would cancel it instead of charging it. */
  wouldCancel: boolean;
};

/** Judges the need of a top-up by the rule that its next attempt goes by.
 *  @throws LedgerError `top_up_unknown` */
export async function readNeed(
  transaction: Transaction,
  topUpId: TopUpId,
  policy: Pick<Policy, 'dayMs'>,
): Promise<TopUpNeed> {
  const { topUp, wallets } = await lockTopUp(transaction, topUpId);
  const locked = wallets[topUp.wallet];
  const suspension = (await readAccount(transaction, topUp.accountId))?.suspension?.reason ?? null;
  const paidLater = await readPaidLater(transaction, topUp);
  const root = await readRoot(transaction, topUp);
  const isOpen = isOpenTopUp(topUp);
  const lost =
    root.trigger === 'auto'
      ? await lostReasonOf(transaction, root, locked, {
          ...policy,
          furtherCents: isOpen ? 0 : topUp.amountCents,
        })
      : null;
  const isPaused = root.trigger === 'auto' && (isOpen ? suspension !== null : isDeliberate(suspension));
  return {
    balance: locked.balance,
    suspension,
    paidLater,
    goneBy: lost ?? (isPaused ? 'suspended' : paidLater === null ? null : 'paid_later'),
    wouldCancel: isOpen && (await hasRecovered(transaction, topUp, locked, policy)),
  };
}

/** A suspension by failed charges says nothing of the need: it is what a retry is to help out of. */
function isDeliberate(suspension: SuspensionReason | null): boolean {
  return suspension === 'operator' || suspension === 'dispute';
}

/** What was ordered first: a retry is needed for what it tries again. */
async function readRoot(transaction: Transaction, topUp: LockedTopUp): Promise<TopUp> {
  const [root] = await transaction<TopUp[]>`
    with recursive chain as (
      select top_up_id, retry_of from top_ups
      where account_id = ${topUp.accountId} and top_up_id = ${topUp.topUpId}
      union
      select earlier.top_up_id, earlier.retry_of from top_ups earlier
      join chain on earlier.top_up_id = chain.retry_of
      where earlier.account_id = ${topUp.accountId}
    )
    select ${topUpColumns(transaction)} from top_ups
    where account_id = ${topUp.accountId}
      and top_up_id = (select top_up_id from chain where retry_of is null)`;
  return root ?? topUp;
}

async function readPaidLater(
  transaction: Transaction,
  { accountId, wallet, topUpId }: LockedTopUp,
): Promise<TopUpId | null> {
  const [later] = await transaction<{ topUpId: TopUpId }[]>`
    select top_up_id from top_ups
    where account_id = ${accountId} and wallet = ${wallet} and state = 'credited' and top_up_id <> ${topUpId}
      and created_at > (
        select created_at from top_ups where account_id = ${accountId} and top_up_id = ${topUpId}
      )
    order by created_at desc limit 1`;
  return later?.topUpId ?? null;
}
