import type { Telling } from '../domain/compare-workflow.ts';
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

    /** How far an account's workflow has been told; null when there is no such account. */
    tellingOf: (accountId: AccountId) => readTelling(db, accountId),

    /** Charges whose outcome is not established, and letters that nobody took. */
    troubles: () => readTroubles(db),
  };
}

async function readTelling({ sql }: Database, accountId: AccountId): Promise<Telling | null> {
  const [row] = await sql<(Omit<Telling, 'signalled'> & { callSeq: number; chatSeq: number })[]>`
    select version, dirty, outstanding is not null or dirty and due_at <= now() as is_due,
      dirty and refresh <> '{}' as refresh_waits, due_at < now() - interval '1 minute' as is_settled,
      signalled_call_seq as call_seq, signalled_chat_seq as chat_seq
    from account_wakes where account_id = ${accountId}`;
  if (row === undefined) return null;
  const { callSeq, chatSeq, ...telling } = row;
  return { ...telling, signalled: { call_minutes: callSeq, chat_credits: chatSeq } };
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
