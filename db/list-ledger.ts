import type { AccountId } from '../domain/ids.ts';
import type { Quantity } from '../domain/quantities.ts';
import { WALLETS, type Wallet } from '../domain/wallet.ts';
import type { Runner } from './connect.ts';
import { CursorError, type Page, type PageRequest } from './cursor.ts';
import type { EntryKind, UsageSource } from './schema.ts';
import { seqAt } from './seq-at.ts';

export type LedgerEntry = {
  wallet: Wallet;
  seq: number;
  kind: EntryKind;
  /** Signed. */
  quantity: Quantity;
  balanceAfter: Quantity;
  cause: string;
  source: UsageSource | null;
  type: string | null;
  reason: string | null;
  occurredAtMs: number;
  createdAtMs: number;
};

export type LedgerFilter = {
  wallet?: Wallet | undefined;
  kind?: EntryKind | undefined;
  source?: UsageSource | undefined;
  /** Booked at this instant or later. */
  fromMs?: number | undefined;
  /** Booked before this instant. */
  toMs?: number | undefined;
};

/** Lists an account's entries, newest first and in each wallet by falling number. The cursor is the lowest
 *  number seen of each wallet, so entries that are added meanwhile do not shift the pages.
 *  @throws CursorError */
export async function listLedger(
  sql: Runner,
  accountId: AccountId,
  { cursor, limit, ...filter }: PageRequest & LedgerFilter,
): Promise<Page<LedgerEntry>> {
  const below = parseCursor(cursor);
  const runs = await Promise.all(
    WALLETS.filter((each) => filter.wallet === undefined || each === filter.wallet).map((each) =>
      readRun(sql, { accountId, wallet: each, below: below[each], limit: limit + 1 }, filter),
    ),
  );
  const items: LedgerEntry[] = [];
  while (items.length < limit) {
    const newest = runs
      .filter((run) => run.length > 0)
      .sort(byHead)[0]
      ?.shift();
    if (newest === undefined) return { items, next: null };
    below[newest.wallet] = newest.seq;
    items.push(newest);
  }
  const isLast = runs.every((run) => run.length === 0);
  return { items, next: isLast ? null : `${below.call_minutes}-${below.chat_credits}` };
}

type Run = { accountId: AccountId; wallet: Wallet; below: number; limit: number };

async function readRun(
  sql: Runner,
  { accountId, wallet, below, limit }: Run,
  { kind, source, fromMs, toMs }: LedgerFilter,
): Promise<LedgerEntry[]> {
  const [firstSeq, endSeq] = await Promise.all([
    fromMs === undefined ? 0 : seqAt(sql, accountId, wallet, fromMs),
    toMs === undefined ? below : seqAt(sql, accountId, wallet, toMs),
  ]);
  const rows = await sql<LedgerEntry[]>`
    select wallet, seq, kind, quantity, balance_after, cause, source, type, reason,
      occurred_at as occurred_at_ms, created_at as created_at_ms
    from ledger_entries
    where account_id = ${accountId} and wallet = ${wallet}
      and seq >= ${firstSeq} and seq < ${Math.min(below, endSeq)}
      ${kind === undefined ? sql`` : sql`and kind = ${kind}`}
      ${source === undefined ? sql`` : sql`and source = ${source}`}
    order by seq desc
    limit ${limit}`;
  return [...rows];
}

function byHead(a: readonly LedgerEntry[], b: readonly LedgerEntry[]): number {
  return (b[0]?.createdAtMs ?? 0) - (a[0]?.createdAtMs ?? 0);
}

function parseCursor(cursor: string | null | undefined): Record<Wallet, number> {
  if (cursor === null || cursor === undefined) {
    return { call_minutes: Number.MAX_SAFE_INTEGER, chat_credits: Number.MAX_SAFE_INTEGER };
  }
  const [, calls, chat] = /^(\d{1,16})-(\d{1,16})$/.exec(cursor) ?? [];
  if (calls === undefined || chat === undefined) throw new CursorError(cursor);
  return { call_minutes: Number(calls), chat_credits: Number(chat) };
}
