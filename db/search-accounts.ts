import type { SuspensionReason } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Plan } from '../domain/prices.ts';
import type { Runner } from './connect.ts';
import { toStartPattern } from './text-patterns.ts';

export type AccountSearch = { text: string; limit: number };

export type FoundAccount = {
  accountId: AccountId;
  name: string;
  email: string;
  plan: Plan;
  suspensionReason: SuspensionReason | null;
};

/** Accounts whose id, name or address begins with a text, whatever its case; by their ids. */
export async function searchAccounts(sql: Runner, { text, limit }: AccountSearch): Promise<FoundAccount[]> {
  const pattern = toStartPattern(text);
  return sql<FoundAccount[]>`
    select account_id, name, email, plan, suspension_reason from accounts
    where account_id ilike ${pattern} or name ilike ${pattern} or email ilike ${pattern}
    order by account_id
    limit ${limit}`;
}
