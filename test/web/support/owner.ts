import postgres from 'postgres';
import type { Stack } from '../../support/stack.ts';

/** Writes as the owner of the tables what no part of the service can bring about within a test. */
export async function asOwner(stack: Stack, write: (sql: postgres.Sql) => Promise<unknown>): Promise<void> {
  const owner = postgres(stack.databaseUrl, { max: 1, onnotice: () => undefined });
  try {
    await write(owner);
  } finally {
    await owner.end();
  }
}

/** Puts a card on file, as if it had been read from the provider. */
export function putCardOnFile(stack: Stack, accountId: string, expires: Date): Promise<void> {
  return asOwner(
    stack,
    (sql) => sql`
      update accounts set payment_method_id = 'pm_1', card_fingerprint = 'f1', card_brand = 'visa', card_last4 = '4242',
        card_exp_month = ${expires.getUTCMonth() + 1}, card_exp_year = ${expires.getUTCFullYear()}, updated_at = now()
      where account_id = ${accountId}`,
  );
}
