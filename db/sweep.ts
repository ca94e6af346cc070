import type { Policy } from '../domain/policy.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Database, Runner, Transaction } from './connect.ts';
import {
  findForgottenReversals,
  findMissingTopUps,
  findOverdueTopUps,
  findUntoldBalances,
  type AccountRange,
} from './find-forgotten.ts';
import { markWakes } from './mark-wakes.ts';

/** An account that stays as it is, for want of a card say, is swept less and less often. */
const LONGEST_PAUSE_MS = 3_600_000;
/** The rest is found by the next sweep. */
const ACCOUNTS_PER_SWEEP = 1_000;
/** Nothing tells which balances are low but to look at them all. So each sweep looks at so many accounts and the next
 *  one goes on from there: a statement stays short however many there are. */
const ACCOUNTS_LOOKED_AT = 10_000;

/** The safety net under the wakes: finds accounts that should have moved and did not, and wakes them. */
export function createSweeper(
  db: Database,
  policy: Pick<Policy, 'dayMs' | 'maxTopUpsPerDay' | 'forgottenAfterMs' | 'softDeclineDelaysMs'>,
  { accountsLookedAt = ACCOUNTS_LOOKED_AT }: { accountsLookedAt?: number } = {},
) {
  let after = '';
  return {
    /** Marks the accounts that break the liveness invariant, unless a mark is on its way already: of those with low
     *  balances the next so many, of all others every one.
     *  @returns how many accounts were marked. */
    sweep: async (): Promise<number> => {
      const range = await nextRange(db.sql, after, accountsLookedAt);
      // A part that fails is looked at again in the next round: it must not keep the others from being seen.
      after = range.upto ?? '';
      const forgotten = [
        ...(await findMissingTopUps(db.sql, policy, range)),
        ...(await findOverdueTopUps(db.sql, policy)),
        ...(await findUntoldBalances(db.sql, policy, range)),
        ...(await findForgottenReversals(db.sql, policy)),
      ];
      const accountIds = [...new Set(forgotten.map(({ accountId }) => accountId))];
      if (accountIds.length === 0) return 0;
      return db.transaction((transaction) => markForgotten(transaction, accountIds, policy));
    },
  };
}

/** The next so many accounts; the last of them have no upper end. */
async function nextRange(sql: Runner, after: string, accounts: number): Promise<AccountRange> {
  const [last] = await sql<{ accountId: string }[]>`
    select account_id from accounts where account_id > ${after}
    order by account_id offset ${accounts - 1} limit 1`;
  return { after, upto: last?.accountId ?? null };
}

async function markForgotten(
  transaction: Transaction,
  accountIds: readonly AccountId[],
  { forgottenAfterMs }: Pick<Policy, 'forgottenAfterMs'>,
): Promise<number> {
  const marks = await transaction<{ accountId: AccountId }[]>`
    select account_id from account_wakes
    where account_id = any(${accountIds}::text[]) and outstanding is null and refresh = '{}'
      and (swept_at is null or swept_at <= now() - interval '1 millisecond'
        * least(${forgottenAfterMs}::bigint * 2 ^ least(sweeps, 20), ${LONGEST_PAUSE_MS}))
    order by account_id
    limit ${ACCOUNTS_PER_SWEEP}
    for no key update`;
  await markWakes(
    transaction,
    marks.map(({ accountId }) => ({ accountId, refresh: 'sweep' as const, delayMs: 0 })),
  );
  return marks.length;
}
