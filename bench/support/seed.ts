import { randomBytes } from 'node:crypto';
import postgres from 'postgres';
import { accountId, type AccountId } from '../../domain/ids.ts';

/** Accounts with consecutive numbers; `nthAccount` names them. */
export type SeededAccounts = { readonly prefix: string; readonly count: number };

export type SeedOptions = {
  readonly accounts: number;
  /** Entries in the ledger in all, spread evenly; at least one an account, the grant that its balance comes from. */
  readonly entries?: number;
  /** Every account's call minutes in whole seconds before the entries; far above every threshold unless told. */
  readonly balanceSeconds?: number;
};

const NUMBER_WIDTH = 7;
const MINOR_PER_SECOND = 1_000;
/** A thousand years of calls: no bench comes near a threshold by accident. */
const PLENTY_SECONDS = 30_000_000_000 / 1_000;
const USAGE_MINOR = 1_000;
/** One statement for so many accounts, so that its transaction stays small. */
const ACCOUNTS_AT_ONCE = 10_000;

/** The id of the account with this number, from 0. */
export function nthAccount({ prefix }: SeededAccounts, number: number): AccountId {
  return accountId(`${prefix}${String(number).padStart(NUMBER_WIDTH, '0')}`);
}

/** Writes accounts with wallets, settings and a ledger that keeps every invariant, with a few statements; then
 *  vacuums and analyses, so that no bench pays for the seed. Ids are new at each call: all benches share one
 *  Temporal, whose workflows are called after them. Each account has a customer that nobody asks the provider about
 *  (`givePaymentCards` makes it a real one): without one its workflow would try for ever to create it, where no
 *  provider is, and never come to rest. */
export async function seedAccounts(databaseUrl: string, options: SeedOptions): Promise<SeededAccounts> {
  const seeded = { prefix: `b${randomBytes(4).toString('hex')}_`, count: options.accounts };
  const sql = postgres(databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    for (let from = 0; from < options.accounts; from += ACCOUNTS_AT_ONCE) {
      const to = Math.min(from + ACCOUNTS_AT_ONCE, options.accounts);
      await sql.begin((transaction) => insertAccounts(transaction, seeded, { ...options, from, to }));
    }
    await sql`vacuum (analyze) accounts, wallets, settings, settings_history, account_wakes, ledger_entries`;
    await sql`checkpoint`;
  } finally {
    await sql.end();
  }
  return seeded;
}

async function insertAccounts(
  transaction: postgres.TransactionSql,
  { prefix }: SeededAccounts,
  { accounts, entries = accounts, balanceSeconds = PLENTY_SECONDS, from, to }: SeedOptions & Range,
): Promise<void> {
  const granted = balanceSeconds * MINOR_PER_SECOND;
  const usages = Math.max(0, Math.floor(entries / accounts) - 1);
  await transaction`
    create temporary table seed on commit drop as
    select ${prefix} || lpad(number::text, ${NUMBER_WIDTH}, '0') as account_id
    from generate_series(${from}::int, ${to - 1}::int) as number`;
  await transaction`
    insert into accounts (account_id, name, email, locale, time_zone, country, plan, customer_id)
    select account_id, 'Bench GmbH', account_id || '@customer.example', 'de', 'Europe/Berlin', 'DE', 'scale',
      'cus_' || account_id
    from seed`;
  await transaction`
    insert into wallets (account_id, wallet, balance, seq)
    select account_id, 'call_minutes', ${granted}::bigint - ${usages * USAGE_MINOR}::bigint, ${usages + 1}::bigint
    from seed
    union all select account_id, 'chat_credits', 0, 0 from seed`;
  await insertSettings(transaction);
  await transaction`
    insert into account_wakes (account_id, version, due_at, signalled_call_seq)
    select account_id, 1, now(), ${usages + 1}::bigint from seed`;
  await transaction`
    insert into ledger_entries
      (account_id, wallet, seq, kind, quantity, balance_after, cause, fingerprint, source, type, reason, occurred_at)
    select account_id, 'call_minutes', 1, 'grant', ${granted}::bigint, ${granted}::bigint, 'grant:seed',
      md5('seed') || md5(account_id), null, null, 'seed', now()
    from seed`;
  await transaction`
    insert into ledger_entries
      (account_id, wallet, seq, kind, quantity, balance_after, cause, fingerprint, source, type, occurred_at)
    select account_id, 'call_minutes', number + 1, 'usage', ${-USAGE_MINOR}::bigint,
      ${granted}::bigint - number * ${USAGE_MINOR}::bigint, 'usage:' || gen_random_uuid(),
      md5(account_id) || md5(number::text), 'inbound', 'call', now()
    from seed, generate_series(1, ${usages}::bigint) as number`;
}

type Range = { readonly from: number; readonly to: number };

async function insertSettings(transaction: postgres.TransactionSql): Promise<void> {
  for (const table of ['settings', 'settings_history']) {
    await transaction`
      insert into ${transaction(table)} (account_id, wallet, enabled, alert_below, top_up_below, amount_cents,
        monthly_cap_cents, top_up_on_refusal, version, alert_version, saved_seq)
      select account_id, 'call_minutes', true, ${600 * MINOR_PER_SECOND}::bigint, ${300 * MINOR_PER_SECOND}::bigint,
        5000, null, true, 1, 1, 1
      from seed`;
  }
}
