import type { AccountId } from '../domain/ids.ts';
import type { NoticeKind } from '../domain/notices.ts';
import type { Database, Runner } from './connect.ts';

export type EmailPreferences = ReturnType<typeof createEmailPreferences>;

/** Kinds of notification that a customer wants on the dashboard only. */
export function createEmailPreferences(db: Database) {
  return {
    /** @returns null when there is no such account. */
    read: async (accountId: AccountId): Promise<NoticeKind[] | null> => {
      const [account] = await db.sql<{ mutedEmails: NoticeKind[] }[]>`
        select muted_emails from accounts where account_id = ${accountId}`;
      return account?.mutedEmails ?? null;
    },

    /** Replaces them, for what is told from now on. The workflow decides nothing by them, so nobody is woken.
     *  @returns what is stored; null when there is no such account. */
    save: async (accountId: AccountId, muted: readonly NoticeKind[]): Promise<NoticeKind[] | null> => {
      const [account] = await db.sql<{ mutedEmails: NoticeKind[] }[]>`
        update accounts set muted_emails = ${[...muted]}::text[], updated_at = now()
        where account_id = ${accountId}
        returning muted_emails`;
      return account?.mutedEmails ?? null;
    },
  };
}

export async function readMutedEmails(sql: Runner, accountId: AccountId): Promise<NoticeKind[]> {
  const [account] = await sql<{ mutedEmails: NoticeKind[] }[]>`
    select muted_emails from accounts where account_id = ${accountId}`;
  return account?.mutedEmails ?? [];
}
