import { randomUUID } from 'node:crypto';
import type { AccountId } from '../domain/ids.ts';
import type { RefreshReason, UsageSignal, WakeMessage } from '../domain/wakes.ts';
import { forEachWallet, type Wallet } from '../domain/wallet.ts';
import type { Database, Transaction } from './connect.ts';
import { readSlices, type Slice, type SliceKey } from './slices.ts';

/** One message on its way to an account's workflow. */
export type Wake = {
  accountId: AccountId;
  /** Whose turn it is to send it; a later claim of the same message has another one. */
  lease: string;
  /** Equal to the message's version. */
  version: number;
  message: WakeMessage;
};

export type WakesStore = ReturnType<typeof createWakes>;

/** What the relay works on. At most one message of an account is outstanding; it is cut from the ledger once,
 *  and stays word for word the same until somebody acknowledges it. */
export function createWakes(db: Database) {
  return {
    /** Takes up to `limit` accounts that are due, the longest due first, skipping those that another relay or a
     *  writer has at this moment. Not acknowledged within `leaseMs`, a message is due again. */
    claim: ({ limit, leaseMs }: { limit: number; leaseMs: number }) =>
      db.transaction((transaction) => claimWakes(transaction, limit, leaseMs)),

    /** The messages have arrived: what was marked meanwhile becomes due at its own time. A wake whose lease was
     *  taken over is left alone. */
    acknowledge: (wakes: readonly Wake[]) => acknowledgeWakes(db, wakes),

    /** The messages could not be sent: the same ones are due again in `retryInMs`. */
    release: (wakes: readonly Wake[], retryInMs: number) => releaseWakes(db, wakes, retryInMs),

    /** How many accounts wait to be told, and since when the first of them is due (ms since the epoch). */
    async backlog(): Promise<{ dirty: number; oldestDueMs: number | null }> {
      const [backlog] = await db.sql<{ dirty: number; oldestDueMs: number | null }[]>`
        select count(*) as dirty, min(due_at) as oldest_due_ms from account_wakes where dirty`;
      return backlog ?? { dirty: 0, oldestDueMs: null };
    },
  };
}

type WakeRow = {
  accountId: AccountId;
  version: number;
  refresh: RefreshReason[];
  outstanding: WakeMessage | null;
  signalledCallSeq: number;
  signalledChatSeq: number;
};

async function claimWakes(transaction: Transaction, limit: number, leaseMs: number): Promise<Wake[]> {
  const rows = await transaction<WakeRow[]>`
    select account_id, version, refresh, outstanding, signalled_call_seq, signalled_chat_seq
    from account_wakes
    where dirty and due_at <= now()
    order by due_at
    limit ${limit}
    for no key update skip locked`;
  const lease = randomUUID();
  const unsent = rows.filter((row) => row.outstanding === null);
  const again = rows.filter((row) => row.outstanding !== null);
  const cut = await cutMessages(transaction, unsent);
  await Promise.all([
    freezeMessages(transaction, cut, lease, leaseMs),
    leaseAgain(transaction, again, lease, leaseMs),
  ]);
  const messages = new Map(cut.map(({ row, message }) => [row.accountId, message]));
  return rows.flatMap(({ accountId, outstanding }): Wake[] => {
    const message = outstanding ?? messages.get(accountId);
    return message === undefined ? [] : [{ accountId, lease, version: message.signal.version, message }];
  });
}

type Cut = { row: WakeRow; message: WakeMessage; seqs: Record<Wallet, number> };

/** Cuts the messages from the ledger. The locks on the rows keep every mark of these accounts from being
 *  committed, and with it the entries behind it; so what is read here is all that was marked so far. */
async function cutMessages(transaction: Transaction, rows: readonly WakeRow[]): Promise<Cut[]> {
  const keys = rows.flatMap(({ accountId, signalledCallSeq, signalledChatSeq }): SliceKey[] => [
    { accountId, wallet: 'call_minutes', fromSeq: signalledCallSeq, toSeq: null },
    { accountId, wallet: 'chat_credits', fromSeq: signalledChatSeq, toSeq: null },
  ]);
  const slices = Map.groupBy(await readSlices(transaction, keys), (each) => each.accountId);
  return rows.map((row) => {
    const own = slices.get(row.accountId) ?? [];
    const seqOf = (wallet: Wallet) => own.find((each) => each.wallet === wallet)?.slice.seq ?? 0;
    return { row, message: messageOf(row, own), seqs: forEachWallet(seqOf) };
  });
}

/** A refresh makes the workflow read the slices along with all the rest, so its message need not carry them. */
function messageOf(row: WakeRow, slices: readonly Slice[]): WakeMessage {
  if (row.refresh.length > 0) {
    return { kind: 'refresh', signal: { version: row.version, reasons: row.refresh } };
  }
  const wallets: UsageSignal['wallets'] = {};
  for (const { wallet, slice } of slices) {
    if (slice.seq > slice.fromSeq) wallets[wallet] = slice;
  }
  return { kind: 'usage', signal: { version: row.version, wallets } };
}

async function freezeMessages(
  transaction: Transaction,
  cut: readonly Cut[],
  lease: string,
  leaseMs: number,
): Promise<void> {
  if (cut.length === 0) return;
  await transaction`
    update account_wakes
    set outstanding = cut.message::jsonb, lease = ${lease},
      due_at = now() + ${leaseMs}::bigint * interval '1 millisecond', due_again_at = null, refresh = '{}',
      signalled_call_seq = cut.call_seq, signalled_chat_seq = cut.chat_seq
    from unnest(
      ${cut.map(({ row }) => row.accountId)}::text[],
      ${cut.map(({ message }) => JSON.stringify(message))}::text[],
      ${cut.map(({ seqs }) => seqs.call_minutes)}::bigint[],
      ${cut.map(({ seqs }) => seqs.chat_credits)}::bigint[]
    ) as cut (account_id, message, call_seq, chat_seq)
    where account_wakes.account_id = cut.account_id`;
}

/** Takes over messages that were cut before and did not arrive. */
async function leaseAgain(
  transaction: Transaction,
  rows: readonly WakeRow[],
  lease: string,
  leaseMs: number,
): Promise<void> {
  if (rows.length === 0) return;
  await transaction`
    update account_wakes
    set lease = ${lease}, due_at = now() + ${leaseMs}::bigint * interval '1 millisecond'
    where account_id = any(${rows.map((row) => row.accountId)}::text[])`;
}

async function acknowledgeWakes(db: Database, wakes: readonly Wake[]): Promise<void> {
  await db.transaction(async (transaction) => {
    const held = await lockHeld(transaction, wakes);
    await transaction`
      update account_wakes
      set outstanding = null, lease = null, due_again_at = null,
        dirty = version > (outstanding -> 'signal' ->> 'version')::bigint,
        due_at = coalesce(due_again_at, due_at)
      where account_id = any(${held}::text[])`;
  });
}

async function releaseWakes(db: Database, wakes: readonly Wake[], retryInMs: number): Promise<void> {
  await db.transaction(async (transaction) => {
    const held = await lockHeld(transaction, wakes);
    await transaction`
      update account_wakes
      set lease = null, due_at = now() + ${retryInMs}::bigint * interval '1 millisecond'
      where account_id = any(${held}::text[])`;
  });
}

/** Locks the wakes that are still leased as they were claimed, in the order in which marks lock them too. */
async function lockHeld(transaction: Transaction, wakes: readonly Wake[]): Promise<AccountId[]> {
  const rows = await transaction<{ accountId: AccountId }[]>`
    select wake.account_id
    from account_wakes wake
    join unnest(
      ${wakes.map((wake) => wake.accountId)}::text[],
      ${wakes.map((wake) => wake.lease)}::uuid[]
    ) as sent (account_id, lease) on sent.account_id = wake.account_id and sent.lease = wake.lease
    order by wake.account_id
    for no key update of wake`;
  return rows.map((row) => row.accountId);
}
