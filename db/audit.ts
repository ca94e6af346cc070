import { and, desc, eq, lt } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { AccountId } from '../domain/ids.ts';
import type { Database, Transaction } from './connect.ts';
import { audit } from './schema.ts';

/** What somebody did, written in the transaction in which it was done. */
export type AuditEntry = {
  actor: string;
  action: string;
  accountId: AccountId | null;
  target: string | null;
  reason: string | null;
  before: unknown;
  after: unknown;
};

export async function writeAudit(transaction: Transaction, entry: AuditEntry): Promise<void> {
  await transaction`
    insert into audit (audit_id, actor, action, account_id, target, reason, before, after)
    values (${uuid()}, ${entry.actor}, ${entry.action}, ${entry.accountId}, ${entry.target}, ${entry.reason},
      ${JSON.stringify(entry.before)}::text::jsonb, ${JSON.stringify(entry.after)}::text::jsonb)`;
}

/** Reads the audit, newest first. */
export function createAudit(db: Database) {
  return {
    list: ({ accountId, cursor, limit }: { accountId?: AccountId; cursor?: string | null; limit: number }) =>
      db.orm
        .select()
        .from(audit)
        .where(
          and(
            accountId === undefined ? undefined : eq(audit.accountId, accountId),
            cursor === null || cursor === undefined ? undefined : lt(audit.auditId, cursor),
          ),
        )
        .orderBy(desc(audit.auditId))
        .limit(limit),
  };
}
