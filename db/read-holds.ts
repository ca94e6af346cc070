import type { AccountId } from '../domain/ids.ts';
import { NO_QUANTITY, type Quantity } from '../domain/quantities.ts';
import { forEachWallet, WALLETS, type Wallet } from '../domain/wallet.ts';
import type { Runner } from './connect.ts';

/** What is usual is judged by the last so many holds of a campaign, of this time, and by no fewer than a few. */
const USUAL = { recent: 1_000, days: 30, fewest: 5, share: 0.5 } as const;

/** What running holds reserve of each wallet at this moment, by the database's clock. */
export async function readHeld(sql: Runner, accountId: AccountId): Promise<Record<Wallet, Quantity>> {
  const rows = await sql<{ wallet: Wallet; held: Quantity }[]>`
    select wallet, sum(quantity)::bigint as held from holds
    where account_id = ${accountId} and wallet = any(${[...WALLETS]}::text[])
      and state = 'held' and expires_at > now()
    group by wallet`;
  return forEachWallet((wallet) => rows.find((row) => row.wallet === wallet)?.held ?? NO_QUANTITY);
}

/** What a campaign's call usually asks for, granted or refused: half of the last ones asked for that much or more, so a
 *  few very long or very short ones do not change it.
 *  @returns null when there were too few to say. */
export async function readUsualHold(sql: Runner, accountId: AccountId): Promise<Quantity | null> {
  const [row] = await sql<{ usual: Quantity | null }[]>`
    select case when count(*) >= ${USUAL.fewest}
      then percentile_disc(${USUAL.share}) within group (order by quantity) end as usual
    from (
      select quantity, created_at from holds
      where account_id = ${accountId} and wallet = 'call_minutes' and source = 'campaign'
      order by seq desc limit ${USUAL.recent}
    ) recent
    where created_at > now() - ${USUAL.days}::integer * interval '1 day'`;
  return row?.usual ?? null;
}
