import { connect, type Database } from '../../../db/connect.ts';
import { createLedger } from '../../../db/ledger.ts';
import { entryCauses } from '../../../domain/ids.ts';
import { POLICY } from '../../../domain/policy.ts';
import { createEventMaker, pick } from './events.ts';
import type { Answered, DatabaseJob } from './jobs.ts';
import type { UsageEvent } from '../../../db/book-usage.ts';

/** Writes batches in loops, one for each connection, until the time is up. */
export async function writeToDatabase(job: DatabaseJob): Promise<Answered> {
  const { databaseUrl, kind, batch, accounts, connections, seconds } = job;
  const db = connect(databaseUrl, {
    max: connections,
    applicationName: 'bench',
    log: { warn: () => undefined },
  });
  const ledger = createLedger(db, POLICY);
  const write =
    kind === 'ledger'
      ? async (events: UsageEvent[]) => void (await ledger.ingest(events))
      : (events: UsageEvent[]) => writeByStatement(db, events);
  const maker = createEventMaker();
  const latenciesMs: number[] = [];
  // Opens the connections, which is not what is measured.
  await Promise.all(Array.from({ length: connections }, () => db.sql`select pg_sleep(0.01)`));
  const began = performance.now();
  const until = began + seconds * 1_000;
  let refused = 0;
  const loop = async () => {
    while (performance.now() < until) {
      const events = maker.events(pick(accounts, batch));
      const sentAt = performance.now();
      try {
        await write(events);
        maker.acknowledge(events[0]?.id ?? '', events.length);
        latenciesMs.push(performance.now() - sentAt);
      } catch (error) {
        // As over HTTP, one that waited too long for a lock is no reason to stop; that none gets through is.
        if (latenciesMs.length === 0) throw error;
        refused += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: connections }, loop));
  const elapsed = (performance.now() - began) / 1_000;
  await db.end();
  const acknowledged = maker.acknowledged();
  return { events: latenciesMs.length * batch, acknowledged, refused, seconds: elapsed, latenciesMs };
}

/** The ceiling: entries and balances by one statement in one transaction and one round trip, with gapless numbers
 *  and running balances as the ledger demands them; no duplicates looked for, no thresholds, no wakes. */
async function writeByStatement(db: Database, events: readonly UsageEvent[]): Promise<void> {
  const column = <T>(read: (event: UsageEvent) => T) => events.map(read);
  await db.sql`
    with event as (
      select * from unnest(
        ${column((event) => event.accountId)}::text[],
        ${column((event) => event.wallet)}::text[],
        ${column((event) => event.quantity)}::bigint[],
        ${column((event) => entryCauses.usage(event.id))}::text[],
        ${column((event) => event.fingerprint)}::text[],
        ${column((event) => event.source)}::text[],
        ${column((event) => event.type)}::text[],
        ${column((event) => event.occurredAtMs)}::timestamptz[]
      ) with ordinality as event (account_id, wallet, quantity, cause, fingerprint, source, type, occurred_at, place)
    ),
    locked as materialized (
      select account_id, wallet, balance, seq from wallets
      where account_id = any(${[...new Set(column((event) => event.accountId))]}::text[])
      order by account_id, wallet
      for no key update
    ),
    numbered as (
      select event.*,
        locked.seq + row_number() over run as seq,
        locked.balance - sum(event.quantity) over run as balance_after
      from event join locked using (account_id, wallet)
      window run as (partition by account_id, wallet order by event.place)
    ),
    inserted as (
      insert into ledger_entries
        (account_id, wallet, seq, kind, quantity, balance_after, cause, fingerprint, source, type, occurred_at)
      select account_id, wallet, seq, 'usage', -quantity, balance_after, cause, fingerprint, source, type, occurred_at
      from numbered
      returning account_id, wallet, seq, balance_after
    ),
    after as materialized (
      select account_id, wallet, max(seq) as seq, min(balance_after) as balance
      from inserted group by account_id, wallet
    )
    update wallets set balance = after.balance, seq = after.seq
    from after
    where wallets.account_id = after.account_id and wallets.wallet = after.wallet`;
}
