import postgres from 'postgres';
import { eventually } from '../../test/support/eventually.ts';
import { inParallel } from './in-parallel.ts';
import type { Providers } from './providers.ts';

const AT_ONCE = 8;
const WARM_TIMEOUT_MS = 120_000;

/** Gives seeded accounts a customer at the sandbox with a card that pays.
 *  @returns the account of each customer. */
export async function givePaymentCards(
  databaseUrl: string,
  providers: Providers,
  accountIds: readonly string[],
): Promise<Map<string, string>> {
  const { stripe } = providers;
  const accountOf = new Map<string, string>();
  const prepare = async (accountId: string) => {
    const customer = await stripe.customers.create({
      email: `${accountId}@customer.example`,
      name: 'Bench GmbH',
      address: { country: 'DE' },
      preferred_locales: ['de'],
      metadata: { account_id: accountId },
    });
    const card = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id });
    await stripe.customers.update(customer.id, {
      invoice_settings: { default_payment_method: card.id },
    });
    accountOf.set(customer.id, accountId);
  };
  await providers.withoutWebhooks(() => inParallel(accountIds, AT_ONCE, prepare));
  await setCustomers(databaseUrl, accountOf);
  return accountOf;
}

async function setCustomers(databaseUrl: string, accountOf: ReadonlyMap<string, string>): Promise<void> {
  await asOwner(databaseUrl, async (sql) => {
    await sql`
      update accounts set customer_id = given.customer_id
      from unnest(${[...accountOf.values()]}::text[], ${[...accountOf.keys()]}::text[])
        as given (account_id, customer_id)
      where accounts.account_id = given.account_id`;
  });
}

/** Returns when the relay has delivered everything that was marked. */
export async function untilAllTold(databaseUrl: string): Promise<void> {
  await asOwner(databaseUrl, (sql) =>
    eventually(
      async () => {
        const dirty = await sql`select 1 from account_wakes where dirty limit 1`;
        if (dirty.length > 0) throw new Error('accounts are still waiting to be told');
      },
      { timeoutMs: WARM_TIMEOUT_MS },
    ),
  );
}

/** Returns when these accounts have so many credited top-ups between them, and everything has been told. */
export async function untilToppedUp(
  databaseUrl: string,
  accountIds: readonly string[],
  topUps: number,
): Promise<void> {
  await asOwner(databaseUrl, (sql) =>
    eventually(
      async () => {
        const credited = await sql`
          select 1 from top_ups where account_id = any(${[...accountIds]}::text[]) and state = 'credited'`;
        if (credited.length < topUps) throw new Error(`${credited.length} of ${topUps} are topped up`);
      },
      { timeoutMs: WARM_TIMEOUT_MS, pauseMs: 100 },
    ),
  );
  await untilAllTold(databaseUrl);
}

/** A connection for the bench's own look at a database. */
export async function asOwner<T>(databaseUrl: string, use: (sql: postgres.Sql) => Promise<T>): Promise<T> {
  const sql = postgres(databaseUrl, {
    max: 1,
    onnotice: () => undefined,
    connection: { application_name: 'bench' },
  });
  try {
    return await use(sql);
  } finally {
    await sql.end();
  }
}
