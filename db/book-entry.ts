import { addQuantity, type Quantity } from '../domain/quantities.ts';
import type { Transaction } from './connect.ts';
import type { LockedWallet } from './lock-wallets.ts';
import type { EntryKind } from './schema.ts';

export type NewEntry = {
  kind: EntryKind;
  /** Signed. */
  quantity: Quantity;
  cause: string;
  fingerprint: string | null;
  reason: string | null;
};

export type BookedEntry = { seq: number; balanceAfter: Quantity };

/** Appends one entry to a wallet that the transaction has locked. The caller has looked for the cause before. */
export async function bookEntry(
  transaction: Transaction,
  { accountId, wallet, balance, seq }: LockedWallet,
  entry: NewEntry,
): Promise<BookedEntry> {
  const booked = { seq: seq + 1, balanceAfter: addQuantity(balance, entry.quantity) };
  await Promise.all([
    transaction`
      insert into ledger_entries
        (account_id, wallet, seq, kind, quantity, balance_after, cause, fingerprint, reason, occurred_at)
      values (${accountId}, ${wallet}, ${booked.seq}, ${entry.kind}, ${entry.quantity}, ${booked.balanceAfter},
        ${entry.cause}, ${entry.fingerprint}, ${entry.reason}, now())`,
    transaction`
      update wallets set balance = ${booked.balanceAfter}, seq = ${booked.seq}
      where account_id = ${accountId} and wallet = ${wallet}`,
  ]);
  return booked;
}

/** Finds what has been booked under a cause; null when nothing has. */
export async function findEntry(
  transaction: Transaction,
  accountId: string,
  cause: string,
): Promise<(BookedEntry & { fingerprint: string | null }) | null> {
  const [entry] = await transaction<(BookedEntry & { fingerprint: string | null })[]>`
    select seq, balance_after, fingerprint from ledger_entries
    where account_id = ${accountId} and cause = ${cause}`;
  return entry ?? null;
}
