import { randomUUID } from 'node:crypto';
import type { AccountId } from '../domain/ids.ts';
import type { WakeMessage } from '../domain/wakes.ts';
import type { Database, Transaction } from './connect.ts';
import { cutMessages, type Cut, type Outstanding, type WakeRow } from './cut-messages.ts';

/** One message on its way to an account's workflow. */
export type Wake = {
  accountId: AccountId;
  /** Whose turn it is to send it; a later claim of the same message has another one. */
  lease: string;
  /** Equal to the message's version. */
  version: number;
  message: WakeMessage;
  /** Whether something that must not wait was among what was marked when the message was cut. */
  urgent: boolean;
  /** When the message was first due, however often it has been tried since. */
  dueAtMs: number;
};

type Claim = { limit: number; unhurriedLimit?: number; leaseMs: number; last?: readonly AccountId[] };

/** What waits, and since when the first of it is due (ms since the epoch). */
export type Backlog = { dirty: number; oldestDueMs: number | null };

export type WakesStore = ReturnType<typeof createWakes>;

/** What the relay works on. At most one message of an account is outstanding; it is cut from the ledger once,
 *  and stays word for word the same until somebody acknowledges it. */
export function createWakes(db: Database) {
  return {
    /** Takes up to `limit` accounts that are due, skipping those that another relay or a writer has at this moment.
     *  The urgent ones come first; the others get what room they leave, and no more than `unhurriedLimit`. Among
     *  equals the longest due comes first. The accounts `last` come only when no other is due, in their order and
     *  however urgent; without room for what can wait, only the urgent ones of them. Not acknowledged within `leaseMs`,
     *  a message is due again. */
    claim: (options: Claim) => db.transaction((transaction) => claimWakes(transaction, options)),

    /** The messages have arrived: what was marked meanwhile becomes due at its own time. A wake whose lease was
     *  taken over is left alone.
     *  @returns those that a writer has at this moment; they have to be acknowledged again. */
    acknowledge: (wakes: readonly Wake[]): Promise<Wake[]> => acknowledgeWakes(db, wakes),

    /** The messages could not be sent: the same ones are due again in `retryInMs`.
     *  @returns those that a writer has at this moment; they have to be released again. */
    release: (wakes: readonly Wake[], retryInMs: number): Promise<Wake[]> =>
      releaseWakes(db, wakes, retryInMs),

    /** How many accounts wait to be told, in all and by their urgency. */
    async backlog(): Promise<Backlog & { urgent: Backlog; unhurried: Backlog }> {
      const rows = await db.sql<(Backlog & { urgent: boolean })[]>`
        select true as urgent, count(*) as dirty, min(due_at) as oldest_due_ms
        from account_wakes where dirty and urgent
        union all
        select false, count(*), min(due_at) from account_wakes where dirty and not urgent`;
      const of = (urgent: boolean): Backlog => {
        const { dirty = 0, oldestDueMs = null } = rows.find((row) => row.urgent === urgent) ?? {};
        return { dirty, oldestDueMs };
      };
      const [urgent, unhurried] = [of(true), of(false)];
      const oldest = [urgent, unhurried].flatMap(({ oldestDueMs }) => oldestDueMs ?? []);
      return {
        dirty: urgent.dirty + unhurried.dirty,
        oldestDueMs: oldest.length === 0 ? null : Math.min(...oldest),
        urgent,
        unhurried,
      };
    },
  };
}

async function claimWakes(
  transaction: Transaction,
  { limit, unhurriedLimit = limit, leaseMs, last = [] }: Claim,
): Promise<Wake[]> {
  const others = await lockDue(transaction, limit, unhurriedLimit, last);
  const rows =
    others.length === 0 && last.length > 0
      ? await lockInOrder(transaction, { limit, unhurriedLimit, accounts: last })
      : others;
  const lease = randomUUID();
  const unsent = rows.filter((row) => row.outstanding === null);
  const again = rows.filter((row) => row.outstanding !== null);
  const cut = await cutMessages(transaction, unsent);
  await Promise.all([
    freezeMessages(transaction, cut, lease, leaseMs),
    leaseAgain(transaction, again, lease, leaseMs),
  ]);
  const fresh = new Map(cut.map(({ row, outstanding }) => [row.accountId, outstanding]));
  return rows.flatMap((row): Wake[] => {
    const outstanding = row.outstanding ?? fresh.get(row.accountId);
    return outstanding === undefined ? [] : [wakeOf(row, outstanding, lease)];
  });
}

/** Each of the two reads its own small index and stops at its limit. */
async function lockDue(
  transaction: Transaction,
  limit: number,
  unhurriedLimit: number,
  without: readonly AccountId[],
): Promise<readonly WakeRow[]> {
  return transaction<WakeRow[]>`
    with urgent as materialized (
      select account_id, version, refresh, outstanding, signalled_call_seq, signalled_chat_seq, urgent, due_at
      from account_wakes
      where dirty and urgent and due_at <= now() and account_id <> all(${without}::text[])
      order by due_at
      limit ${limit}::bigint
      for no key update skip locked
    ), unhurried as materialized (
      select account_id, version, refresh, outstanding, signalled_call_seq, signalled_chat_seq, urgent, due_at
      from account_wakes
      where dirty and not urgent and due_at <= now() and account_id <> all(${without}::text[])
      order by due_at
      limit least(${unhurriedLimit}::bigint, ${limit}::bigint - (select count(*) from urgent))
      for no key update skip locked
    )
    select account_id, version, refresh, outstanding, signalled_call_seq, signalled_chat_seq, urgent,
      due_at as due_at_ms
    from (select * from urgent union all select * from unhurried) as due
    order by urgent desc, due_at`;
}

async function lockInOrder(
  transaction: Transaction,
  {
    limit,
    unhurriedLimit,
    accounts,
  }: { limit: number; unhurriedLimit: number; accounts: readonly AccountId[] },
): Promise<readonly WakeRow[]> {
  return transaction<WakeRow[]>`
    select account_id, version, refresh, outstanding, signalled_call_seq, signalled_chat_seq, urgent,
      due_at as due_at_ms
    from account_wakes
    where dirty and due_at <= now() and account_id = any(${accounts}::text[])
      and (urgent or ${unhurriedLimit > 0}::boolean)
    order by array_position(${accounts}::text[], account_id)
    limit ${limit}::bigint
    for no key update skip locked`;
}

function wakeOf({ accountId, urgent, dueAtMs }: WakeRow, outstanding: Outstanding, lease: string): Wake {
  // One that an older release has frozen does not say when it was due.
  const { firstDue = { urgent, atMs: dueAtMs }, ...message } = outstanding;
  const { version } = message.signal;
  return { accountId, lease, version, message, urgent: firstDue.urgent, dueAtMs: firstDue.atMs };
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
      due_at = now() + ${leaseMs}::bigint * interval '1 millisecond', due_again_at = null, urgent_again = false,
      refresh = '{}',
      signalled_call_seq = cut.call_seq, signalled_chat_seq = cut.chat_seq
    from unnest(
      ${cut.map(({ row }) => row.accountId)}::text[],
      ${cut.map(({ outstanding }) => JSON.stringify(outstanding))}::text[],
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

async function acknowledgeWakes(db: Database, wakes: readonly Wake[]): Promise<Wake[]> {
  return db.transaction(async (transaction) => {
    const { held, left } = await lockHeld(transaction, wakes);
    await transaction`
      update account_wakes
      set outstanding = null, lease = null, due_again_at = null,
        dirty = version > (outstanding -> 'signal' ->> 'version')::bigint,
        urgent = urgent_again, urgent_again = false, due_at = coalesce(due_again_at, due_at)
      where account_id = any(${held}::text[])`;
    return left;
  });
}

async function releaseWakes(db: Database, wakes: readonly Wake[], retryInMs: number): Promise<Wake[]> {
  return db.transaction(async (transaction) => {
    const { held, left } = await lockHeld(transaction, wakes);
    await transaction`
      update account_wakes
      set lease = null, due_at = now() + ${retryInMs}::bigint * interval '1 millisecond'
      where account_id = any(${held}::text[])`;
    return left;
  });
}

/** Locks the wakes that are still leased as they were claimed, and says which of those it `left` because somebody else
 *  has them. It waits for nobody: a writer that stands still would hold up all the others. */
async function lockHeld(
  transaction: Transaction,
  wakes: readonly Wake[],
): Promise<{ held: AccountId[]; left: Wake[] }> {
  const rows = await transaction<{ accountId: AccountId; lease: string; isHeld: boolean }[]>`
    with sent as materialized (
      select * from unnest(
        ${wakes.map((wake) => wake.accountId)}::text[],
        ${wakes.map((wake) => wake.lease)}::uuid[]
      ) as sent (account_id, lease)
    ), held as materialized (
      select wake.account_id
      from account_wakes wake
      join sent on sent.account_id = wake.account_id and sent.lease = wake.lease
      order by wake.account_id
      for no key update of wake skip locked
    )
    select wake.account_id, wake.lease, held.account_id is not null as is_held
    from account_wakes wake
    join sent on sent.account_id = wake.account_id and sent.lease = wake.lease
    left join held on held.account_id = wake.account_id`;
  const others = new Set(rows.filter((row) => !row.isHeld).map(keyOf));
  return {
    held: rows.filter((row) => row.isHeld).map((row) => row.accountId),
    left: wakes.filter((wake) => others.has(keyOf(wake))),
  };
}

function keyOf({ accountId, lease }: { accountId: AccountId; lease: string }): string {
  return `${lease} ${accountId}`;
}
