import { and, desc, eq, gte, ilike, lt, or } from 'drizzle-orm';
import { v7 as uuid } from 'uuid';
import type { AccountId } from '../domain/ids.ts';
import type { Database, Transaction } from './connect.ts';
import type { Page } from './cursor.ts';
import { audit } from './schema.ts';
import { toPattern } from './text-patterns.ts';

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

export type AuditItem = AuditEntry & { auditId: string; atMs: number };

export type AuditFilter = {
  accountId?: AccountId | undefined;
  actor?: string | undefined;
  action?: string | undefined;
  /** Is looked for in who, what, account, target and reason, whatever its case. */
  text?: string | undefined;
  fromMs?: number | undefined;
  /** Exclusive. */
  toMs?: number | undefined;
  /** Id of the last entry of the page before. */
  cursor?: string | undefined;
  limit: number;
};

export type AuditStore = ReturnType<typeof createAudit>;

/** Reads the audit, newest first. */
export function createAudit(db: Database) {
  return {
    list: async ({
      accountId,
      actor,
      action,
      text,
      fromMs,
      toMs,
      cursor,
      limit,
    }: AuditFilter): Promise<Page<AuditItem>> => {
      const rows = await db.orm
        .select()
        .from(audit)
        .where(
          and(
            accountId === undefined ? undefined : eq(audit.accountId, accountId),
            actor === undefined ? undefined : eq(audit.actor, actor),
            action === undefined ? undefined : eq(audit.action, action),
            text === undefined ? undefined : or(...SEARCHED.map((column) => ilike(column, toPattern(text)))),
            fromMs === undefined ? undefined : gte(audit.atMs, fromMs),
            toMs === undefined ? undefined : lt(audit.atMs, toMs),
            cursor === undefined ? undefined : lt(audit.auditId, cursor),
          ),
        )
        // Ids of version 7 rise with time.
        .orderBy(desc(audit.auditId))
        .limit(limit + 1);
      const items = rows.slice(0, limit);
      return { items, next: rows.length > limit ? (items.at(-1)?.auditId ?? null) : null };
    },
  };
}

const SEARCHED = [audit.actor, audit.action, audit.accountId, audit.target, audit.reason] as const;
