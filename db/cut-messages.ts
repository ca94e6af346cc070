import type { AccountId } from '../domain/ids.ts';
import type { RefreshReason, UsageSignal, WakeMessage } from '../domain/wakes.ts';
import { forEachWallet, type Wallet } from '../domain/wallet.ts';
import type { Transaction } from './connect.ts';
import { readSlices, type Slice, type SliceKey } from './slices.ts';

/** A message as it is kept until it has arrived, with when it was first due and whether it could wait. */
export type Outstanding = WakeMessage & { firstDue?: { urgent: boolean; atMs: number } };

/** A wake that is due, locked. */
export type WakeRow = {
  accountId: AccountId;
  version: number;
  refresh: RefreshReason[];
  outstanding: Outstanding | null;
  signalledCallSeq: number;
  signalledChatSeq: number;
  urgent: boolean;
  dueAtMs: number;
};

export type Cut = { row: WakeRow; outstanding: Outstanding; seqs: Record<Wallet, number> };

/** Cuts the messages from the ledger. The locks on the rows keep every mark of these accounts from being
 *  committed, and with it the entries behind it; so what is read here is all that was marked so far. */
export async function cutMessages(transaction: Transaction, rows: readonly WakeRow[]): Promise<Cut[]> {
  if (rows.length === 0) return [];
  const keys = rows.flatMap(({ accountId, signalledCallSeq, signalledChatSeq }): SliceKey[] => [
    { accountId, wallet: 'call_minutes', fromSeq: signalledCallSeq, toSeq: null },
    { accountId, wallet: 'chat_credits', fromSeq: signalledChatSeq, toSeq: null },
  ]);
  const slices = Map.groupBy(await readSlices(transaction, keys), (each) => each.accountId);
  return rows.map((row) => {
    const own = slices.get(row.accountId) ?? [];
    const seqOf = (wallet: Wallet) => own.find((each) => each.wallet === wallet)?.slice.seq ?? 0;
    const firstDue = { urgent: row.urgent, atMs: row.dueAtMs };
    return { row, outstanding: { ...messageOf(row, own), firstDue }, seqs: forEachWallet(seqOf) };
  });
}

/** A refresh makes the workflow read the slices along with all the rest, so its message need not carry them. A slice
 *  without entries is told when a campaign's hold asks for something at the last one. */
function messageOf(row: WakeRow, slices: readonly Slice[]): WakeMessage {
  if (row.refresh.length > 0) {
    return { kind: 'refresh', signal: { version: row.version, reasons: row.refresh } };
  }
  const wallets: UsageSignal['wallets'] = {};
  for (const { wallet, slice } of slices) {
    const isAsked = slice.campaignLowest !== null || slice.refusedRequired !== null;
    if (slice.seq > slice.fromSeq || isAsked) wallets[wallet] = slice;
  }
  return { kind: 'usage', signal: { version: row.version, wallets } };
}
