import type { BlockReason } from '../domain/account-state.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Plan } from '../domain/prices.ts';
import { WALLETS, type Wallet } from '../domain/wallet.ts';
import { AccountError } from './account-error.ts';
import type { Database, Transaction } from './connect.ts';
import { markWakes } from './mark-wakes.ts';
import { readOverview } from './account-overview.ts';
import { readSnapshot } from './account-snapshot.ts';
import { readAccount, type AccountRow, type Card } from './read-account.ts';
import { saveCard } from './save-card.ts';
import type { Locale } from './schema.ts';
import type { Policy } from '../domain/policy.ts';

/** What the platform says of an account. */
export type AccountPut = {
  accountId: AccountId;
  name: string;
  email: string;
  locale: Locale;
  /** An IANA name that PostgreSQL knows. */
  timeZone: string;
  country: string;
  plan: Plan;
};

export type { AccountRow, Card } from './read-account.ts';

export type AccountProfile = Omit<AccountPut, 'plan'> & { customerId: string | null };

export type AccountsStore = ReturnType<typeof createAccounts>;

export function createAccounts(db: Database, policy: Pick<Policy, 'dayMs'>) {
  return {
    /** Makes the account with its two empty wallets, or changes what is said of it. What is the same as before
     *  changes nothing and wakes nobody.
     *  @throws AccountError `time_zone_unknown` */
    put: (put: AccountPut) => db.transaction((transaction) => putAccount(transaction, put)),

    /** @returns null when there is no such account. */
    read: (accountId: AccountId) => readAccount(db.sql, accountId),

    /** Everything that is shown of an account, at one moment; null when there is no such account. */
    overview: (accountId: AccountId) => readOverview(db, policy, accountId),

    /** What the account's workflow decides on, the ledger up to the last slice that the relay has cut.
     *  @param since the entries already watched; null at a workflow's first read.
     *  @throws AccountError `account_unknown` */
    readSnapshot: (accountId: AccountId, since: Record<Wallet, number> | null) =>
      readSnapshot(db, policy, accountId, since),

    /** @throws AccountError `account_unknown` */
    readProfile: (accountId: AccountId) => readProfile(db, accountId),

    saveCustomer: async (accountId: AccountId, customerId: string): Promise<void> => {
      await db.sql`
        update accounts set customer_id = ${customerId}, updated_at = now()
        where account_id = ${accountId} and customer_id is distinct from ${customerId}`;
    },

    /** Stores why the customer cannot be charged now; null when nothing is in the way. */
    saveBlock: async (accountId: AccountId, reason: BlockReason | null): Promise<void> => {
      await db.sql`
        update accounts set block_reason = ${reason}, updated_at = now()
        where account_id = ${accountId} and block_reason is distinct from ${reason}`;
    },

    /** Stores the card shown to the customer; a card other than the one that caused a suspension lifts it, and
     *  forgives the failures before. What waits to be tried again is tried with another card at once. */
    saveCard: (accountId: AccountId, card: Card | null) =>
      db.transaction((transaction) => saveCard(transaction, accountId, card)),
  };
}

async function putAccount(
  transaction: Transaction,
  put: AccountPut,
): Promise<{ account: AccountRow; created: boolean }> {
  await requireTimeZone(transaction, put);
  const { accountId, name, email, locale, timeZone, country, plan } = put;
  const inserted = await transaction`
    insert into accounts (account_id, name, email, locale, time_zone, country, plan)
    values (${accountId}, ${name}, ${email}, ${locale}, ${timeZone}, ${country}, ${plan})
    on conflict (account_id) do nothing`;
  const created = inserted.count > 0;
  if (created) {
    await transaction`
      insert into wallets (account_id, wallet)
      select ${accountId}, wallet from unnest(${WALLETS}::text[]) as wallet`;
  }
  const changed = await transaction`
    update accounts
    set name = ${name}, email = ${email}, locale = ${locale}, time_zone = ${timeZone}, country = ${country},
      plan = ${plan}, updated_at = now()
    where account_id = ${accountId}
      and (name, email, locale, time_zone, country, plan)
        is distinct from (${name}, ${email}, ${locale}, ${timeZone}, ${country}, ${plan})`;
  if (created || changed.count > 0) {
    // Not urgent: a change of the platform's may come to every account at once.
    await markWakes(transaction, [{ accountId, refresh: 'account', delayMs: 0, urgent: false }]);
  }
  const account = await readAccount(transaction, accountId);
  if (account === null) throw new AccountError('account_unknown', accountId);
  return { account, created };
}

/** Checked before it is stored: months are counted in it by the database. Only names count: PostgreSQL also takes
 *  `UTC+5`, and means five hours west of Greenwich by it. */
async function requireTimeZone(transaction: Transaction, { accountId, timeZone }: AccountPut): Promise<void> {
  // What is stored has been checked before; listing the names is slow.
  const known = await transaction`
    select 1 from accounts where account_id = ${accountId} and time_zone = ${timeZone}
    union all
    select 1 from pg_timezone_names where name = ${timeZone}
    limit 1`;
  if (known.count === 0) throw new AccountError('time_zone_unknown', timeZone);
}

async function readProfile(db: Database, accountId: AccountId): Promise<AccountProfile> {
  const [profile] = await db.sql<AccountProfile[]>`
    select account_id, name, email, locale, time_zone, country, customer_id
    from accounts where account_id = ${accountId}`;
  if (profile === undefined) throw new AccountError('account_unknown', accountId);
  return profile;
}
