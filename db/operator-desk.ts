import type { AccountId, TopUpId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import type { Database } from './connect.ts';
import { previewRetries } from './preview-retries.ts';
import { searchAccounts, type AccountSearch } from './search-accounts.ts';
import { listSettingsHistory } from './settings-history.ts';
import { sendTestAlert, type TestAlertOrder } from './test-alert.ts';
import { readTopUpStory } from './top-up-story.ts';

export type OperatorDesk = ReturnType<typeof createOperatorDesk>;

/** What operators look at besides the lists, and the acts that move no money. */
export function createOperatorDesk(db: Database, policy: Policy) {
  return {
    searchAccounts: (search: AccountSearch) => searchAccounts(db.sql, search),

    /** Every version of both wallets, newest first. */
    settingsHistory: (accountId: AccountId, limit: number) => listSettingsHistory(db.sql, accountId, limit),

    /** @throws OperatorError `top_up_unknown` */
    topUpStory: (topUpId: TopUpId) => readTopUpStory(db, topUpId),

    /** What a retry of each would do, in the given order. Nothing is changed. */
    previewRetries: (topUpIds: readonly TopUpId[]) => previewRetries(db, policy, topUpIds),

    /** @throws AccountError `account_unknown`; OperatorError `idempotency_conflict` */
    sendTestAlert: (order: TestAlertOrder) => sendTestAlert(db, policy, order),

    /** Whether news of an account are on their way to its workflow; null when there is no such account. */
    wakeOf: async (accountId: AccountId): Promise<{ version: number; dirty: boolean } | null> => {
      const [wake] = await db.sql<{ version: number; dirty: boolean }[]>`
        select version, dirty from account_wakes where account_id = ${accountId}`;
      return wake ?? null;
    },

    /** Charges whose outcome is not established, and letters that nobody took. */
    troubles: () => readTroubles(db),
  };
}

export type Troubles = {
  unknownCharges: number;
  oldestUnknownSinceMs: number | null;
  deadMails: number;
  deadWebhooks: number;
};

async function readTroubles({ sql }: Database): Promise<Troubles> {
  const [troubles] = await sql<Troubles[]>`
    select
      (select count(*) from top_ups where state = 'unknown') as unknown_charges,
      (select min(unknown_since) from top_ups where state = 'unknown') as oldest_unknown_since_ms,
      (select count(*) from deliveries where status = 'dead') as dead_mails,
      (select count(*) from webhook_deliveries where status = 'dead') as dead_webhooks`;
  if (troubles === undefined) throw new Error('an aggregate without a row');
  return troubles;
}
